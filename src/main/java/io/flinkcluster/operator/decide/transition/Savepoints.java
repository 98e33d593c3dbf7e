package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.Times;
import java.util.Objects;
import java.util.Optional;

/**
 * Savepoints of a job that goes on: how they begin and end. The token of a user is echoed when its
 * savepoint has ended, well or badly, in the write that tells the result.
 */
public final class Savepoints {
  private static final String TOKEN = "savepoint token ";

  private Savepoints() {}

  /** Records that Flink is to be asked for a savepoint by schedule. */
  public static Decision beginScheduled(Situation s, CheckedCluster spec) {
    return begin(s, spec, TriggerKind.Schedule, OperationType.PERIODIC);
  }

  /** Records that Flink is to be asked for a savepoint that a user wants. */
  public static Decision begin(Situation s, CheckedCluster spec, String token) {
    return begin(s, spec, TriggerKind.SavepointToken, TOKEN + token);
  }

  private static Decision begin(
      Situation s, CheckedCluster spec, TriggerKind kind, String trigger) {
    OperationBuilder begun =
        Operations.savepointing(
            s, operation(s, spec, kind, trigger), spec.dirs().savepoints().orElseThrow());
    return Continuation.kept(s, s.recorded().with(begun.status()));
  }

  /** The token is served without a savepoint, and why is recorded. */
  public static Decision refused(Situation s, CheckedCluster spec, String token, String why) {
    OperationRecord record =
        operation(s, spec, TriggerKind.SavepointToken, TOKEN + token)
            .end(OperationResult.Failed, Reason.SavepointFailed, why, Optional.empty());
    return Continuation.kept(s, echoed(s.recorded().ended(record), Optional.of(token)));
  }

  /** The moment is part of the id: the same wish at another time is another savepoint. */
  private static OperationBuilder operation(
      Situation s, CheckedCluster spec, TriggerKind kind, String trigger) {
    String at = Times.text(s.now());
    String id = Ids.hex(s.uid(), OperationType.Savepoint.name(), trigger, at).substring(0, 12);
    Long from = s.recorded().launch().map(LaunchStatus::generation).orElse(null);
    return OperationBuilder.begin(OperationType.Savepoint, id, s.now(), Timeouts.of(spec))
        .trigger(kind, trigger)
        .generations(from, s.generation());
  }

  /** The savepoint under way has ended; the job keeps running as before, whatever became of it. */
  public static Decision end(Situation s, OperationResult result, String why) {
    Reason cause = result == OperationResult.Succeeded ? null : Reason.SavepointFailed;
    RecordedState ended = Operations.end(s, result, cause, why);
    return Continuation.kept(s, echoed(ended, token(s.operation())));
  }

  /**
   * Where no checkpoint of the job is known, its savepoint is what the next start goes on from,
   * until a checkpoint is begun after it. With one Flink itself goes back to the checkpoint.
   */
  public static Situation withoutCheckpoint(Situation s, String path) {
    String job = s.launch().jobId();
    String asked = s.operation().startedAt();
    var point = new RestorePoint(RestorePoint.Type.Savepoint, path, job, asked, null);
    return checkpointIsKnown(s) ? s : s.withRecorded(s.recorded().with(point));
  }

  /** The JobManager is lost, and it may have completed the savepoint: the next start looks. */
  public static Situation perhapsComplete(Situation s) {
    String directory = s.operation().savepointDirectory();
    LaunchStatus told = s.launch().withUnconfirmedSavepointDirectory(directory);
    return checkpointIsKnown(s) || !Schemes.searchable(directory)
        ? s
        : s.withRecorded(s.recorded().with(told));
  }

  private static boolean checkpointIsKnown(Situation s) {
    return s.recorded()
        .restorePoint()
        .filter(p -> p.type() == RestorePoint.Type.Checkpoint)
        .filter(p -> Objects.equals(p.jobId(), s.launch().jobId()))
        .isPresent();
  }

  private static Optional<String> token(OperationStatus operation) {
    return operation.triggerKind() == TriggerKind.SavepointToken
        ? Optional.of(operation.trigger().substring(TOKEN.length()))
        : Optional.empty();
  }

  private static RecordedState echoed(RecordedState recorded, Optional<String> token) {
    return token.map(t -> recorded.with(recorded.actions().withSavepoint(t))).orElse(recorded);
  }
}
