package io.flinkcluster.operator.model;

import java.time.Instant;

/**
 * What is known of the deletion of a savepoint that Flink was asked for.
 *
 * @param path the savepoint
 * @param outcome how far it has come
 * @param message why it failed, one line, at most 500 characters; empty unless it failed
 * @param at when Flink was asked, or when it ended
 */
public record ObservedDisposal(String path, Outcome outcome, String message, Instant at) {

  /** How far a deletion has come. */
  public enum Outcome {
    /** Flink has been asked and has not answered yet. */
    UNDER_WAY,
    /** Flink says that it is deleted, or that there is none. */
    GONE,
    /** Flink says that it could not, or nobody could be asked. */
    FAILED
  }
}
