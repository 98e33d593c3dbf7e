package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Deletion;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.ObservedCleanupPod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What Flink's high availability leaves in storage when a cluster is deleted: job graphs, jars and
 * results, in a directory that other clusters may share. The operator has no right to the storage,
 * and there may be no JobManager to ask: a pod with the job's identity removes them. Where that
 * cannot be done deletion goes on and says so.
 */
public final class CleaningUpRules {

  /** The pod ends itself after 120 s; one that never began is given up then too. */
  private static final Duration LONGEST = Duration.ofSeconds(150);

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "StorageCleaned",
              "The pod has ended, is refused, or takes longer than 150 s: go on, and say what was"
                  + " left.",
              CleaningUpRules::ended,
              DecisionState.Removing),
          Rule.otherwise(
              "CleanStorage",
              "Otherwise: a pod removes what is left in storage.",
              CleaningUpRules::cleaning));

  private CleaningUpRules() {}

  private static Optional<Decision> ended(Situation s) {
    return end(s).map(why -> removing(s, why));
  }

  private static Decision removing(Situation s, String why) {
    String before = s.operation().message();
    OperationBuilder operation = Operations.current(s).stage(OperationStage.Removing);
    if (!why.isEmpty()) {
      operation
          .because(Reason.StorageNotCleaned)
          .message(
              (before == null ? "" : before + "; ")
                  + "what high availability left in storage was not removed from "
                  + Deletion.highlyAvailable(s)
                      .flatMap(spec -> spec.dirs().highAvailability())
                      .orElse("its directory")
                  + ": "
                  + why);
    } else if (before != null) {
      operation.message(before);
    }
    return Decision.of(Phase.Deleting, s.recorded().with(operation.status())).soon();
  }

  /** Why nothing more is waited for; with no words where all went well. */
  private static Optional<String> end(Situation s) {
    if (!s.refusals().isEmpty()) {
      return Optional.of(Continuation.refused(s));
    }
    if (Deletion.highlyAvailable(s).isEmpty()) {
      return Optional.of("the spec was lost that says where it is");
    }
    Optional<ObservedCleanupPod> pod = s.seen().cleanup();
    if (pod.filter(ObservedCleanupPod::ended).isPresent()) {
      return Optional.of(pod.get().problem().orElse(""));
    }
    return Timeouts.longerInStage(s, LONGEST)
        ? Optional.of(pod.flatMap(ObservedCleanupPod::problem).orElse("it takes too long"))
        : Optional.empty();
  }

  private static Decision cleaning(Situation s) {
    return Decision.of(Phase.Deleting, s.recorded())
        .causes(
            List.of(
                ConditionCause.waiting(
                    Reason.Deleting, "a pod removes what high availability left in storage")))
        .runs(Run.cleanedUp(Deletion.highlyAvailable(s).orElseThrow(), Launches.of(s.launch())))
        .soon();
  }
}
