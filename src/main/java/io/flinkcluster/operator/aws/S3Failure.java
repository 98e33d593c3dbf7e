package io.flinkcluster.operator.aws;

/** S3 did not do what it was asked; the message is one line for people, without secrets. */
public final class S3Failure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What it means for whoever must act. */
  public enum Kind {
    /** A right is missing, or the credentials are not accepted. */
    DENIED,
    /** What was asked for is not there, is elsewhere, or cannot be used as it is. */
    UNUSABLE,
    /** S3 did not answer, or asks to come back later. */
    UNREACHABLE
  }

  private final Kind kind;
  private final boolean passing;

  S3Failure(Kind kind, String message, boolean passing, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.passing = passing;
  }

  /** What it means. */
  public Kind kind() {
    return kind;
  }

  /** Whether it may go well when it is tried again. */
  public boolean passing() {
    return passing;
  }
}
