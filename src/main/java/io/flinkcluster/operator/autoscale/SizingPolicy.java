package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.api.AutoscalingSpec;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a user allows and wants.
 *
 * @param minReplicas fewest TaskManagers, at least 1
 * @param maxReplicas most TaskManagers, not below {@code minReplicas}
 * @param targetUtilization share of their time in which tasks should work, above 0.0, below 1.0
 * @param maxLag how far behind the sources may be, in time
 * @param catchUp within which time a lag should be worked off
 * @param up how long more TaskManagers must be needed before they are asked for
 * @param down how long fewer must have been enough before some are given back
 * @param maxScaleDownPercent most of the TaskManagers that are given back at once, 0.0 to 1.0; one
 *     always may be
 * @param quietHours hours in which the size is left as it is
 * @param freeze the size is left as it is
 * @param vertexLimits most tasks of a vertex, by its name
 */
public record SizingPolicy(
    int minReplicas,
    int maxReplicas,
    double targetUtilization,
    Duration maxLag,
    Duration catchUp,
    Duration up,
    Duration down,
    double maxScaleDownPercent,
    List<QuietHours> quietHours,
    boolean freeze,
    Map<String, Integer> vertexLimits) {

  /** The defaults, within these bounds. */
  public static SizingPolicy within(int minReplicas, int maxReplicas) {
    return new SizingPolicy(
        minReplicas,
        maxReplicas,
        0.7,
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofSeconds(90),
        Duration.ofMinutes(15),
        0.6,
        List.of(),
        false,
        Map.of());
  }

  /**
   * What a checked spec says.
   *
   * @param most TaskManagers that the job could use at all, where the spec sets no bound
   */
  public static SizingPolicy of(AutoscalingSpec spec, int most) {
    int max = spec.maxReplicas() == null ? Math.max(spec.minReplicas(), most) : spec.maxReplicas();
    return new SizingPolicy(
        spec.minReplicas(),
        max,
        spec.targetUtilization() / 100.0,
        Times.duration(spec.maxLag()),
        Times.duration(spec.catchUp()),
        Times.duration(spec.stabilization().up()),
        Times.duration(spec.stabilization().down()),
        spec.maxScaleDownPercent() / 100.0,
        spec.quietHours().stream().map(QuietHours::of).toList(),
        spec.freeze(),
        Map.copyOf(spec.vertexMaxParallelism()));
  }

  /** Above this share more tasks are needed: two thirds of the way to all of the time. */
  double upperUtilization() {
    return (2 + targetUtilization) / 3;
  }
}
