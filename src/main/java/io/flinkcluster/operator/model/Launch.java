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
 */
public record Launch(
    long epoch,
    Optional<String> jobId,
    Optional<String> restoredFrom,
    List<String> snapshotSearchDirectories) {

  /** A start before which no job was lost unseen. */
  public Launch(long epoch, Optional<String> jobId, Optional<String> restoredFrom) {
    this(epoch, jobId, restoredFrom, List.of());
  }
}
