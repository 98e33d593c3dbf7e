package io.flinkcluster.operator.observe;

import java.util.HashMap;
import java.util.Map;

/**
 * How many partitions each source reads, from the metrics that its tasks report. Tasks that have
 * just begun report theirs one after the other: a number counts once it was seen twice.
 */
final class Partitions {
  private final Map<String, Integer> last = new HashMap<>();
  private final Map<String, Integer> confirmed = new HashMap<>();

  /** One more look at a source; 0: it tells of none. */
  void seen(String vertex, int partitions) {
    Integer before = last.put(vertex, partitions);
    if (partitions > 0 && before != null && before == partitions) {
      confirmed.put(vertex, partitions);
    } else {
      confirmed.remove(vertex);
    }
  }

  /** By source vertex; without those of which it is not known. */
  Map<String, Integer> confirmed() {
    return Map.copyOf(confirmed);
  }

  void forget() {
    last.clear();
    confirmed.clear();
  }
}
