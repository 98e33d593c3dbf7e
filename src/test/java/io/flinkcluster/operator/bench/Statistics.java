package io.flinkcluster.operator.bench;

import java.util.Collection;

/** What is said of several measurements of the same thing. */
final class Statistics {
  private Statistics() {}

  /**
   * The middle one, or the mean of the two in the middle.
   *
   * @throws IllegalArgumentException where nothing was measured
   */
  static double median(Collection<? extends Number> values) {
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no median of nothing");
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The smallest measurement that this share of them does not exceed.
   *
   * @param percent 1-100
   * @throws IllegalArgumentException where nothing was measured
   */
  static double percentile(Collection<? extends Number> values, int percent) {
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no percentile of nothing");
    }
    return sorted[Math.max(1, (int) Math.ceil(sorted.length * percent / 100.0)) - 1];
  }
}
