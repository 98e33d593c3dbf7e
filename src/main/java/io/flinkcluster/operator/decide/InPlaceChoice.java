package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.SpecDiff;
import java.util.List;
import java.util.Optional;

/** Whether a change is made in place, may not be made so, or is not a matter of size. */
final class InPlaceChoice {

  private InPlaceChoice() {}

  /** Why this change cannot be made though nothing but InPlace is allowed; empty where it can. */
  static Optional<String> refusal(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    return obstacle(s, launch, running, wanted)
        .filter(why -> wanted.spec().rescale().mode() == RescaleMode.InPlace)
        .filter(why -> Operations.failedBefore(s, wanted.fingerprint()).isEmpty());
  }

  /** When it is refused, then what runs goes on, and the way out is named. */
  static Optional<Decision> refused(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    return refusal(s, launch, running, wanted)
        .map(
            why ->
                ChangeRules.asBefore(s, Phase.Running)
                    .findings(
                        List.of(
                            ConditionCause.stalled(
                                Reason.NotInPlace,
                                why
                                    + "; set rescale.mode to Auto or Savepoint to let it be done by"
                                    + " savepoint and restart, or take the change back"))));
  }

  /** Why a change of nothing but the size cannot be made in place. */
  private static Optional<String> obstacle(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    if (!wanted.adaptive() || wanted.fingerprint().equals(launch.fingerprint())) {
      return Optional.empty();
    }
    Optional<SpecDiff> diff = running.flatMap(r -> SpecDiff.between(r, wanted));
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    if (diff.filter(SpecDiff::sizeOnly).isEmpty() || job.filter(ObservedJob::ended).isPresent()) {
      return Optional.empty();
    }
    if (diff.get().kind() == SpecDiff.Kind.RESCALE) {
      return Optional.of("taskManager.taskSlots cannot change while the TaskManagers run");
    }
    return job.filter(j -> j.maxParallelism() > 0 && j.maxParallelism() < wanted.parallelism())
        .map(
            j ->
                "no vertex of the job can have a parallelism of more than "
                    + j.maxParallelism()
                    + ", its maximum parallelism");
  }

  /** When only the size differs and the job can take that up, then begin to rescale in place. */
  static Optional<Decision> begin(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    Optional<SpecDiff> diff = running.flatMap(r -> SpecDiff.between(r, wanted));
    boolean possible =
        wanted.adaptive()
            && diff.filter(d -> d.kind() == SpecDiff.Kind.RESIZE).isPresent()
            && obstacle(s, launch, running, wanted).isEmpty()
            && LaunchFacts.job(s, launch).filter(ObservedJob::ended).isEmpty();
    if (!possible) {
      return Optional.empty();
    }
    SizeStatus size = Sizes.of(wanted, Sizes.fixed(launch.size()));
    OperationBuilder draft =
        Operations.sameLaunch(s, OperationType.Rescale, wanted, diff.get().summary() + ", in place")
            .target(null, wanted.fingerprint())
            .size(size)
            .stage(s.wishes().planOnly() ? OperationStage.Planned : OperationStage.Preparing);
    return Optional.of(Decision.of(Phase.Changing, s.recorded().with(draft.status())).soon());
  }
}
