package io.flinkcluster.operator.model;

import java.util.Optional;

/**
 * The directories of one cluster, without a trailing slash; empty where none is configured.
 *
 * @param checkpoints parent of {@code <job id>/chk-<n>}
 * @param savepoints parent of one directory per operation
 * @param highAvailability parent of the JobManager's recovery data
 */
public record StorageDirs(
    Optional<String> checkpoints, Optional<String> savepoints, Optional<String> highAvailability) {

  /** No directory is configured. */
  public static final StorageDirs NONE =
      new StorageDirs(Optional.empty(), Optional.empty(), Optional.empty());
}
