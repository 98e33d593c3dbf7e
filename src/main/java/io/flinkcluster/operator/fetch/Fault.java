package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Failure;

/** Something could not be fetched; the message is one line for people, without secrets. */
public class Fault extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  Fault(String message, boolean passing, Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  static Fault lasting(String message) {
    return new Fault(message, false, null);
  }

  static Fault passing(String message) {
    return new Fault(message, true, null);
  }

  static Fault of(S3Failure failure) {
    return new Fault(failure.getMessage(), failure.passing(), failure);
  }

  /** Whether it may go well when it is tried again. */
  boolean passing() {
    return passing;
  }
}
