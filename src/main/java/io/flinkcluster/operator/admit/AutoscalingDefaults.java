package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingSpec;
import io.flinkcluster.operator.api.QuietHoursSpec;
import io.flinkcluster.operator.api.StabilizationSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Fills in the defaults of {@code spec.autoscaling}. */
final class AutoscalingDefaults {

  private AutoscalingDefaults() {}

  static AutoscalingSpec fill(AutoscalingSpec given) {
    StabilizationSpec times = given.stabilization();
    return new AutoscalingSpec(
        or(given.mode(), AutoscalingMode.Off),
        or(given.minReplicas(), 1),
        given.maxReplicas(),
        or(given.targetUtilization(), 70),
        or(given.maxLag(), "1m"),
        or(given.catchUp(), "10m"),
        new StabilizationSpec(
            times == null ? "90s" : or(times.up(), "90s"),
            times == null ? "15m" : or(times.down(), "15m")),
        or(given.maxScaleDownPercent(), 60),
        given.quietHours() == null
            ? List.of()
            : given.quietHours().stream()
                .filter(Objects::nonNull)
                .map(AutoscalingDefaults::quietHours)
                .toList(),
        or(given.freeze(), false),
        given.vertexMaxParallelism() == null ? Map.of() : given.vertexMaxParallelism());
  }

  private static QuietHoursSpec quietHours(QuietHoursSpec given) {
    return new QuietHoursSpec(
        given.days() == null ? List.of() : given.days(),
        given.from(),
        given.to(),
        or(given.timeZone(), "UTC"));
  }

  private static <T> T or(T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
