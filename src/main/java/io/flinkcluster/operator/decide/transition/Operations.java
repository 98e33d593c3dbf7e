package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.LastStable;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.fact.JobLoss;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.PreparedJobManager;
import io.flinkcluster.operator.decide.fact.RestorePoints;
import io.flinkcluster.operator.decide.fact.SavepointFacts;
import io.flinkcluster.operator.decide.fact.SnapshotSearch;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Begins, advances and ends operations. What it returns is to be recorded, or part of that. */
public final class Operations {

  private Operations() {}

  /** An operation that leads to a new start of this spec. */
  public static OperationBuilder newLaunch(
      Situation s, OperationType type, CheckedCluster spec, TriggerKind kind, String trigger) {
    long epoch = Launches.nextEpoch(s);
    return OperationBuilder.begin(type, Ids.operationId(s.uid(), epoch), s.now(), Timeouts.of(spec))
        .trigger(kind, trigger)
        .generations(launchedGeneration(s), s.generation())
        .target(epoch, spec.fingerprint());
  }

  /** The operation, as it begins to prepare: all that may come up beside what runs. */
  public static OperationBuilder preparing(Situation s, OperationBuilder operation) {
    boolean jobManager =
        !operation.inPlace() && PreparedJobManager.suits(s, s.wanted().orElseThrow());
    return operation.preparing(jobManager);
  }

  /** An operation that starts nothing. */
  public static OperationBuilder sameLaunch(
      Situation s, OperationType type, Duration timeout, TriggerKind kind, String trigger) {
    long epoch = s.recorded().launch().map(LaunchStatus::epoch).orElse(0L);
    String id =
        Ids.hex(s.uid(), type.name(), Long.toString(epoch), trigger, Times.text(s.now()))
            .substring(0, 12); // with the moment: the next try is another operation
    return OperationBuilder.begin(type, id, s.now(), timeout)
        .trigger(kind, trigger)
        .generations(launchedGeneration(s), s.generation());
  }

  private static Long launchedGeneration(Situation s) {
    return s.recorded().launch().map(LaunchStatus::generation).orElse(null);
  }

  /** The operation under way, to be changed. */
  public static OperationBuilder current(Situation s) {
    return OperationBuilder.of(s.operation(), s.now());
  }

  /** Enters the stage in which a savepoint is wanted, and Flink was not asked for it yet. */
  public static OperationBuilder waitingForJob(OperationBuilder operation) {
    return operation.asking(null, null).savepoint(null).stage(OperationStage.WaitingForJob);
  }

  /**
   * Enters the stage in which Flink is asked for a savepoint; ids and directory are fixed here, and
   * are others than those of an earlier try.
   *
   * @param parent directory of all savepoints
   */
  public static OperationBuilder savepointing(
      Situation s, OperationBuilder operation, String parent) {
    String id = operation.status().id();
    int attempt = operation.retries() + 1;
    String directory = parent + "/" + id + (attempt == 1 ? "" : "-" + attempt);
    return operation
        .asking(Ids.triggerId(s.uid(), id, attempt), directory)
        .savepoint(null)
        .stage(OperationStage.Savepointing);
  }

  /** Enters the first of these two stages that fits: Flink is asked at once where the job runs. */
  public static OperationBuilder takingSavepoint(Situation s, OperationBuilder operation) {
    return SavepointFacts.directory(s, s.launch())
        .filter(parent -> LaunchFacts.allTasksRun(s, s.launch()))
        .map(parent -> savepointing(s, operation, parent))
        .orElseGet(() -> waitingForJob(operation));
  }

  /** Enters the stage in which the job is cancelled. */
  public static OperationBuilder cancelling(OperationBuilder operation) {
    return operation.asking(null, null).stage(OperationStage.Cancelling);
  }

  /**
   * What is recorded when the JobManager of the current start begins to be removed. Where the end
   * of its job was not seen, the next start looks for what the job may have completed.
   */
  public static RecordedState stopping(Situation s, OperationBuilder operation) {
    return removing(s, operation.stage(OperationStage.Stopping));
  }

  /** The same with a message for people. */
  public static RecordedState stopping(Situation s, OperationBuilder operation, String message) {
    return removing(s, operation.stage(OperationStage.Stopping).message(message));
  }

  private static RecordedState removing(Situation s, OperationBuilder operation) {
    return leaving(s).with(operation.status());
  }

  /**
   * What is recorded of the current start when its JobManager begins to be removed; nothing new
   * where that has begun before.
   */
  public static RecordedState leaving(Situation s) {
    RecordedState recorded = s.recorded();
    boolean begun =
        recorded.operation().filter(o -> o.stage() == OperationStage.Stopping).isPresent();
    return recorded
        .launch()
        .filter(l -> l.stoppedAt() == null && !begun)
        .map(l -> recorded.with(JobLoss.removed(s, l)))
        .orElse(recorded);
  }

  /** The same, where a savepoint may lie in a directory that nobody has confirmed. */
  public static RecordedState stoppingUnconfirmed(
      Situation s, OperationBuilder operation, String message) {
    LaunchStatus launch =
        s.launch()
            .withUnconfirmedSavepointDirectory(s.operation().savepointDirectory())
            .withLostAt(Times.text(s.now()));
    return stopping(s.withRecorded(s.recorded().with(launch)), operation, message);
  }

  /**
   * The recorded state in which the JobManager of the next start is made when the old one is gone,
   * and not before, with why.
   */
  public static RecordedState withoutPreparedJobManager(Situation s, String why) {
    String message = "the new JobManager is made when the old one is gone: " + why;
    return s.recorded().with(current(s).withoutPreparedJobManager().heldUp(message).status());
  }

  /** The recorded state in which the start of the operation is the current one. */
  public static RecordedState launching(
      Situation s, OperationStatus operation, CheckedCluster spec, Optional<String> from) {
    Long epoch = operation.epoch();
    String job = spec.job().isPresent() ? Ids.jobId(s.uid(), epoch) : null;
    List<String> search = SnapshotSearch.directories(s, operation, spec);
    var launch =
        new LaunchStatus(
            epoch,
            job,
            operation.fingerprint(),
            spec.generation(),
            from.orElse(null),
            null,
            null,
            null);
    return s.recorded()
        .with(
            launch
                .withPrepared(operation.preparesJobManager())
                .withSnapshotSearchDirectories(search.isEmpty() ? null : search));
  }

  /** The recorded state with this savepoint of the current job as the newest state. */
  public static RecordedState savepointTaken(Situation s, String path) {
    return savepoint(s, path, s.recorded().launch().map(LaunchStatus::jobId).orElse(null));
  }

  /** The same with a savepoint of the job before, which nobody had confirmed. */
  public static RecordedState savepointFound(Situation s, String path) {
    return savepoint(s, path, s.recorded().restorePoint().map(RestorePoint::jobId).orElse(null));
  }

  private static RecordedState savepoint(Situation s, String path, String job) {
    String now = Times.text(s.now());
    OperationStatus o = s.operation();
    return s.recorded()
        .with(new SavepointStatus(path, o.type().name(), o.triggerKind(), job, now))
        .with(new RestorePoint(RestorePoint.Type.Savepoint, path, job, now, null));
  }

  /** The recorded state after the operation under way has ended. */
  public static RecordedState end(Situation s, OperationResult result, Reason cause, String why) {
    return s.recorded().ended(current(s).end(result, cause, why, Optional.empty()));
  }

  /** The same after it has succeeded. */
  public static RecordedState succeeded(Situation s, Optional<Instant> allTasksRunningSince) {
    return s.recorded()
        .ended(current(s).end(OperationResult.Succeeded, null, null, allTasksRunningSince));
  }

  /** The recorded state with the current start as the one that a rollback goes back to. */
  public static RecordedState stable(RecordedState recorded, LaunchStatus launch) {
    return RestorePoints.ofThisLine(recorded, launch)
        .with(
            new LastStable(
                launch.generation(), launch.fingerprint(), launch.epoch(), launch.size()));
  }

  /** A restart token that was not served yet. */
  public static Optional<String> restartToken(Situation s) {
    return s.wishes().restart().filter(t -> !t.equals(s.recorded().actions().restart()));
  }

  /** The recorded state in which this restart token is served; empty: none is. */
  public static RecordedState served(Situation s, Optional<String> restartToken) {
    return restartToken
        .map(t -> s.recorded().with(s.recorded().actions().withRestart(t)))
        .orElse(s.recorded());
  }

  /**
   * The recorded state in which the restart token of the operation under way is not served: it was
   * given up before anything was started.
   */
  public static RecordedState restartNotServed(Situation s) {
    var actions = s.recorded().actions();
    return s.operation().triggerKind() == TriggerKind.RestartToken
        ? s.recorded().with(actions.withRestart(null))
        : s.recorded();
  }

  /** The last operation that ended; to be asked where there is one. */
  public static OperationRecord last(RecordedState recorded) {
    return recorded.operations().get(0);
  }
}
