package io.flinkcluster.operator.replay;

/** What was recorded cannot be replayed; the message says why and what to do. */
public final class RecordingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RecordingException(String message) {
    super(message);
  }
}
