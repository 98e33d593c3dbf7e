package io.flinkcluster.operator.autoscale;

import java.time.Instant;

/**
 * A change of size that an evaluation asked for.
 *
 * @param at when
 * @param from TaskManagers before
 * @param to TaskManagers after
 * @param rule the rule that asked for it
 * @param bottleneck name of the vertex that it was made for; empty: none
 * @param rate records that the sources took per second just before
 */
public record SizeChange(
    Instant at, int from, int to, String rule, String bottleneck, double rate) {

  /** In place of a rule: the change before it could not be carried out. */
  public static final String FAILED = "RescaleFailed";

  boolean increase() {
    return to > from;
  }
}
