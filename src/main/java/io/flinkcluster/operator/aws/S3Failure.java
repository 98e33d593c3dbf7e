package io.flinkcluster.operator.aws;

/** S3 did not do what it was asked; the message is one line for people, without secrets. */
public final class S3Failure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  S3Failure(String message, boolean passing, Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  /** Whether it may go well when it is tried again. */
  public boolean passing() {
    return passing;
  }
}
