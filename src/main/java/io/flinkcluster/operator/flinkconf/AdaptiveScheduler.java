package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options of a job that can be rescaled in place. All TaskManagers are there before Flink is
 * asked for a new size, so that its own waiting only delays.
 */
public final class AdaptiveScheduler {

  private static final String PREFIX = "jobmanager.adaptive-scheduler.";

  /** From one rescale to the next; TaskManagers that come back together are one rescale. */
  private static final String COOLDOWN = "3 s";

  /** A job that has lost its slots waits for new ones; by default it fails for good after 5 min. */
  private static final String FOR_EVER = "365 d";

  private AdaptiveScheduler() {}

  /** By the names that the version itself uses; a user cannot set them. */
  public static SortedMap<String, String> options(FlinkVersion version) {
    var options = new TreeMap<String, String>();
    options.put("jobmanager.scheduler", "Adaptive");
    // A slot that is needed no more is given back so soon that a TaskManager can be told to be free
    // before it is removed.
    options.put("slot.idle.timeout", "1 s");
    if (version == FlinkVersion.V1_20) {
      options.put(PREFIX + "scaling-interval.min", COOLDOWN);
      options.put(PREFIX + "resource-wait-timeout", FOR_EVER);
    } else {
      options.put(PREFIX + "executing.cooldown-after-rescaling", COOLDOWN);
      options.put(PREFIX + "executing.resource-stabilization-timeout", "10 s");
      options.put(PREFIX + "submission.resource-wait-timeout", FOR_EVER);
    }
    return Collections.unmodifiableSortedMap(options);
  }
}
