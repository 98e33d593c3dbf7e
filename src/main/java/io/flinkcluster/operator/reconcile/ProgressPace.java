package io.flinkcluster.operator.reconcile;

import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.Schemes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * How often it is written down that a job has completed another checkpoint. Every write costs the
 * API server, etcd and all who watch: of many clusters each waits for its turn, so that all of them
 * together write about 17 times a second. Up to 166 clusters never wait; of 10,000 each is written
 * every ten minutes.
 *
 * <p>What is not written yet is not forgotten: every decision rests on what was seen last, and is
 * written with it. Should both this process and the JobManager be lost, the next JobManager looks
 * for the newest checkpoint before it starts Flink, or high availability has it. Where neither is
 * so, nothing waits.
 */
final class ProgressPace {
  private static final Duration EACH = Duration.ofMillis(60);

  /** For less it is not worth the wait. */
  private static final Duration LEAST = Duration.ofSeconds(10);

  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final IntSupplier clusters;
  private final InstantSource clock;
  private final Map<ClusterKey, Instant> written = new ConcurrentHashMap<>();

  /**
   * A pace.
   *
   * @param clusters how many there are
   */
  ProgressPace(IntSupplier clusters, InstantSource clock) {
    this.clusters = clusters;
    this.clock = clock;
  }

  /** The status of this cluster was written. */
  void written(ClusterKey key) {
    written.put(key, clock.instant());
  }

  void forget(ClusterKey key) {
    written.remove(key);
  }

  /**
   * How long the news of a checkpoint waits still.
   *
   * @param running the spec that the current start runs
   * @return zero: not at all
   */
  Duration left(ClusterKey key, CheckedCluster running) {
    Duration pause = EACH.multipliedBy(clusters.getAsInt());
    if (pause.compareTo(LEAST) < 0 || !isFoundAgain(running)) {
      return Duration.ZERO;
    }
    pause = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    Instant now = clock.instant();
    // The first time that this process asks, as if it had been written a while ago, not all at once
    Duration since = pause.multipliedBy(Math.floorMod(key.uid().hashCode(), 100)).dividedBy(100);
    Instant last = written.computeIfAbsent(key, k -> now.minus(since));
    Duration left = Duration.between(now, last.plus(pause));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether a start finds the newest checkpoint, though nobody had written down which it is. */
  private static boolean isFoundAgain(CheckedCluster running) {
    return running.highlyAvailable()
        || running.dirs().checkpoints().filter(Schemes::searchable).isPresent();
  }
}
