package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.JobSpec;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OnRecreate;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FinalSavepoint;
import java.util.List;
import java.util.Optional;

/**
 * The state that a deleted cluster of the same name left behind. It is continued by one cluster
 * only: whoever begins from it writes that down, so that a third one does not fall back to it.
 */
public final class FormerState {

  private FormerState() {}

  /** What the first start begins from; empty: from nothing. */
  public static Optional<String> firstPoint(Situation s, CheckedCluster wanted) {
    return wanted.stateful()
        ? continued(s, wanted).or(() -> wanted.job().map(JobSpec::initialSavepoint))
        : Optional.empty();
  }

  /** What was left behind, where the spec says to continue from it and nobody else has. */
  private static Optional<String> continued(Situation s, CheckedCluster wanted) {
    return open(s, wanted).map(FinalSavepoint::path);
  }

  private static Optional<FinalSavepoint> open(Situation s, CheckedCluster wanted) {
    return s.seen()
        .finalSavepoint()
        .filter(m -> continues(wanted) && (m.continuedBy().isEmpty() || isOurs(s, m)));
  }

  /**
   * Where the first start must look for a newer snapshot than it was left; empty: nowhere, or it
   * does not continue from what was left.
   */
  public static List<String> searchDirectories(Situation s, CheckedCluster wanted) {
    return wanted.stateful()
        ? open(s, wanted).map(FinalSavepoint::searchDirectories).orElse(List.of())
        : List.of();
  }

  /** Whether the spec says to continue from what was left behind. */
  public static boolean continues(CheckedCluster wanted) {
    return wanted.job().filter(job -> job.onRecreate() == OnRecreate.Continue).isPresent();
  }

  /** What was left behind, where it is written down that this cluster has begun from it. */
  public static Optional<FinalSavepoint> ours(Situation s) {
    return s.seen().finalSavepoint().filter(m -> isOurs(s, m));
  }

  /** Whether it is written down that this cluster has begun from it. */
  public static boolean isOurs(Situation s, FinalSavepoint memory) {
    return memory.continuedBy().equals(Optional.of(s.uid()));
  }

  /** What this cluster has begun from and has not written that down yet. */
  public static Optional<FinalSavepoint> toBeMarked(Situation s) {
    Optional<String> began = s.recorded().launch().map(LaunchStatus::restoredFrom);
    return s.seen()
        .finalSavepoint()
        .filter(m -> !s.wishes().deleting() && !isOurs(s, m))
        .filter(m -> began.equals(Optional.of(m.path())));
  }
}
