package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.SavepointFacts;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.fact.WaitingChange;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Deletion;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.decide.transition.Savepoints;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.Times;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Flink has been asked for a savepoint, or is about to be: the trigger id is recorded. From here on
 * the job may have been stopped by our request even if nobody heard the answer, so the operation is
 * only given up on Flink's own word.
 */
public final class SavepointingRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "SavepointTaken",
              "The savepoint of a job that goes on is complete: record it.",
              SavepointingRules::taken,
              DecisionState.Running),
          Rule.when(
              "SavepointComplete",
              "The savepoint that stops the job is complete: record it at once, whatever becomes of"
                  + " the JobManager.",
              SavepointingRules::complete,
              DecisionState.AwaitingJobEnd),
          Rule.when(
              "FailedAsTasksDidNotRun",
              "It failed, and the tasks do not run: take another when they do, or see the job's end.",
              SavepointingRules::again,
              DecisionState.WaitingForJob),
          Rule.when(
              "SavepointFailed",
              "Flink says that it failed and nothing was written: the job keeps running as before; a"
                  + " deletion goes on without it.",
              SavepointingRules::failed,
              DecisionState.Running,
              DecisionState.Stopping),
          Rule.when(
              "LostWhileTakingSavepoint",
              "The JobManager, or the job in it, is lost while a savepoint of a job that goes on is"
                  + " written: none was taken.",
              SavepointingRules::notTaken,
              DecisionState.Running),
          Rule.when(
              "LostWhileStopping",
              "The JobManager, or the job in it, is lost while it writes the savepoint that stops"
                  + " the job: go on; who starts next looks whether it was completed.",
              SavepointingRules::lost,
              DecisionState.Stopping),
          Rule.when(
              "DeleteWithoutWaiting",
              "A deletion is at its deadline, or its job has failed: go on without a savepoint.",
              SavepointingRules::deletionGoesOn,
              DecisionState.Stopping),
          Rule.when(
              "SavepointGivesWay",
              "A savepoint of a job that goes on takes longer than changeTimeout, and a change"
                  + " waits: give it up.",
              SavepointingRules::givesWay,
              DecisionState.Running),
          Rule.when(
              "WaitForSavepoint",
              "Flink knows the trigger id, or does not answer: wait.",
              s ->
                  SavepointFacts.accepted(s) || !LaunchFacts.reachable(s, s.launch())
                      ? Optional.of(waiting(s))
                      : Optional.empty()),
          Rule.when(
              "SavepointNeverAccepted",
              "Flink does not know the trigger id, and the job does not run at the deadline: cancel"
                  + " it; a savepoint of a job that goes on is given up.",
              SavepointingRules::overdue,
              DecisionState.Cancelling,
              DecisionState.Running),
          Rule.when(
              "WaitForJobToRunAgain",
              "The job does not run: asking would only be refused.",
              SavepointingRules::notRunning),
          Rule.otherwise(
              "TriggerSavepoint",
              "Otherwise: ask Flink, again and again; it knows the trigger id.",
              SavepointingRules::trigger));

  private SavepointingRules() {}

  private static boolean goesOn(Situation s) {
    return s.operation().type() == OperationType.Savepoint;
  }

  private static boolean deleting(Situation s) {
    return s.operation().type() == OperationType.Delete;
  }

  private static Optional<Decision> taken(Situation s) {
    return SavepointFacts.confirmed(s).filter(path -> goesOn(s)).map(path -> taken(s, path));
  }

  private static Decision taken(Situation s, String path) {
    OperationStatus o = s.operation();
    var savepoint =
        new SavepointStatus(
            path, o.trigger(), o.triggerKind(), s.launch().jobId(), Times.text(s.now()));
    OperationStatus done = Operations.current(s).savepoint(path).status();
    RecordedState recorded = s.recorded().with(savepoint).with(done);
    Situation taken = Savepoints.withoutCheckpoint(s.withRecorded(recorded), path);
    return Savepoints.end(taken, OperationResult.Succeeded, null);
  }

  private static Optional<Decision> complete(Situation s) {
    return SavepointFacts.confirmed(s)
        .map(
            path ->
                Operations.current(s)
                    .savepoint(path)
                    .stoppedAt(s.now())
                    .stage(OperationStage.AwaitingJobEnd))
        .map(o -> Continuation.recording(s, s.recorded().with(o.status())));
  }

  private static Optional<Decision> again(Situation s) {
    return SavepointFacts.failure(s)
        .filter(why -> !goesOn(s) && !Timeouts.overdue(s))
        .filter(why -> LaunchFacts.job(s, s.launch()).filter(j -> !j.allTasksRunning()).isPresent())
        .map(why -> Operations.current(s).retry(Reason.JobRestarting))
        .map(o -> Operations.waitingForJob(o).message("the job did not run; it is asked again"))
        .map(o -> Continuation.recording(s, s.recorded().with(o.status())));
  }

  private static Optional<Decision> failed(Situation s) {
    return SavepointFacts.failure(s).map(why -> failed(s, "the savepoint failed: " + why));
  }

  private static Decision failed(Situation s, String why) {
    if (goesOn(s)) {
      return Savepoints.end(s, OperationResult.Failed, why);
    }
    return deleting(s)
        ? Deletion.withoutSavepoint(s, false, why)
        : Continuation.abandon(s, OperationResult.Abandoned, Reason.SavepointFailed, why);
  }

  private static Optional<Decision> notTaken(Situation s) {
    boolean lost = LaunchFacts.jobManagerLost(s, s.launch());
    return goesOn(s) && (lost || leftOpen(s))
        ? Optional.of(
            failed(
                Savepoints.perhapsComplete(s),
                "the savepoint failed: the %s was lost while it was written"
                    .formatted(lost ? "JobManager" : "job")))
        : Optional.empty();
  }

  private static Optional<Decision> lost(Situation s) {
    LaunchStatus launch = s.launch();
    boolean jobLost =
        SavepointFacts.asked(s) && (Timeouts.withoutJobTooLong(s, launch) || leftOpen(s));
    if (!LaunchFacts.jobManagerLost(s, launch) && !jobLost) {
      return Optional.empty();
    }
    if (deleting(s)) {
      return Optional.of(
          Deletion.withoutSavepoint(s, true, "the JobManager was lost while it was written"));
    }
    OperationBuilder operation = Operations.current(s);
    s.seen()
        .flink()
        .filter(f -> f.epoch() == launch.epoch())
        .ifPresent(f -> operation.stoppedAt(f.at()));
    String message =
        "the JobManager was lost while it wrote the savepoint; the next one looks for it";
    return Optional.of(
        Continuation.recording(s, Operations.stoppingUnconfirmed(s, operation, message)));
  }

  /**
   * Whether the job has failed and Flink still says at the deadline that it writes its savepoint:
   * no task is left that could.
   */
  private static boolean leftOpen(Situation s) {
    return LaunchFacts.failedJob(s, s.launch()).isPresent() && Timeouts.overdue(s);
  }

  private static Optional<Decision> deletionGoesOn(Situation s) {
    boolean failed = LaunchFacts.failedJob(s, s.launch()).isPresent();
    return deleting(s) && (failed || Timeouts.overdue(s))
        ? Optional.of(
            Deletion.withoutSavepoint(
                s, true, failed ? "the job has failed" : "it was not complete at the deadline"))
        : Optional.empty();
  }

  private static Optional<Decision> givesWay(Situation s) {
    return goesOn(s) && Timeouts.overdue(s) && WaitingChange.any(s)
        ? Optional.of(
            failed(
                s, "the savepoint failed: it takes longer than changeTimeout, and a change waits"))
        : Optional.empty();
  }

  private static boolean mayBeAsked(Situation s) {
    return LaunchFacts.job(s, s.launch()).filter(j -> j.allTasksRunning() || j.ended()).isPresent();
  }

  private static Optional<Decision> overdue(Situation s) {
    if (mayBeAsked(s) || !SavepointFacts.asked(s) || !Timeouts.overdue(s)) {
      return Optional.empty();
    }
    return Optional.of(
        goesOn(s)
            ? failed(s, "the savepoint failed: the job does not run")
            : Continuation.recording(
                s, s.recorded().with(Operations.cancelling(Operations.current(s)).status())));
  }

  private static Optional<Decision> notRunning(Situation s) {
    return mayBeAsked(s)
        ? Optional.empty()
        : Optional.of(
            Continuation.withPrepared(s)
                .causes(
                    List.of(
                        ConditionCause.waiting(
                            Reason.JobRestarting, "waiting for the job to run"))));
  }

  private static Decision trigger(Situation s) {
    OperationStatus o = s.operation();
    String job = s.launch().jobId();
    Action action =
        goesOn(s)
            ? new Action.TakeSavepoint(job, o.triggerId(), o.savepointDirectory())
            : new Action.StopWithSavepoint(job, o.triggerId(), o.savepointDirectory());
    return waiting(s).actions(List.of(action));
  }

  private static Decision waiting(Situation s) {
    Decision decision = Continuation.withPrepared(s);
    return Timeouts.overdue(s) && !goesOn(s) ? decision.causes(List.of(late(s))) : decision;
  }

  private static ConditionCause late(Situation s) {
    return LaunchFacts.reachable(s, s.launch())
        ? ConditionCause.waiting(
            Reason.DeadlineExceeded,
            "the savepoint takes longer than changeTimeout; Flink ends it after"
                + " execution.checkpointing.timeout")
        : ConditionCause.stalled(Reason.FlinkUnreachable, silent(s));
  }

  private static String silent(Situation s) {
    String pods =
        s.seen().pods(Component.JOB_MANAGER, s.launch().epoch()).stream()
            .map(ObservedPod::name)
            .collect(Collectors.joining(", "));
    return "the JobManager was asked for a savepoint and does not answer; the change goes on when it"
        + " does. If it does not, delete the pod "
        + pods
        + ": a JobManager that is lost is recovered from, or it is said here how";
  }
}
