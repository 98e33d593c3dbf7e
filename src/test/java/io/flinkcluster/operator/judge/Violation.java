package io.flinkcluster.operator.judge;

/**
 * Something that must not be.
 *
 * @param invariant for instance {@code S4}
 * @param at when, as in the event
 * @param cluster uid of the FlinkCluster; empty: none in particular
 * @param what in words
 */
public record Violation(String invariant, long at, String cluster, String what) {
  @Override
  public String toString() {
    return "%s at %.3f s: %s".formatted(invariant, at / 1000.0, what);
  }
}
