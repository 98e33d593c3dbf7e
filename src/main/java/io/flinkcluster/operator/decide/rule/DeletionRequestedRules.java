package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OnDelete;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.JobEnd;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedJob;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The resource is being deleted: what will be done is recorded before anything is done. */
public final class DeletionRequestedRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "DeleteBeforeFirstPoll",
              "The JobManager was not asked yet: wait for its answer.",
              DeletionRequestedRules::notPolledYet),
          Rule.when(
              "DeleteFollowsStop",
              "A stop with savepoint is under way: follow it to its end.",
              DeletionRequestedRules::followStop,
              DecisionState.Savepointing,
              DecisionState.AwaitingJobEnd),
          Rule.when(
              "DeleteWithSavepoint",
              "The job may run, and a savepoint is to be kept: take one.",
              DeletionRequestedRules::withSavepoint,
              DecisionState.WaitingForJob,
              DecisionState.Savepointing),
          Rule.otherwise(
              "DeleteAsItIs",
              "Otherwise: remove the JobManager.",
              DeletionRequestedRules::asItIs,
              DecisionState.Stopping));

  private DeletionRequestedRules() {}

  private static Optional<LaunchStatus> running(Situation s) {
    return s.recorded().launch().filter(l -> l.stoppedAt() == null);
  }

  private static Optional<Decision> notPolledYet(Situation s) {
    return running(s)
        .filter(l -> LaunchFacts.notPolledYet(s, l))
        .map(l -> Continuation.asBefore(s, Phase.Deleting).soon());
  }

  private static OperationBuilder delete(Situation s) {
    Duration timeout = s.running().or(s::wanted).map(Timeouts::of).orElse(Timeouts.DEFAULT);
    OperationBuilder delete =
        Operations.sameLaunch(s, OperationType.Delete, timeout, TriggerKind.Deleted, "deleted");
    s.recorded().operation().ifPresent(delete::inherit);
    return delete;
  }

  private static Decision begun(Situation s, OperationBuilder delete) {
    return Decision.of(Phase.Deleting, s.recorded().with(delete.status())).soon();
  }

  private static Optional<Decision> followStop(Situation s) {
    return s.recorded()
        .operation()
        .filter(o -> OperationTypes.of(o.type()).stopsJob())
        .map(OperationStatus::stage)
        .filter(
            stage -> stage == OperationStage.Savepointing || stage == OperationStage.AwaitingJobEnd)
        .map(stage -> begun(s, delete(s).stage(stage)));
  }

  private static Optional<Decision> withSavepoint(Situation s) {
    boolean possible =
        running(s).filter(l -> mayRun(s, l)).isPresent()
            && s.running().or(s::wanted).filter(spec -> wantsSavepoint(s, spec)).isPresent();
    return possible
        ? Optional.of(begun(s, Operations.takingSavepoint(s, delete(s))))
        : Optional.empty();
  }

  private static boolean wantsSavepoint(Situation s, CheckedCluster spec) {
    OnDelete asked =
        s.wanted()
            .or(() -> Optional.of(spec))
            .flatMap(CheckedCluster::job)
            .map(j -> j.onDelete())
            .orElse(null);
    boolean possible = spec.job().isPresent() && spec.dirs().savepoints().isPresent();
    return possible && asked != OnDelete.Cancel;
  }

  /** Whether the job may run: one look that did not show it says nothing against it. */
  private static boolean mayRun(Situation s, LaunchStatus launch) {
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    boolean notYet =
        s.recorded().operation().filter(o -> o.stage() == OperationStage.Starting).isPresent()
            && s.seen().runningJobManager(launch.epoch()).isEmpty();
    boolean over = JobEnd.over(s, launch) || LaunchFacts.jobManagerLost(s, launch);
    return job.isPresent() ? !over : !over && !notYet;
  }

  private static Decision asItIs(Situation s) {
    return Decision.of(Phase.Deleting, Operations.stopping(s, delete(s))).soon();
  }
}
