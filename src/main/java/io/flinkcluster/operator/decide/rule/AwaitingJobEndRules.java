package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.SavepointFacts;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Times;
import java.util.List;
import java.util.Optional;

/**
 * The savepoint that is to stop the job is complete. It is the newest state of the job only if the
 * job ends with it: a job whose stop fails, or that fails over, runs on.
 */
public final class AwaitingJobEndRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobEnded",
              "The job has ended with its savepoint: that is the restore point.",
              AwaitingJobEndRules::ended,
              DecisionState.Stopping),
          Rule.when(
              "JobRanOnAndIsLost",
              "The job ran on after its savepoint, and has ended or is lost since: the savepoint is"
                  + " no restore point; go on from what is newer.",
              AwaitingJobEndRules::ranOnAndOver,
              DecisionState.Stopping),
          Rule.when(
              "JobRunsOnAtTheDeadline",
              "The job runs on after its savepoint, and the deadline is over: give the change up; a"
                  + " deletion goes on.",
              AwaitingJobEndRules::givenUp,
              DecisionState.Running,
              DecisionState.Stopping),
          Rule.when(
              "JobRunsOn",
              "The job runs on after its savepoint: the savepoint is no restore point; take another.",
              AwaitingJobEndRules::again,
              DecisionState.WaitingForJob),
          Rule.when(
              "EndNotSeen",
              "The JobManager is lost, or nothing was seen of the job's end for 10 s: go on from the"
                  + " savepoint; who starts next looks for something newer.",
              AwaitingJobEndRules::notSeen,
              DecisionState.Stopping),
          Rule.otherwise(
              "WaitForJobEnd", "Otherwise: wait for the job to end.", Continuation::withPrepared));

  private AwaitingJobEndRules() {}

  private static Optional<Decision> ended(Situation s) {
    return LaunchFacts.endedJob(s, s.launch())
        .filter(j -> !SavepointFacts.jobRanOn(s))
        .map(j -> ended(s, j));
  }

  private static Decision ended(Situation s, ObservedJob job) {
    OperationBuilder operation =
        Operations.current(s).firstTry().stoppedAt(job.endedAt().orElse(s.now()));
    Situation taken = s.withRecorded(Operations.savepointTaken(s, s.operation().savepoint()));
    return Continuation.recording(s, Operations.stopping(taken, operation));
  }

  private static boolean over(Situation s) {
    LaunchStatus launch = s.launch();
    return LaunchFacts.endedJob(s, launch).isPresent() || LaunchFacts.jobManagerLost(s, launch);
  }

  /** The savepoint exists, and is known as one that may be used or removed. */
  private static Situation notTheNewest(Situation s) {
    OperationStatus o = s.operation();
    return s.withRecorded(
        s.recorded()
            .with(
                new SavepointStatus(
                    o.savepoint(),
                    o.type().name(),
                    o.triggerKind(),
                    s.launch().jobId(),
                    Times.text(s.now()))));
  }

  private static Optional<Decision> ranOnAndOver(Situation s) {
    if (!SavepointFacts.jobRanOn(s) || !over(s)) {
      return Optional.empty();
    }
    OperationBuilder operation =
        Operations.current(s).firstTry().savepoint(null).stoppedAt(s.now());
    String message = "the job ran on after its savepoint; its newest checkpoint is continued from";
    return Optional.of(
        Continuation.recording(s, Operations.stopping(notTheNewest(s), operation, message)));
  }

  private static Optional<Decision> givenUp(Situation s) {
    if (!SavepointFacts.jobRanOn(s) || !Timeouts.overdue(s)) {
      return Optional.empty();
    }
    Situation noted = notTheNewest(s);
    if (s.operation().type() == OperationType.Delete) {
      String message = "the job ran on after its savepoint; its newest restore point is kept";
      OperationBuilder operation = Operations.current(s).savepoint(null);
      return Optional.of(
          Continuation.recording(s, Operations.stoppingUnconfirmed(noted, operation, message)));
    }
    return Optional.of(
        Continuation.abandon(
            noted,
            OperationResult.Abandoned,
            Reason.DeadlineExceeded,
            "the job runs on each time after the savepoint that was to stop it"));
  }

  private static Optional<Decision> again(Situation s) {
    if (!SavepointFacts.jobRanOn(s)) {
      return Optional.empty();
    }
    OperationBuilder operation =
        Operations.waitingForJob(Operations.current(s).retry(Reason.JobRestarting))
            .message("the job ran on after its savepoint; another one is taken");
    return Optional.of(
        Continuation.recording(s, notTheNewest(s).recorded().with(operation.status())));
  }

  private static Optional<Decision> notSeen(Situation s) {
    if (!LaunchFacts.jobManagerLost(s, s.launch()) && !Timeouts.notEndedTooLong(s)) {
      return Optional.empty();
    }
    Situation taken = s.withRecorded(Operations.savepointTaken(s, s.operation().savepoint()));
    return Optional.of(
        Continuation.recording(
            s,
            Operations.stoppingUnconfirmed(
                taken,
                Operations.current(s).firstTry().stoppedAt(s.now()),
                "the job was not seen to end; the next start looks for a newer checkpoint")));
  }
}
