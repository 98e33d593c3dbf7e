package io.flinkcluster.operator.api;

/** The spelling of a duration in the resource. */
public final class Durations {
  /** A whole number and a unit: {@code 500ms}, {@code 60s}, {@code 10m}, {@code 6h}, {@code 7d}. */
  public static final String PATTERN = "^[0-9]{1,12}(ms|s|m|min|h|d)$";

  private Durations() {}
}
