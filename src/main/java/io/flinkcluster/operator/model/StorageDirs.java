package io.flinkcluster.operator.model;

import java.util.Optional;
import java.util.stream.Stream;

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

  /** Whether one of them is on S3, so that Flink needs a plugin for it. */
  public boolean onS3() {
    return Stream.of(checkpoints, savepoints, highAvailability)
        .flatMap(Optional::stream)
        .anyMatch(Schemes::isS3);
  }
}
