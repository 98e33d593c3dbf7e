package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Schemes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Snapshots that nobody saw: a JobManager that was lost while it wrote a savepoint may have
 * completed it, and a job that was lost soon after its start may have completed its first
 * checkpoint, and committed output with it, before anyone looked. They are newer than every point
 * that is known.
 */
final class SnapshotSearch {

  /** Starts that were lost in a row, each before its first checkpoint was seen. */
  private static final int MOST = 5;

  private SnapshotSearch() {}

  /**
   * Where the pod of this start must look for them, the latest job first. None where the start goes
   * back on purpose, and where the newest known point is of the job that ran last: what is newer
   * lies beside it, and is looked for there.
   */
  static List<String> directories(Situation s, OperationStatus operation, CheckedCluster next) {
    var all = new ArrayList<String>();
    if (next.stateful()) {
      unconfirmed(operation).ifPresent(all::add);
    }
    all.addAll(ofLostJobs(s, operation, next));
    return List.copyOf(all);
  }

  /** Where a savepoint was asked for that nobody has told of. */
  static Optional<String> unconfirmed(OperationStatus operation) {
    return operation.savepoint() == null
        ? Optional.ofNullable(operation.savepointDirectory())
        : Optional.empty();
  }

  /** Whether a pod can look for that savepoint, and for checkpoints that may be newer. */
  static boolean searchable(Situation s, OperationStatus operation) {
    Optional<String> checkpoints =
        s.recorded()
            .restorePoint()
            .map(RestorePoint::path)
            .or(() -> s.recorded().launch().flatMap(l -> checkpoints(s, l)));
    return unconfirmed(operation)
        .filter(Schemes::searchable)
        .filter(d -> checkpoints.map(c -> comparable(c, d)).orElse(true))
        .isPresent();
  }

  /** One look must see both to tell which is newer. */
  private static boolean comparable(String checkpoints, String savepoints) {
    return Schemes.searchable(checkpoints) && Schemes.isS3(checkpoints) == Schemes.isS3(savepoints);
  }

  private static List<String> ofLostJobs(
      Situation s, OperationStatus operation, CheckedCluster next) {
    Optional<LaunchStatus> last = s.recorded().launch().filter(l -> l.jobId() != null);
    if (last.isEmpty() || operation.type() == OperationType.Rollback || !next.stateful()) {
      return List.of();
    }
    LaunchStatus lost = last.get();
    Optional<String> known = s.recorded().restorePoint().map(RestorePoint::jobId);
    if (known.filter(lost.jobId()::equals).isPresent()) {
      return List.of();
    }
    if (!continued(s, lost)) {
      return lost.snapshotSearchDirectories() == null
          ? List.of()
          : lost.snapshotSearchDirectories(); // it was to begin there, and failed
    }
    var directories = new ArrayList<String>();
    checkpoints(s, lost).ifPresent(directories::add);
    if (lost.snapshotSearchDirectories() != null) {
      directories.addAll(lost.snapshotSearchDirectories());
    }
    return List.copyOf(directories.subList(0, Math.min(directories.size(), MOST)));
  }

  private static Optional<String> checkpoints(Situation s, LaunchStatus launch) {
    return s.spec(launch.epoch(), launch.fingerprint())
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
          !StartRules.canBeUndone(start.type())
              && start.message() != null
              && start.message().startsWith(Reason.JobManagerLost.name());
      case RolledBack, Abandoned -> false;
    };
  }

  /** What a job restored, where that is the savepoint that nobody had told of. */
  static Optional<String> found(OperationStatus operation, ObservedJob job) {
    return job.checkpoints()
        .restored()
        .filter(path -> unconfirmed(operation).filter(d -> below(d, path)).isPresent());
  }

  private static boolean below(String directory, String snapshot) {
    String folder = Pattern.quote(Lineage.plain(directory));
    return Lineage.plain(snapshot).matches(folder + "/(chk|savepoint)-.*");
  }

  /** Whether it is such a snapshot. */
  static boolean holds(LaunchStatus launch, String snapshot) {
    return launch.snapshotSearchDirectories() != null
        && launch.snapshotSearchDirectories().stream().anyMatch(d -> below(d, snapshot));
  }
}
