package io.flinkcluster.operator.model;

import java.util.Optional;

/** What Flink says of a savepoint that it was asked for. */
public sealed interface SavepointProgress {

  /** The trigger id that was asked about. */
  String triggerId();

  /** It is being written. */
  record InProgress(String triggerId) implements SavepointProgress {}

  /**
   * It is complete.
   *
   * @param location its path
   */
  record Completed(String triggerId, String location) implements SavepointProgress {}

  /**
   * It failed, or it was written and the job failed while stopping.
   *
   * @param message what Flink says, one line, at most 500 characters
   * @param written path of a savepoint that is complete although the stop failed
   */
  record Failed(String triggerId, String message, Optional<String> written)
      implements SavepointProgress {}

  /** Flink does not know the trigger: it was never asked, or it has forgotten. */
  record Unknown(String triggerId) implements SavepointProgress {}
}
