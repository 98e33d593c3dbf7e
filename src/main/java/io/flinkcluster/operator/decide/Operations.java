package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Begins, advances and ends operations. Everything here returns a new recorded state. */
final class Operations {
  private static final Set<OperationResult> NOT_TRIED_AGAIN =
      Set.of(OperationResult.Failed, OperationResult.RolledBack, OperationResult.Abandoned);

  private static final int MOST_RESTED_ON = 5;

  private Operations() {}

  /** A draft of an operation that leads to a new start of this spec. */
  static OperationBuilder newLaunch(
      Situation s, OperationType type, CheckedCluster spec, String trigger) {
    long epoch = Math.max(s.recorded().nextEpoch(), Lineage.newestTrace(s) + 1);
    Long from = s.recorded().launch().map(LaunchStatus::generation).orElse(null);
    return OperationBuilder.begin(
            type, Ids.operationId(s.uid(), epoch), s.seen().at(), timeout(spec))
        .trigger(trigger)
        .generations(from, s.generation())
        .target(epoch, spec.fingerprint());
  }

  /** A draft of an operation that starts nothing. */
  static OperationBuilder sameLaunch(
      Situation s, OperationType type, CheckedCluster spec, String trigger) {
    return sameLaunch(s, type, timeout(spec), trigger);
  }

  static OperationBuilder sameLaunch(
      Situation s, OperationType type, Duration timeout, String trigger) {
    long epoch = s.recorded().launch().map(LaunchStatus::epoch).orElse(0L);
    String id =
        Ids.hex(s.uid(), type.name(), Long.toString(epoch), trigger, Times.text(s.seen().at()))
            .substring(0, 12); // with the moment: the next try is another operation
    Long from = s.recorded().launch().map(LaunchStatus::generation).orElse(null);
    return OperationBuilder.begin(type, id, s.seen().at(), timeout)
        .trigger(trigger)
        .generations(from, s.generation());
  }

  /** Enters the stage in which Flink is asked for a savepoint; ids and directory are fixed here. */
  static OperationBuilder savepointing(
      Situation s, OperationBuilder draft, String directory, String id) {
    return awaiting(s, draft, id).asking(Ids.triggerId(s.uid(), id, 1), directory + "/" + id);
  }

  /** Enters the same stage before the job is seen to run: without a directory nothing is asked. */
  static OperationBuilder awaiting(Situation s, OperationBuilder draft, String id) {
    String trigger = Ids.triggerId(s.uid(), id, 1);
    return draft.asking(trigger, null).savepoint(null).stage(OperationStage.Savepointing);
  }

  /** Where savepoints of what runs are to lie. */
  static Optional<String> savepoints(Situation s, LaunchStatus launch) {
    return s.spec(launch.epoch(), launch.fingerprint())
        .flatMap(spec -> spec.dirs().savepoints())
        .or(() -> s.wanted().flatMap(spec -> spec.dirs().savepoints()));
  }

  /** Enters the same stage to cancel the job instead: no trigger id says so. */
  static OperationBuilder cancelling(OperationBuilder draft) {
    return draft.asking(null, null).stage(OperationStage.Savepointing);
  }

  /** The recorded state in which a start is recorded as the current one. */
  static RecordedState launching(
      Situation s, OperationStatus operation, CheckedCluster spec, Optional<String> from) {
    Long epoch = operation.epoch();
    String job = spec.job().isPresent() ? Ids.jobId(s.uid(), epoch) : null;
    List<String> snapshotSearchDirectories = SnapshotSearch.directories(s, operation, spec);
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
            launch.withSnapshotSearchDirectories(
                snapshotSearchDirectories.isEmpty() ? null : snapshotSearchDirectories));
  }

  /** The recorded state after a savepoint of the current start was completed. */
  static RecordedState savepointTaken(Situation s, OperationStatus operation, String path) {
    String job = s.recorded().launch().map(LaunchStatus::jobId).orElse(null);
    String now = Times.text(s.seen().at());
    return s.recorded()
        .with(new SavepointStatus(path, operation.type().name(), job, now))
        .with(new RestorePoint(RestorePoint.Type.Savepoint, path, job, now, null));
  }

  /**
   * The recorded state with a savepoint that the job before this one wrote, and nobody had told of.
   */
  static RecordedState savepointFound(Situation s, OperationStatus operation) {
    String path = operation.savepoint();
    String job = s.recorded().restorePoint().map(RestorePoint::jobId).orElse(null);
    String now = Times.text(s.seen().at());
    return s.recorded()
        .with(new SavepointStatus(path, operation.type().name(), job, now))
        .with(new RestorePoint(RestorePoint.Type.Savepoint, path, job, now, null));
  }

  /** The recorded state after the operation has ended. */
  static RecordedState end(
      Situation s,
      RecordedState recorded,
      OperationStatus operation,
      OperationResult result,
      String why,
      Optional<Instant> up) {
    return recorded.ended(OperationBuilder.of(operation, s.seen().at()).end(result, why, up));
  }

  /** The last operation toward this spec that failed, while the user has not changed the spec. */
  static Optional<OperationRecord> failedBefore(Situation s, String fingerprint) {
    return s.recorded().operations().stream()
        .filter(o -> fingerprint.equals(o.fingerprint()))
        .filter(o -> o.toGeneration() != null && o.toGeneration() == s.generation())
        .findFirst()
        .filter(o -> NOT_TRIED_AGAIN.contains(o.result()));
  }

  /**
   * Those of these operations, newest first, that must not be forgotten: what is not tried again
   * for the newest spec, and the one that used the highest epoch, for no epoch is used twice.
   */
  static Set<OperationRecord> restedOn(List<OperationRecord> operations) {
    var needed = new HashSet<OperationRecord>();
    operations.stream()
        .filter(o -> o.epoch() != null)
        .max(Comparator.comparing(OperationRecord::epoch))
        .ifPresent(needed::add);
    long newest =
        operations.stream()
            .map(OperationRecord::toGeneration)
            .filter(Objects::nonNull)
            .mapToLong(Long::longValue)
            .max()
            .orElse(-1);
    var told = new HashSet<String>();
    operations.stream()
        .filter(o -> o.toGeneration() != null && o.toGeneration() == newest)
        .filter(o -> o.fingerprint() != null || o.type() == OperationType.Suspend)
        .filter(o -> told.add(o.fingerprint() == null ? o.type().name() : o.fingerprint()))
        .filter(o -> NOT_TRIED_AGAIN.contains(o.result()))
        .limit(MOST_RESTED_ON)
        .forEach(needed::add);
    return needed;
  }

  /** The last try to suspend, if it failed and the user has not changed the spec since. */
  static Optional<OperationRecord> suspendFailedBefore(Situation s) {
    return s.recorded().operations().stream()
        .filter(o -> o.type() == OperationType.Suspend)
        .filter(o -> o.toGeneration() != null && o.toGeneration() == s.generation())
        .findFirst()
        .filter(o -> NOT_TRIED_AGAIN.contains(o.result()));
  }

  /** How often in a row a start of this spec was tried for this cause and failed. */
  static long failuresInARow(Situation s, OperationStatus operation) {
    return s.recorded().operations().stream()
        .takeWhile(o -> o.result() == OperationResult.Failed)
        .filter(o -> operation.fingerprint().equals(o.fingerprint()))
        .filter(o -> operation.trigger().equals(o.trigger()))
        .count();
  }

  static boolean overdue(Situation s, OperationStatus operation) {
    return Times.moment(operation.deadline()).filter(d -> d.isBefore(s.seen().at())).isPresent();
  }

  /** How long the operation has been in its stage. */
  static Duration inStage(Situation s, OperationStatus operation) {
    if (operation.steps() == null || operation.steps().isEmpty()) {
      return Duration.ZERO;
    }
    String began = operation.steps().get(operation.steps().size() - 1).startedAt();
    return Duration.between(Times.moment(began).orElse(s.seen().at()), s.seen().at());
  }

  static Duration timeout(CheckedCluster spec) {
    return Times.duration(spec.spec().changeTimeout());
  }
}
