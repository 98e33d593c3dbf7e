package io.flinkcluster.operator.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What a user of {@code dev/bench/run} asked for.
 *
 * @param repeat how often a cluster is created by the operator and by hand, 1-100
 * @param flink version of Flink: one of those that the end-to-end tests have images of
 * @param keep whether Kubernetes is left running at the end
 */
record BenchOptions(int repeat, String flink, boolean keep) {
  static final String USAGE = "usage: dev/bench/run [--repeat N] [--flink VERSION] [--keep]";
  private static final int REPEAT = 3;
  private static final List<String> VERSIONS = List.of("2.3", "1.20");
  private static final int MOST = 100;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with one sentence for the user
   */
  static BenchOptions parse(List<String> arguments) {
    Deque<String> left = new ArrayDeque<>(arguments);
    int repeat = REPEAT;
    String flink = VERSIONS.get(0);
    boolean keep = false;
    while (!left.isEmpty()) {
      switch (left.pop()) {
        case "--repeat" -> repeat = number(left);
        case "--flink" -> flink = version(left);
        case "--keep" -> keep = true;
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    return new BenchOptions(repeat, flink, keep);
  }

  private static String version(Deque<String> left) {
    if (!left.isEmpty() && VERSIONS.contains(left.peek())) {
      return left.pop();
    }
    throw new IllegalArgumentException(
        "--flink needs one of " + String.join(", ", VERSIONS) + "; " + USAGE);
  }

  private static int number(Deque<String> left) {
    try {
      int number = Integer.parseInt(left.pop());
      if (number >= 1 && number <= MOST) {
        return number;
      }
    } catch (NoSuchElementException | NumberFormatException e) {
      // the same sentence as for a number that is too large
    }
    throw new IllegalArgumentException("--repeat needs a number from 1 to " + MOST + "; " + USAGE);
  }
}
