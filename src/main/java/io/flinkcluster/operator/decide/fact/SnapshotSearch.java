package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Schemes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Snapshots that nobody saw: a JobManager that was lost while it wrote a savepoint may have
 * completed it, and a job may have completed a checkpoint, and committed output with it, after the
 * last look at it. They are newer than every point that is known. The pod of the next start looks
 * for them before it starts Flink.
 */
public final class SnapshotSearch {

  /** Directories that one start looks in, at most: of starts lost in a row. */
  private static final int MOST = 6;

  private SnapshotSearch() {}

  /**
   * Where the pod of the next start must look, the latest job first; right before the directory of
   * a job's checkpoints one that a savepoint of it was to be written to.
   */
  public static List<String> directories(
      Situation s, OperationStatus operation, CheckedCluster next) {
    if (!CarriedState.wanted(s, operation.type(), next)) {
      return List.of();
    }
    return last(s)
        .map(l -> after(s, l, !undone(s, operation, l) && continued(s, l)))
        .orElseGet(() -> FormerState.searchDirectories(s, next));
  }

  /**
   * Where a snapshot may lie that is newer than every point that is known, of this cluster or of
   * the deleted one that it continued.
   */
  public static List<String> unseen(Situation s) {
    return last(s)
        .map(l -> after(s, l, continued(s, l)))
        .or(() -> FormerState.ours(s).map(FinalSavepoint::searchDirectories))
        .orElse(List.of());
  }

  private static Optional<LaunchStatus> last(Situation s) {
    return s.recorded().launch().filter(l -> l.jobId() != null);
  }

  private static List<String> after(Situation s, LaunchStatus lost, boolean continued) {
    var all = new LinkedHashSet<String>();
    if (continued) {
      Optional.ofNullable(lost.unconfirmedSavepointDirectory()).ifPresent(all::add);
      if (lost.lostAt() != null) {
        checkpoints(s, lost).ifPresent(all::add);
      }
      if (ownPointIsKnown(s, lost)) {
        return limited(all); // what it was to begin with is older
      }
    }
    if (lost.snapshotSearchDirectories() != null) {
      all.addAll(lost.snapshotSearchDirectories());
    }
    return limited(all);
  }

  /** A rollback goes back on purpose behind what the start that failed has written. */
  private static boolean undone(Situation s, OperationStatus operation, LaunchStatus launch) {
    return operation.type() == OperationType.Rollback
        && s.recorded()
            .lastStable()
            .filter(stable -> Objects.equals(stable.epoch(), launch.epoch()))
            .isEmpty();
  }

  private static List<String> limited(LinkedHashSet<String> all) {
    var list = new ArrayList<>(all);
    return List.copyOf(list.subList(0, Math.min(list.size(), MOST)));
  }

  /**
   * Which of these no pod can list. A start that cannot look everywhere would begin from a point
   * that may be too old.
   */
  public static List<String> notSearchable(
      Situation s, OperationStatus operation, CheckedCluster next) {
    return directories(s, operation, next).stream().filter(d -> !Schemes.searchable(d)).toList();
  }

  private static boolean ownPointIsKnown(Situation s, LaunchStatus launch) {
    return s.recorded()
        .restorePoint()
        .map(RestorePoint::jobId)
        .filter(launch.jobId()::equals)
        .isPresent();
  }

  /** Where the job of this start writes its checkpoints; empty: it takes none that last. */
  public static Optional<String> checkpoints(Situation s, LaunchStatus launch) {
    return s.spec(launch.epoch(), launch.fingerprint())
        .or(s::wanted)
        .flatMap(spec -> spec.dirs().checkpoints())
        .map(parent -> parent + "/" + launch.jobId());
  }

  /**
   * Whether what the job of this start wrote is to be continued: not where the start was a change
   * that failed, or was undone, or was given up by its own job.
   */
  private static boolean continued(Situation s, LaunchStatus launch) {
    if (launch.stoppedAt() == null) {
      return true;
    }
    return s.recorded().operations().stream()
        .filter(o -> Objects.equals(o.epoch(), launch.epoch()))
        .findFirst()
        .map(SnapshotSearch::continued)
        .orElse(true);
  }

  private static boolean continued(OperationRecord start) {
    return switch (start.result()) {
      case Succeeded, Superseded -> true;
      case Failed ->
          !OperationTypes.of(start.type()).reversible()
              && (start.reason() == Reason.JobManagerLost || start.reason() == Reason.PodDisrupted);
      case RolledBack, Abandoned -> false;
    };
  }

  /** What the job of this start restored, where that is a savepoint that nobody had confirmed. */
  public static Optional<String> found(Situation s, LaunchStatus launch, ObservedJob job) {
    return job.checkpoints()
        .restored()
        .filter(SnapshotPaths::savepoint)
        .filter(path -> holds(launch, path))
        .filter(path -> s.recorded().restorePoint().filter(p -> known(p, launch, path)).isEmpty());
  }

  /** Whether the known point is that one, or a later one of the job that restored it. */
  private static boolean known(RestorePoint point, LaunchStatus launch, String path) {
    return Objects.equals(point.jobId(), launch.jobId())
        || SnapshotPaths.plain(point.path()).equals(SnapshotPaths.plain(path));
  }

  /** Whether it is a snapshot that this start was to look for. */
  static boolean holds(LaunchStatus launch, String snapshot) {
    return launch.snapshotSearchDirectories() != null
        && launch.snapshotSearchDirectories().stream()
            .anyMatch(d -> SnapshotPaths.below(d, snapshot));
  }
}
