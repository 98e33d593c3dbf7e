package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which state belongs to this cluster, and which of it is the newest. A restore point is only ever
 * replaced by a newer one of the same line of starts.
 */
public final class RestorePoints {
  private static final Duration CACHED = Duration.ofSeconds(10);

  private RestorePoints() {}

  /** The recorded state with the newest completed checkpoint that was seen. */
  public static RecordedState observed(Situation s) {
    RecordedState recorded = s.recorded();
    Optional<LaunchStatus> launch =
        recorded.launch().filter(l -> l.stoppedAt() == null && l.finishedAt() == null);
    if (launch.isEmpty() || frozen(recorded)) {
      return recorded;
    }
    return s.seen()
        .job(launch.get().epoch())
        .filter(job -> restoredAsIntended(launch.get(), job) && !doubtful(s, launch.get()))
        .map(job -> newest(recorded, job))
        .orElse(recorded);
  }

  private static RecordedState newest(RecordedState recorded, ObservedJob job) {
    RecordedState known = abandoned(recorded, job) ? recorded.with((RestorePoint) null) : recorded;
    return checkpoint(job)
        .filter(point -> newer(point, known.restorePoint()))
        .map(known::with)
        .orElse(known);
  }

  /**
   * Whether Flink itself has gone back behind the recorded savepoint: a job that fails over, or
   * takes another size, begins again from its newest checkpoint, never from a savepoint, and its
   * sinks abort what was prepared for a later state. A start from that savepoint would lose it.
   */
  private static boolean abandoned(RecordedState recorded, ObservedJob job) {
    boolean stopping = recorded.operation().filter(o -> o.savepoint() != null).isPresent();
    Optional<String> savepoint = job.checkpoints().lastSavepoint();
    Optional<Instant> complete = job.checkpoints().lastSavepointAt();
    Optional<Instant> since = job.tasksRunningSince().filter(at -> job.allTasksRunning());
    return !stopping
        && savepoint.isPresent()
        && !savepoint.equals(job.checkpoints().restored())
        && recorded.restorePoint().map(RestorePoint::path).equals(savepoint)
        && complete.isPresent()
        && since.filter(complete.get()::isBefore).isPresent();
  }

  /** A change that may be undone keeps the point from before it until it has ended. */
  private static boolean frozen(RecordedState recorded) {
    return recorded
        .operation()
        .filter(o -> o.stage().compareTo(OperationStage.Stopping) >= 0)
        .filter(
            o ->
                o.stage() == OperationStage.Stopping
                    || OperationTypes.of(o.type()).keepsRestorePoint())
        .isPresent();
  }

  private static Optional<RestorePoint> checkpoint(ObservedJob job) {
    return job.checkpoints().last().map(c -> restorePoint(job.id(), c));
  }

  private static RestorePoint restorePoint(String jobId, ObservedCheckpoints.Completed c) {
    return new RestorePoint(
        RestorePoint.Type.Checkpoint, c.path(), jobId, Times.text(c.triggeredAt()), c.sizeBytes());
  }

  private static boolean newer(RestorePoint candidate, Optional<RestorePoint> known) {
    if (known.isEmpty() || !candidate.jobId().equals(known.get().jobId())) {
      return true; // the first of this start; what came before is its ancestor
    }
    long number = SnapshotPaths.number(candidate.path());
    long last = SnapshotPaths.number(known.get().path());
    if (number >= 0 && last >= 0) {
      return number > last; // another JobManager of the same job may have another clock
    }
    Instant before = Times.moment(known.get().takenAt()).orElse(Instant.MIN);
    return Times.moment(candidate.takenAt()).orElse(Instant.MIN).isAfter(before);
  }

  /**
   * Whether the job of this start began again in another JobManager process without its newest
   * checkpoint: the data of its high availability was lost, so that it took the point of its first
   * start once more. Told by times alone it would look like any other run.
   */
  public static boolean restoredOlderCheckpoint(Situation s, LaunchStatus launch) {
    return doubtful(s, launch)
        && s.seen()
            .job(launch.epoch())
            .filter(job -> restoredIsKnown(job, s.seen().at()))
            .isPresent();
  }

  /**
   * The recorded state without a point of an earlier line, once a start from empty state has
   * succeeded; not without one that this start was to look for.
   */
  public static RecordedState ofThisLine(RecordedState recorded, LaunchStatus launch) {
    boolean other =
        launch.restoredFrom() == null
            && recorded
                .restorePoint()
                .filter(p -> !Objects.equals(p.jobId(), launch.jobId()))
                .filter(p -> !SnapshotSearch.holds(launch, p.path()))
                .isPresent();
    return other ? recorded.with((RestorePoint) null) : recorded;
  }

  /** Whether the job began after its newest checkpoint and has not told that it restored it. */
  static boolean doubtful(Situation s, LaunchStatus launch) {
    Optional<RestorePoint> known =
        s.recorded()
            .restorePoint()
            .filter(p -> p.type() == RestorePoint.Type.Checkpoint)
            .filter(p -> Objects.equals(p.jobId(), launch.jobId()));
    Optional<ObservedJob> job = s.seen().job(launch.epoch());
    boolean comesBack =
        s.spec(launch.epoch(), launch.fingerprint())
            .filter(spec -> spec.highlyAvailable() && spec.stateful())
            .isPresent();
    if (!comesBack || known.isEmpty() || job.isEmpty()) {
      return false;
    }
    Instant taken = Times.moment(known.get().takenAt()).orElse(Instant.MAX);
    long restored =
        job.get()
            .checkpoints()
            .restored()
            .filter(path -> SnapshotPaths.ofJob(path, launch.jobId()))
            .map(SnapshotPaths::number)
            .orElse(-1L);
    return job.get().startedAt().isAfter(taken)
        && restored < SnapshotPaths.number(known.get().path());
  }

  /**
   * Flink tells what was restored only when the tasks run, and from a cache of 3 s (1.20 to 2.3).
   */
  private static boolean restoredIsKnown(ObservedJob job, Instant now) {
    Instant since = job.tasksRunningSince().orElse(now);
    return job.allTasksRunning()
        && (job.checkpoints().restored().isPresent() || since.plus(CACHED).isBefore(now));
  }

  /**
   * Whether the job restored what its start was given, or a checkpoint of its own since then; a
   * start from nothing restores nothing.
   */
  public static boolean restoredAsIntended(LaunchStatus launch, ObservedJob job) {
    Optional<String> intended =
        Optional.ofNullable(launch.restoredFrom()).map(SnapshotPaths::plain);
    Optional<String> restored = job.checkpoints().restored().map(SnapshotPaths::plain);
    return intended.isEmpty()
        || intended.equals(restored)
        || restored.filter(path -> SnapshotPaths.ofJob(path, launch.jobId())).isPresent()
        || restored
            .filter(path -> SnapshotSearch.holds(launch, path))
            .filter(path -> !SnapshotPaths.laterOfTheSameJob(intended.get(), path))
            .isPresent()
        || restored
            .filter(path -> SnapshotPaths.laterOfTheSameJob(path, intended.get()))
            .isPresent();
  }

  /**
   * What a start of this spec begins from: the savepoint of the operation, else the newest point
   * that is known, else what the line of starts began with. Empty where no state is to be kept. A
   * job that has finished begins anew, unless somebody had stopped it with a savepoint.
   */
  public static Optional<String> startingPoint(
      Situation s, OperationStatus operation, CheckedCluster spec) {
    if (!CarriedState.wanted(s, operation.type(), spec)) {
      return Optional.empty();
    }
    return Optional.ofNullable(operation.savepoint())
        .or(() -> known(s.recorded()).map(RestorePoint::path))
        .or(() -> origin(s, spec));
  }

  /** Checkpoints of a job that has finished are gone; an earlier operator may have noted one. */
  private static Optional<RestorePoint> known(RecordedState recorded) {
    return recorded
        .restorePoint()
        .filter(p -> !finished(recorded) || p.type() == RestorePoint.Type.Savepoint);
  }

  private static boolean finished(RecordedState recorded) {
    return recorded.launch().filter(l -> l.finishedAt() != null).isPresent();
  }

  /**
   * Nothing was completed yet: what ran began from this, and what never ran, or has come to its
   * end, is to begin with it.
   */
  private static Optional<String> origin(Situation s, CheckedCluster spec) {
    return s.recorded().lastStable().isPresent() && !finished(s.recorded())
        ? s.recorded().launch().map(LaunchStatus::restoredFrom)
        : FormerState.firstPoint(s, s.wanted().orElse(spec));
  }
}
