package io.flinkcluster.operator.reconcile;

import io.flinkcluster.operator.model.ClusterKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * How long a remark waits for the next write that tells more: half of the writes of an upgrade
 * would tell nothing else. One second; where there are more than 500 clusters 2 ms for each of
 * them, up to ten seconds.
 */
final class RemarkPace {
  private static final Duration EACH = Duration.ofMillis(2);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final IntSupplier clusters;
  private final InstantSource clock;

  /** Since when one waits. */
  private final Map<ClusterKey, Instant> waiting = new ConcurrentHashMap<>();

  /**
   * A pace.
   *
   * @param clusters how many there are
   */
  RemarkPace(IntSupplier clusters, InstantSource clock) {
    this.clusters = clusters;
    this.clock = clock;
  }

  /** None waits any more: the status was written with all of them, or the cluster is gone. */
  void forget(ClusterKey key) {
    waiting.remove(key);
  }

  /** How long a remark that there is now waits still; zero: not at all. */
  Duration left(ClusterKey key) {
    Instant now = clock.instant();
    Instant since = waiting.computeIfAbsent(key, k -> now);
    Duration pause = EACH.multipliedBy(clusters.getAsInt());
    pause = pause.compareTo(LEAST) < 0 ? LEAST : pause;
    pause = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    Duration left = Duration.between(now, since.plus(pause));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
