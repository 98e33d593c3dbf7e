package io.flinkcluster.operator.e2e;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What is left out of a run that is not a full one; said at its end, for everyone to see. */
final class LeftOut implements AutoCloseable {
  private static final boolean FULL = Boolean.getBoolean("e2e.full");

  private final Queue<String> chapters = new ConcurrentLinkedQueue<>();

  /** Whether a chapter that only a full run tells is told of this version. */
  static boolean told(String version) {
    return FULL || version.equals(FullRunOnly.Versioned.NEWEST);
  }

  void add(String chapter) {
    chapters.add(chapter);
  }

  @Override
  public void close() {
    if (!chapters.isEmpty()) {
      System.err.printf(
          "LEFT OUT: %d chapters with an older Flink, which -De2e.full=true includes: %s%n",
          chapters.size(), String.join(", ", chapters));
    }
  }
}
