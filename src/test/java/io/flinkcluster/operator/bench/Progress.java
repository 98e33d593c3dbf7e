package io.flinkcluster.operator.bench;

/** What is being done, on standard error: a line for each step, with the seconds it took. */
final class Progress {
  private long since;

  void step(String what) {
    since = System.nanoTime();
    System.err.printf("%-60s", what);
  }

  void done(String figure) {
    System.err.printf(" %3d s  %s%n", (System.nanoTime() - since) / 1_000_000_000, figure);
  }
}
