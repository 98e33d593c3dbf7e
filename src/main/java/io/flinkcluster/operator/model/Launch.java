package io.flinkcluster.operator.model;

import java.util.List;
import java.util.Optional;

/**
 * One start of a cluster. Every start has its own epoch, objects and job id, so that two starts
 * never write to the same place.
 *
 * @param epoch from 1, never used twice
 * @param jobId 32 hex digits; empty for a session cluster
 * @param restoredFrom savepoint or checkpoint; empty: empty state
 * @param snapshotSearchDirectories directories of lost jobs in which newer checkpoints may be, that
 *     of the latest job first; that of an operation that was to take a savepoint right before that
 *     of its job
 * @param prepared whether its JobManager's pod is made before the one that runs has stopped, waits
 *     for its release, and is told with it from what to begin: then the two above are empty here
 */
public record Launch(
    long epoch,
    Optional<String> jobId,
    Optional<String> restoredFrom,
    List<String> snapshotSearchDirectories,
    boolean prepared) {

  /** A start whose JobManager is made when nothing else runs any more. */
  public Launch(
      long epoch,
      Optional<String> jobId,
      Optional<String> restoredFrom,
      List<String> snapshotSearchDirectories) {
    this(epoch, jobId, restoredFrom, snapshotSearchDirectories, false);
  }

  /** A start before which no job was lost unseen. */
  public Launch(long epoch, Optional<String> jobId, Optional<String> restoredFrom) {
    this(epoch, jobId, restoredFrom, List.of(), false);
  }

  /** A start whose JobManager is prepared. */
  public static Launch prepared(long epoch, String jobId) {
    return new Launch(epoch, Optional.of(jobId), Optional.empty(), List.of(), true);
  }
}
