package io.flinkcluster.operator.cli;

/** What the exit code says; picocli's own 2 stands for wrong arguments. */
final class ExitCode {
  /** All went as asked. */
  static final int OK = 0;

  /** It was asked for and failed, or what was examined is not well. */
  static final int FAILED = 1;

  /** Wrong arguments. */
  static final int USAGE = 2;

  /** The API server cannot be reached, refuses it, or has no such object. */
  static final int REFUSED = 3;

  /** It was still under way when {@code --timeout} was over; it goes on. */
  static final int TIMED_OUT = 4;

  private ExitCode() {}
}
