package io.flinkcluster.operator.flinkrest;

import io.flinkcluster.operator.model.SafeText;

/** A call to Flink that brought no usable answer. Says nothing about the state of the job. */
public final class RemoteFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What became of the call. */
  public enum Kind {
    /**
     * No answer, an answer that came too late, or one of 408, 429 and 5xx. Whether the request has
     * had an effect is unknown; try again.
     */
    UNREACHABLE,
    /** Flink itself says that it does not know the job, vertex or trigger. */
    NOT_FOUND,
    /** Flink understood and says no, for instance 400 or 409. */
    REFUSED,
    /** Something answered, but not as Flink does: a proxy's page, cut JSON, too many bytes. */
    BROKEN_ANSWER
  }

  /**
   * A failure.
   *
   * @param message one line, at most 500 characters, never the body of an answer
   */
  public RemoteFailure(Kind kind, String message) {
    super(SafeText.line(message), null, false, false);
    this.kind = kind;
  }

  /** What became of the call. */
  public Kind kind() {
    return kind;
  }
}
