package io.flinkcluster.operator.cli;

/** Ends a command with a message for people and an exit code. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  Failure(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }
}
