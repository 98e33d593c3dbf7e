package io.flinkcluster.operator.reconcile;

import io.flinkcluster.operator.model.ClusterKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When a walk begins again in which somebody else wrote meanwhile: at once, but where that goes on
 * less and less often. What was written is heard of, and then it begins at once anyway.
 */
final class Conflicts {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final int MOST_DOUBLINGS = 6;

  private final Map<ClusterKey, Integer> inRow = new ConcurrentHashMap<>();

  /** After a walk: how long to wait for the next one, where it ended with a conflict. */
  Duration next(ClusterKey cluster, boolean conflict) {
    if (!conflict) {
      inRow.remove(cluster);
      return FIRST;
    }
    int before = inRow.merge(cluster, 1, Integer::sum) - 1;
    return FIRST.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
  }

  void forget(ClusterKey cluster) {
    inRow.remove(cluster);
  }
}
