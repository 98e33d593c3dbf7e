package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.SavepointProgress;
import io.flinkcluster.operator.model.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Flink has been asked for a savepoint, or is about to be: the trigger id is recorded. From here on
 * the job may have been stopped by our request even if nobody heard the answer, so the operation is
 * only given up on Flink's own word.
 */
final class SavepointRules {

  private SavepointRules() {}

  static Decision decide(Situation s, OperationStatus operation) {
    LaunchStatus launch = s.recorded().launch().orElseThrow();
    if (AwaitedSavepoint.overtaken(operation, launch)) {
      return ChangeRules.finishedMeanwhile(s, operation);
    }
    if (operation.triggerId() == null) {
      return cancelling(s, operation, launch);
    }
    if (!AwaitedSavepoint.asked(operation)) {
      return AwaitedSavepoint.decide(s, operation, launch);
    }
    Optional<String> complete =
        Optional.ofNullable(operation.savepoint())
            .or(() -> ConfirmedSavepoint.path(s, operation, launch));
    if (complete.isPresent()) {
      return completed(s, operation, launch, complete.get());
    }
    Optional<String> failure = failure(s, operation);
    if (failure.isPresent()) {
      return failed(s, operation, failure.get());
    }
    boolean stands = operation.type() == OperationType.Savepoint;
    if (LaunchFacts.jobManagerLost(s, launch)) {
      return stands
          ? notTaken(s, operation, "the JobManager was lost while it was written")
          : lostWhileWriting(s, operation, launch);
    }
    if (stands && Operations.overdue(s, operation) && SteadyRules.changeWaits(s, launch)) {
      return notTaken(s, operation, "it takes longer than changeTimeout, and a change waits");
    }
    return asking(s, operation, launch);
  }

  /**
   * When the job is to stop without a savepoint, then cancel it, and go on when it has ended: its
   * newest checkpoint is known only then. A cancelled job keeps it (seen with Flink 2.3).
   */
  private static Decision cancelling(Situation s, OperationStatus operation, LaunchStatus launch) {
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    boolean lost =
        LaunchFacts.jobManagerLost(s, launch)
            || ChangeRules.unreachableTooLong(s, operation, launch)
            || (job.isEmpty() && ChangeRules.noJob(s, operation));
    if (job.filter(ObservedJob::ended).isPresent() || lost) {
      OperationBuilder draft = OperationBuilder.of(operation, s.seen().at());
      job.flatMap(ObservedJob::endedAt).ifPresent(draft::stoppedAt);
      RecordedState recorded = s.recorded().with(draft.stage(OperationStage.Stopping).status());
      return Decision.of(phase(operation), recorded).keep(ChangeRules.epochs(s, operation)).soon();
    }
    Decision going = going(s, operation, launch);
    return job.isPresent() && LaunchFacts.reachable(s, launch)
        ? going.steps(List.of(new Action.CancelJob(launch.jobId())))
        : going;
  }

  static Optional<SavepointProgress> progress(Situation s, OperationStatus operation) {
    return s.seen()
        .flink()
        .flatMap(FlinkObservation::savepoint)
        .filter(p -> p.triggerId().equals(operation.triggerId()));
  }

  private static Optional<String> failure(Situation s, OperationStatus operation) {
    return progress(s, operation)
        .filter(SavepointProgress.Failed.class::isInstance)
        .map(p -> (SavepointProgress.Failed) p)
        .filter(p -> p.written().isEmpty())
        .map(SavepointProgress.Failed::message);
  }

  /**
   * When the savepoint is complete, then record it at once: whatever becomes of the JobManager, the
   * next start begins from it. A stop waits for the job's end as well.
   */
  private static Decision completed(
      Situation s, OperationStatus operation, LaunchStatus launch, String path) {
    if (operation.type() == OperationType.Savepoint) {
      RecordedState recorded = s.recorded().with(taken(s, operation, launch, path));
      OperationStatus done = OperationBuilder.of(operation, s.seen().at()).savepoint(path).status();
      return SavepointRequests.end(s, done, recorded, OperationResult.Succeeded, null);
    }
    Optional<ObservedJob> ended = LaunchFacts.job(s, launch).filter(ObservedJob::ended);
    if (operation.savepoint() == null) {
      OperationBuilder told =
          OperationBuilder.of(operation, s.seen().at()).savepoint(path).stoppedAt(s.seen().at());
      return Decision.of(phase(operation), s.recorded().with(told.status()))
          .keep(ChangeRules.epochs(s, operation))
          .soon();
    }
    if (ended.isEmpty()
        && !LaunchFacts.jobManagerLost(s, launch)
        && !ChangeRules.endPatienceOver(s, operation)) {
      return going(s, operation, launch);
    }
    Instant stopped = ended.flatMap(ObservedJob::endedAt).orElse(s.seen().at());
    OperationBuilder draft =
        OperationBuilder.of(operation, s.seen().at())
            .savepoint(path)
            .stoppedAt(stopped)
            .stage(OperationStage.Stopping);
    RecordedState recorded = Operations.savepointTaken(s, operation, path).with(draft.status());
    return Decision.of(phase(operation), recorded).keep(ChangeRules.epochs(s, operation)).soon();
  }

  private static SavepointStatus taken(
      Situation s, OperationStatus operation, LaunchStatus launch, String path) {
    return new SavepointStatus(
        path, operation.trigger(), launch.jobId(), Times.text(s.seen().at()));
  }

  /** When Flink says that it failed and nothing was written, then the job runs on as before. */
  private static Decision failed(Situation s, OperationStatus operation, String why) {
    if (operation.type() == OperationType.Savepoint) {
      return notTaken(s, operation, why);
    }
    RecordedState recorded =
        Operations.end(
            s,
            s.recorded(),
            operation,
            OperationResult.Abandoned,
            "the savepoint failed: " + why,
            Optional.empty());
    return Decision.of(Phase.Running, recorded).keep(ChangeRules.epochs(s, operation)).soon();
  }

  /** When a savepoint of a job that goes on cannot be had, then say so and go on without. */
  private static Decision notTaken(Situation s, OperationStatus operation, String why) {
    return SavepointRequests.end(
        s, operation, s.recorded(), OperationResult.Failed, "the savepoint failed: " + why);
  }

  /**
   * When the JobManager is lost meanwhile, then go on: the pod of the next start looks whether the
   * savepoint was completed, and sinks committed with it, or which checkpoint is the newest. Where
   * no pod can look, or none is to start, stop: an older point would repeat output.
   */
  private static Decision lostWhileWriting(
      Situation s, OperationStatus operation, LaunchStatus launch) {
    if (operation.epoch() == null || !SnapshotSearch.searchable(s, operation)) {
      return unknown(s, operation);
    }
    OperationBuilder draft = OperationBuilder.of(operation, s.seen().at());
    s.seen()
        .flink()
        .filter(f -> f.epoch() == launch.epoch())
        .ifPresent(f -> draft.stoppedAt(f.at()));
    draft
        .stage(OperationStage.Stopping)
        .message("the JobManager was lost while it wrote the savepoint; the new one looks for it");
    return Decision.of(phase(operation), s.recorded().with(draft.status()))
        .keep(ChangeRules.epochs(s, operation))
        .soon();
  }

  private static Decision unknown(Situation s, OperationStatus operation) {
    String way =
        "the JobManager was lost, or the job in it, while it wrote a savepoint to "
            + operation.savepointDirectory()
            + ". If that directory holds a _metadata file the savepoint is complete: delete this"
            + " resource with job.onDelete: Cancel and create it again with job.initialSavepoint"
            + " set to it; if not, use the restore point in the status the same way";
    return ChangeRules.asBefore(s, Phase.Failed)
        .findings(List.of(ConditionCause.stalled(Reason.JobManagerLost, way)));
  }

  /** When nothing is heard yet, then ask, again and again: Flink knows the trigger id. */
  private static Decision asking(Situation s, OperationStatus operation, LaunchStatus launch) {
    boolean known = progress(s, operation).filter(SavepointRules::accepted).isPresent();
    if (known || !LaunchFacts.reachable(s, launch)) {
      return going(s, operation, launch);
    }
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    if (job.filter(j -> j.allTasksRunning() || j.ended()).isEmpty()) {
      return notRunning(s, operation, launch);
    }
    Action step =
        operation.type() == OperationType.Savepoint
            ? new Action.TakeSavepoint(
                launch.jobId(), operation.triggerId(), operation.savepointDirectory())
            : new Action.StopWithSavepoint(
                launch.jobId(), operation.triggerId(), operation.savepointDirectory());
    return going(s, operation, launch).steps(List.of(step));
  }

  /**
   * When the job does not run, then asking would only be refused: it is waited for, and at the
   * deadline the change goes on without a savepoint. Flink does not know the trigger id, so that no
   * stop of ours is under way.
   */
  private static Decision notRunning(Situation s, OperationStatus operation, LaunchStatus launch) {
    boolean told = progress(s, operation).isPresent();
    boolean stops = operation.type() != OperationType.Savepoint;
    if (told && stops && LaunchFacts.job(s, launch).isEmpty() && ChangeRules.noJob(s, operation)) {
      return unknown(s, operation); // a job that we have stopped is not known either
    }
    if (!told || !Operations.overdue(s, operation)) {
      ConditionCause waiting =
          ConditionCause.waiting(Reason.JobRestarting, "waiting for the job to run");
      return going(s, operation, launch).findings(List.of(waiting));
    }
    if (operation.type() == OperationType.Savepoint) {
      return failed(s, operation, "the job does not run");
    }
    OperationBuilder draft = Operations.cancelling(OperationBuilder.of(operation, s.seen().at()));
    return Decision.of(phase(operation), s.recorded().with(draft.status()))
        .keep(ChangeRules.epochs(s, operation))
        .soon();
  }

  /** Whether the job has not run for a while, so that it could not even be asked. */
  static boolean hopeless(Situation s, OperationStatus operation, LaunchStatus launch) {
    boolean running = LaunchFacts.job(s, launch).filter(ObservedJob::allTasksRunning).isPresent();
    return !AwaitedSavepoint.asked(operation)
        && !running
        && LaunchFacts.reachable(s, launch)
        && ChangeRules.notWaitedFor(s, operation);
  }

  private static boolean accepted(SavepointProgress progress) {
    return !(progress instanceof SavepointProgress.Unknown);
  }

  static Decision going(Situation s, OperationStatus operation, LaunchStatus launch) {
    Run waiting = null;
    if (operation.epoch() != null) {
      Optional<CheckedCluster> next = s.spec(operation.epoch(), operation.fingerprint());
      Launch start = Lineage.prepared(s, operation, launch.jobId() != null);
      waiting = next.map(spec -> Run.waiting(spec, start)).orElse(null);
    }
    var decision =
        ChangeRules.asBefore(s, phase(operation)).runs(ChangeRules.runs(s, launch, waiting)).soon();
    if (operation.type() == OperationType.Savepoint) {
      return decision.findings(SteadyRules.asKept(s, launch, s.recorded()).findings());
    }
    return Operations.overdue(s, operation)
        ? decision.findings(List.of(late(s, launch)))
        : decision;
  }

  private static ConditionCause late(Situation s, LaunchStatus launch) {
    return LaunchFacts.reachable(s, launch)
        ? ConditionCause.waiting(
            Reason.DeadlineExceeded,
            "the savepoint takes longer than changeTimeout; Flink ends it after"
                + " execution.checkpointing.timeout")
        : ConditionCause.stalled(Reason.FlinkUnreachable, unreachableTooLong(s, launch));
  }

  private static String unreachableTooLong(Situation s, LaunchStatus launch) {
    String pods =
        s.seen().pods(Component.JOB_MANAGER, launch.epoch()).stream()
            .map(ObservedPod::name)
            .collect(Collectors.joining(", "));
    return "the JobManager was asked for a savepoint and does not answer; the change goes on when it"
        + " does. If it does not, delete the pod "
        + pods
        + ": a JobManager that is lost is recovered from, or it is said here how";
  }

  static Phase phase(OperationStatus operation) {
    return switch (operation.type()) {
      case Suspend -> Phase.Suspending;
      case Delete -> Phase.Deleting;
      case Savepoint -> Phase.Running;
      case Start, Resume, Recovery -> Phase.Starting;
      case Rollback -> Phase.RollingBack;
      case Rescale, Upgrade, Restart -> Phase.Changing;
    };
  }
}
