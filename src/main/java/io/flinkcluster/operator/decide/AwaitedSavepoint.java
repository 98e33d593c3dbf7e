package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.ObservedJob;
import java.util.List;
import java.util.Optional;

/**
 * A savepoint is wanted, and the job was not seen to run since: the trigger id is recorded and the
 * directory is not. Flink was never asked, so that no stop of ours is under way; one look that
 * tells nothing is no reason to go on without.
 */
final class AwaitedSavepoint {

  private AwaitedSavepoint() {}

  /** Whether Flink was asked for a savepoint, or may have been. */
  static boolean asked(OperationStatus operation) {
    return operation.triggerId() != null && operation.savepointDirectory() != null;
  }

  static Decision decide(Situation s, OperationStatus operation, LaunchStatus launch) {
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    OperationBuilder draft = OperationBuilder.of(operation, s.seen().at());
    Optional<String> directory = Operations.savepoints(s, launch);
    boolean noJob = job.isEmpty() && LaunchFacts.reachable(s, launch);
    if (job.filter(ObservedJob::ended).isPresent()
        || LaunchFacts.jobManagerLost(s, launch)
        || ChangeRules.unreachableTooLong(s, operation, launch)
        || (noJob && ChangeRules.noJob(s, operation))) {
      job.flatMap(ObservedJob::endedAt).ifPresent(draft::stoppedAt);
      draft.asking(null, null).stage(OperationStage.Stopping);
    } else if (job.filter(ObservedJob::allTasksRunning).isPresent() && directory.isPresent()) {
      draft.asking(operation.triggerId(), directory.get() + "/" + operation.id());
    } else if (job.isPresent() && ChangeRules.notWaitedFor(s, operation)) {
      Operations.cancelling(draft);
    } else {
      return SavepointRules.going(s, operation, launch)
          .findings(
              List.of(ConditionCause.waiting(Reason.JobRestarting, "waiting for the job to run")));
    }
    return Decision.of(SavepointRules.phase(operation), s.recorded().with(draft.status()))
        .keep(ChangeRules.epochs(s, operation))
        .soon();
  }

  /** Whether the job came to its own end, which nobody asked for, before it was stopped. */
  static boolean overtaken(OperationStatus operation, LaunchStatus launch) {
    return JobCompletion.is(launch)
        && !asked(operation)
        && operation.type() != OperationType.Restart
        && operation.type() != OperationType.Delete;
  }
}
