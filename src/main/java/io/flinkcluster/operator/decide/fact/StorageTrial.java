package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.CheckedDirectories;
import io.flinkcluster.operator.model.ObservedStorageCheck;
import io.flinkcluster.operator.model.StorageFinding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether the next start could use its directories on S3, tried by a pod while the job runs on:
 * where they, the options by which they are reached, or the identity of the pods are others than
 * those of what runs.
 */
public final class StorageTrial {

  /** The pod ends itself 120 s after its begin. */
  private static final Duration LONGEST = Duration.ofSeconds(150);

  private StorageTrial() {}

  /** Whether the change that is being prepared needs one. */
  public static boolean needed(Situation s) {
    return name(s).isPresent() && s.next().filter(next -> differs(s, next)).isPresent();
  }

  /** Where it is not known what runs, there is nothing to compare with. */
  private static boolean differs(Situation s, CheckedCluster next) {
    return !CheckedDirectories.of(next).isEmpty()
        && s.running().filter(running -> !CheckedDirectories.same(running, next)).isPresent();
  }

  /** Why it could not; empty: it could, or nothing is known, or none is needed. */
  public static Optional<ConditionCause> refused(Situation s) {
    return pod(s)
        .filter(check -> check.ended() && !check.usable() && !check.findings().isEmpty())
        .map(check -> check.findings().get(0))
        .map(StorageTrial::cause);
  }

  private static ConditionCause cause(StorageFinding worst) {
    return ConditionCause.waiting(worst.kind().reason(), worst.text());
  }

  /**
   * Whether it need not be waited for. A pod that cannot say anything, for want of room or of its
   * image, is not waited for long: the next start will say it. One that was not made is: its
   * ServiceAccount may come yet.
   */
  public static boolean over(Situation s) {
    return pod(s)
        .map(check -> check.ended() || Timeouts.longerInStage(s, LONGEST))
        .orElseGet(() -> !needed(s));
  }

  /** What the API server refused besides the pod itself: that is tried again, and told. */
  public static List<String> otherRefusals(Situation s) {
    Optional<String> pod = name(s).map(name -> "Pod " + name + ": ");
    return s.refusals().stream().filter(line -> pod.filter(line::startsWith).isEmpty()).toList();
  }

  /** Of the start that is being prepared; empty: none is, or it is not numbered yet. */
  private static Optional<String> name(Situation s) {
    return s.recorded()
        .operation()
        .filter(o -> o.stage() == OperationStage.Preparing && o.epoch() != null)
        .map(o -> s.names().storageCheck(s.uid(), o.epoch()));
  }

  /** One is made only where it is needed: where it is there, that need not be worked out again. */
  private static Optional<ObservedStorageCheck> pod(Situation s) {
    return name(s)
        .flatMap(
            name ->
                s.seen().storageChecks().stream()
                    .filter(check -> check.pod().equals(name))
                    .findFirst());
  }
}
