package io.flinkcluster.operator.model;

import java.util.List;
import java.util.Optional;

/**
 * What differs between the spec that runs and the spec that is wanted, as far as it matters to what
 * runs.
 *
 * @param kind what it takes
 * @param changes one line per field, for people: {@code taskManager.replicas 1 → 2}; values of
 *     {@code flinkConfiguration} are not shown, they may be secret
 */
public record SpecDiff(Kind kind, List<String> changes) {

  /** What a difference takes. */
  public enum Kind {
    /** Only parallelism, replicas or slots differ. */
    RESCALE,
    /** Something else differs, perhaps the size as well. */
    RESTART
  }

  /** The difference; empty where the running cluster already is what is wanted. */
  public static Optional<SpecDiff> between(CheckedCluster running, CheckedCluster wanted) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** All changes as one line. */
  public String summary() {
    return String.join(", ", changes);
  }
}
