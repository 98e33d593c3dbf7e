package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.SavepointFacts;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Deletion;
import io.flinkcluster.operator.decide.transition.GiveUp;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.ObservedJob;
import java.util.List;
import java.util.Optional;

/**
 * A savepoint is wanted, and Flink was never asked, so that no stop of ours is under way; one look
 * that tells nothing is no reason to go on without.
 */
public final class WaitingForJobRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobFinishedFirst",
              "The job has come to its own end: give the change up.",
              GiveUp::finished,
              DecisionState.Running),
          Rule.when(
              "NothingToStop",
              "The job has ended, its JobManager is lost, silent for a minute, or without a job for"
                  + " as long: go on without a savepoint.",
              WaitingForJobRules::over,
              DecisionState.Stopping),
          Rule.when(
              "DeleteWithoutSavepoint",
              "A deletion is at its deadline, or its job does not run for 30 s: go on without.",
              WaitingForJobRules::deletionGoesOn,
              DecisionState.Stopping),
          Rule.when(
              "AskForSavepoint",
              "All tasks run: fix the trigger id and the directory, then ask Flink.",
              WaitingForJobRules::ask,
              DecisionState.Savepointing),
          Rule.when(
              "CancelInstead",
              "The job does not run for 30 s: cancel it, its newest checkpoint is kept.",
              WaitingForJobRules::cancel,
              DecisionState.Cancelling),
          Rule.otherwise(
              "WaitForJob",
              "Otherwise: wait for the job to run.",
              s ->
                  Continuation.withPrepared(s)
                      .causes(
                          List.of(
                              ConditionCause.waiting(
                                  Reason.JobRestarting, "waiting for the job to run")))));

  private WaitingForJobRules() {}

  private static boolean deleting(Situation s) {
    return s.operation().type() == OperationType.Delete;
  }

  private static Optional<Decision> over(Situation s) {
    LaunchStatus launch = s.launch();
    Optional<ObservedJob> ended = LaunchFacts.endedJob(s, launch);
    boolean over = Timeouts.nothingToStop(s, launch);
    if (!over) {
      return Optional.empty();
    }
    OperationBuilder operation = Operations.current(s);
    ended.flatMap(ObservedJob::endedAt).ifPresent(operation::stoppedAt);
    return Optional.of(
        deleting(s)
            ? Deletion.withoutSavepoint(s, false, why(s))
            : Continuation.recording(s, Operations.stopping(s, operation)));
  }

  private static String why(Situation s) {
    return LaunchFacts.endedJob(s, s.launch())
        .map(j -> "the job had ended as " + j.state())
        .orElse("the JobManager is lost, or has no job");
  }

  private static Optional<Decision> deletionGoesOn(Situation s) {
    boolean notRunning =
        LaunchFacts.reachable(s, s.launch())
            && !LaunchFacts.allTasksRun(s, s.launch())
            && Timeouts.notRunningTooLong(s);
    return deleting(s) && (Timeouts.overdue(s) || notRunning)
        ? Optional.of(Deletion.withoutSavepoint(s, false, "the job did not run all its tasks"))
        : Optional.empty();
  }

  private static Optional<Decision> ask(Situation s) {
    return SavepointFacts.directory(s, s.launch())
        .filter(d -> LaunchFacts.allTasksRun(s, s.launch()))
        .map(d -> Operations.savepointing(s, Operations.current(s), d))
        .map(o -> Continuation.recording(s, s.recorded().with(o.status())));
  }

  private static Optional<Decision> cancel(Situation s) {
    boolean known = LaunchFacts.job(s, s.launch()).isPresent();
    return known && Timeouts.notRunningTooLong(s)
        ? Optional.of(
            Continuation.recording(
                s, s.recorded().with(Operations.cancelling(Operations.current(s)).status())))
        : Optional.empty();
  }
}
