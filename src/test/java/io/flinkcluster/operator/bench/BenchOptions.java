package io.flinkcluster.operator.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What a user of {@code dev/bench/run} asked for.
 *
 * @param repeat how often a cluster is created by the operator and by hand, 1-100
 * @param keep whether Kubernetes is left running at the end
 */
record BenchOptions(int repeat, boolean keep) {
  static final String USAGE = "usage: dev/bench/run [--repeat N] [--keep]";
  private static final int REPEAT = 3;
  private static final int MOST = 100;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with one sentence for the user
   */
  static BenchOptions parse(List<String> arguments) {
    Deque<String> left = new ArrayDeque<>(arguments);
    int repeat = REPEAT;
    boolean keep = false;
    while (!left.isEmpty()) {
      switch (left.pop()) {
        case "--repeat" -> repeat = number(left);
        case "--keep" -> keep = true;
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    return new BenchOptions(repeat, keep);
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
