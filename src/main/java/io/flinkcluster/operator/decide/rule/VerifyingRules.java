package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.RestorePoints;
import io.flinkcluster.operator.decide.fact.SnapshotSearch;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.ComingUp;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.FailedStart;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.ObservedJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All tasks run; what the job restored is compared with what it was to restore. */
public final class VerifyingRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "UnconfirmedSavepointFound",
              "The job restored a savepoint that nobody had confirmed: record it as one that was.",
              VerifyingRules::found),
          Rule.when(
              "StartSucceeded",
              "The job restored what it was to: the operation has succeeded.",
              VerifyingRules::succeeded,
              DecisionState.Running),
          Rule.when(
              "OtherStateRestored",
              "The job restored something else: roll back, or stop.",
              VerifyingRules::mismatch,
              DecisionState.Stopping,
              DecisionState.Stopped),
          Rule.when(
              "VerifyingSuperseded",
              "The spec changed again, and not all tasks run any more: start the new one.",
              ComingUp::superseded,
              DecisionState.Stopping),
          Rule.when(
              "VerifyingSuspended",
              "The spec says suspend, and not all tasks run any more: start nothing.",
              ComingUp::suspended,
              DecisionState.Stopping),
          Rule.when(
              "FailedWhileVerifying",
              "The JobManager is lost, or the job failed: roll back, or the same start again.",
              ComingUp::failed,
              DecisionState.Stopping,
              DecisionState.Stopped),
          Rule.otherwise(
              "WaitForRestored", "Otherwise: wait until Flink tells.", ComingUp::waiting));

  private VerifyingRules() {}

  private static Optional<ObservedJob> job(Situation s) {
    return LaunchFacts.job(s, s.launch());
  }

  private static Optional<Decision> found(Situation s) {
    return job(s).flatMap(j -> SnapshotSearch.found(s, s.launch(), j)).map(path -> found(s, path));
  }

  private static Decision found(Situation s, String path) {
    var told = Operations.current(s).savepoint(path).status();
    return Continuation.recording(s, Operations.savepointFound(s, path).with(told));
  }

  private static Optional<Decision> succeeded(Situation s) {
    LaunchStatus launch = s.launch();
    Optional<ObservedJob> job = job(s);
    boolean restored =
        launch.jobId() == null
            || job.filter(j -> RestorePoints.restoredAsIntended(launch, j)).isPresent();
    if (!restored) {
      return Optional.empty();
    }
    Instant up = job.flatMap(ObservedJob::tasksRunningSince).orElse(s.now());
    RecordedState succeeded = Operations.stable(Operations.succeeded(s, Optional.of(up)), launch);
    return Optional.of(Decision.of(Phase.Running, succeeded).keep(Launches.underWay(s)).soon());
  }

  private static Optional<Decision> mismatch(Situation s) {
    return job(s)
        .flatMap(j -> j.checkpoints().restored())
        .map(
            other ->
                FailedStart.failed(
                    s,
                    Reason.RestoreMismatch,
                    "the job was to restore "
                        + s.launch().restoredFrom()
                        + " but restored "
                        + other));
  }
}
