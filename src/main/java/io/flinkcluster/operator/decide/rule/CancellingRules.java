package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.GiveUp;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.ObservedJob;
import java.util.List;
import java.util.Optional;

/**
 * The job is to stop without a savepoint. Its newest checkpoint is known only when it has ended; a
 * cancelled job keeps it (seen with Flink 2.3).
 */
public final class CancellingRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobFinishedBeforeCancel",
              "The job has come to its own end: give the change up.",
              GiveUp::finished,
              DecisionState.Running),
          Rule.when(
              "JobCancelled",
              "The job has ended, its JobManager is lost, silent for a minute, or without a job for"
                  + " as long: go on.",
              CancellingRules::over,
              DecisionState.Stopping),
          Rule.when("CancelJob", "The job is there: cancel it.", CancellingRules::cancel),
          Rule.otherwise(
              "WaitForCancel",
              "Otherwise: wait for the JobManager's answer.",
              Continuation::withPrepared));

  private CancellingRules() {}

  private static Optional<Decision> over(Situation s) {
    var launch = s.launch();
    Optional<ObservedJob> ended = LaunchFacts.endedJob(s, launch);
    boolean over = Timeouts.nothingToStop(s, launch);
    OperationBuilder operation = Operations.current(s);
    ended.flatMap(ObservedJob::endedAt).ifPresent(operation::stoppedAt);
    return over
        ? Optional.of(Continuation.recording(s, Operations.stopping(s, operation)))
        : Optional.empty();
  }

  private static Optional<Decision> cancel(Situation s) {
    return LaunchFacts.job(s, s.launch())
        .filter(j -> LaunchFacts.reachable(s, s.launch()))
        .map(
            j ->
                Continuation.withPrepared(s)
                    .actions(List.of(new Action.CancelJob(s.launch().jobId()))));
  }
}
