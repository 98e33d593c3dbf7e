package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedCleanupPod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What Flink's high availability leaves in storage when a cluster is deleted: job graphs, jars and
 * results, in a directory that other clusters may share. The operator has no right to the storage,
 * and there may be no JobManager to ask: a pod with the job's identity removes them, as soon as no
 * JobManager exists that could need them. Where that cannot be done deletion goes on and says so.
 */
final class CleanupRules {

  /** The pod ends itself after 120 s; one that never began is given up then too. */
  private static final Duration LONGEST = Duration.ofSeconds(150);

  private CleanupRules() {}

  /** What comes before the objects are removed; empty: nothing, or nothing any more. */
  static Optional<Decision> before(Situation s, OperationStatus deletion) {
    Optional<LaunchStatus> launch = s.recorded().launch();
    Optional<CheckedCluster> spec = launch.flatMap(l -> highlyAvailable(s, l));
    if (spec.isEmpty() || deletion.stage() == OperationStage.Removing) {
      return Optional.empty();
    }
    if (deletion.stage() != OperationStage.CleaningUp) {
      return awaitingJobManagers(s, deletion, launch.get(), spec.get());
    }
    Optional<String> end = end(s, deletion);
    if (end.isPresent()) {
      OperationBuilder draft =
          OperationBuilder.of(deletion, s.seen().at()).stage(OperationStage.Removing);
      if (!end.get().isEmpty()) {
        draft.message("what high availability left in storage was not removed: " + end.get());
      }
      return Optional.of(Decision.of(Phase.Deleting, s.recorded().with(draft.status())).soon());
    }
    return Optional.of(
        deleting(s, "a pod removes what high availability left in storage")
            .runs(Run.cleanedUp(spec.get(), Lineage.launch(launch.get()))));
  }

  /** The start that runs knows best where its data are; it may be that only the spec is left. */
  private static Optional<CheckedCluster> highlyAvailable(Situation s, LaunchStatus launch) {
    return s.spec(launch.epoch(), launch.fingerprint())
        .filter(CheckedCluster::highlyAvailable)
        .or(s::wanted)
        .filter(CheckedCluster::highlyAvailable)
        .filter(spec -> spec.dirs().highAvailability().isPresent());
  }

  private static Optional<Decision> awaitingJobManagers(
      Situation s, OperationStatus deletion, LaunchStatus launch, CheckedCluster spec) {
    if (s.seen().jobManagersGone()) {
      OperationBuilder draft =
          OperationBuilder.of(deletion, s.seen().at()).stage(OperationStage.CleaningUp);
      return Optional.of(Decision.of(Phase.Deleting, s.recorded().with(draft.status())).soon());
    }
    if (Operations.overdue(s, deletion)) {
      return Optional.empty(); // one may run for ever on a node that is gone
    }
    return Optional.of(
        deleting(s, "waiting for the JobManager to be gone")
            .runs(Run.remembered(spec, Lineage.launch(launch))));
  }

  private static Decision deleting(Situation s, String what) {
    return Decision.of(Phase.Deleting, s.recorded())
        .findings(List.of(ConditionCause.waiting(Reason.Deleting, what)))
        .soon();
  }

  /** Why nothing more is waited for; with no words where all went well. */
  private static Optional<String> end(Situation s, OperationStatus deletion) {
    if (!s.refusals().isEmpty()) {
      return Optional.of(ChangeRules.refused(s));
    }
    Optional<ObservedCleanupPod> pod = s.seen().cleanup();
    if (pod.filter(ObservedCleanupPod::ended).isPresent()) {
      return Optional.of(pod.get().problem().orElse(""));
    }
    return Operations.inStage(s, deletion).compareTo(LONGEST) > 0
        ? Optional.of(pod.flatMap(ObservedCleanupPod::problem).orElse("it takes too long"))
        : Optional.empty();
  }

  /** The pod goes when the end of deletion is written down. */
  static List<Action> after(Situation s) {
    return s.seen().cleanup().stream()
        .<Action>map(p -> new Action.RemoveCleanupPod(p.name()))
        .toList();
  }
}
