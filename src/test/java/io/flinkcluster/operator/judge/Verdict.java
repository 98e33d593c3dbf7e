package io.flinkcluster.operator.judge;

import java.util.List;
import java.util.Map;

/**
 * What the judge says.
 *
 * @param violations in the order of their events
 * @param premises how often each invariant had something to say, so that none is right for want of
 *     a case
 */
public record Verdict(List<Violation> violations, Map<String, Integer> premises) {

  /** Whether this invariant was violated. */
  public boolean violates(String invariant) {
    return violations.stream().anyMatch(v -> v.invariant().equals(invariant));
  }

  /** The invariants that were violated. */
  public List<String> violated() {
    return violations.stream().map(Violation::invariant).distinct().sorted().toList();
  }
}
