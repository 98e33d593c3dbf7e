package io.flinkcluster.operator.flinkrest;

/**
 * What Flink says of a deletion of a savepoint that it was asked for.
 *
 * @param message why it failed, one line, at most 500 characters; empty unless it failed
 */
public record DisposalProgress(State state, String message) {

  /** How far it has come. */
  public enum State {
    /** Files are being deleted. */
    IN_PROGRESS,
    /** It is deleted, or there was none at that path. */
    GONE,
    /** It could not be deleted, or not as a whole. */
    FAILED,
    /** Flink does not know the request: it has forgotten, or it is another process now. */
    UNKNOWN
  }
}
