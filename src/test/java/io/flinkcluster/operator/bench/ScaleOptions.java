package io.flinkcluster.operator.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What a user of {@code dev/bench/scale} asked for.
 *
 * @param clusters how many are pretended, 1-10000
 * @param restSeconds how long nothing happens, 10-3600
 * @param memoryMebibytes memory limit of the operator; 0: that of the chart
 */
record ScaleOptions(int clusters, int restSeconds, int memoryMebibytes) {
  static final String USAGE = "usage: dev/bench/scale CLUSTERS [--rest SECONDS] [--memory MIB]";

  private static final int REST = 60;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with one sentence for the user
   */
  static ScaleOptions parse(List<String> arguments) {
    Deque<String> left = new ArrayDeque<>(arguments);
    if (left.isEmpty()) {
      throw new IllegalArgumentException(USAGE);
    }
    int clusters = number("CLUSTERS", left, 1, 10_000);
    int rest = REST;
    int memory = 0;
    while (!left.isEmpty()) {
      switch (left.pop()) {
        case "--rest" -> rest = number("--rest", left, 10, 3_600);
        case "--memory" -> memory = number("--memory", left, 128, 65_536);
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    return new ScaleOptions(clusters, rest, memory);
  }

  private static int number(String of, Deque<String> left, int least, int most) {
    try {
      int number = Integer.parseInt(left.pop());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NoSuchElementException | NumberFormatException e) {
      // the same sentence as for a number that is out of range
    }
    throw new IllegalArgumentException(
        of + " needs a number from " + least + " to " + most + "; " + USAGE);
  }
}
