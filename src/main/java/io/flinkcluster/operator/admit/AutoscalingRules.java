package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingSpec;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.QuietHoursSpec;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.api.UpgradeMode;
import io.flinkcluster.operator.model.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;

/** Rules for a size that follows the load. */
final class AutoscalingRules {

  private static final String FIELD = "spec.autoscaling.";

  private AutoscalingRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    AutoscalingSpec autoscaling = spec.autoscaling();
    if (autoscaling == null || autoscaling.mode() == AutoscalingMode.Off) {
      return;
    }
    if (spec.job() == null) {
      findings.refuse(
          FIELD + "mode",
          autoscaling.mode(),
          "a session cluster has no job of its own whose load could be followed",
          "remove spec.autoscaling; the jobs of a session cluster share its TaskManagers");
      return;
    }
    bounds(spec, autoscaling, findings);
    times(autoscaling, findings);
    autoscaling.quietHours().forEach(hours -> quietHours(hours, findings));
    vertices(spec, autoscaling, findings);
    if (autoscaling.mode() == AutoscalingMode.Apply) {
      apply(spec, autoscaling, findings);
    }
  }

  private static void bounds(FlinkClusterSpec spec, AutoscalingSpec a, Findings findings) {
    if (a.maxReplicas() == null) {
      return;
    }
    if (a.minReplicas() > a.maxReplicas()) {
      findings.refuse(
          FIELD + "minReplicas",
          a.minReplicas(),
          "is above maxReplicas " + a.maxReplicas(),
          "lower it, or raise maxReplicas");
    }
    long slots = (long) a.maxReplicas() * spec.taskManager().taskSlots();
    int most = spec.job().maxParallelism();
    if (slots >= most + (long) spec.taskManager().taskSlots()) {
      findings.refuse(
          FIELD + "maxReplicas",
          a.maxReplicas(),
          "has %d slots, and no vertex can have more tasks than job.maxParallelism %d"
              .formatted(slots, most),
          "use at most " + Math.max(1, most / spec.taskManager().taskSlots()));
    }
  }

  private static void times(AutoscalingSpec a, Findings findings) {
    within(a.stabilization().up(), "stabilization.up", "30s", "1h", findings);
    within(a.stabilization().down(), "stabilization.down", "1m", "1h", findings);
    within(a.catchUp(), "catchUp", "1m", "7d", findings);
    within(a.maxLag(), "maxLag", "1s", "7d", findings);
  }

  private static void within(
      String value, String field, String least, String most, Findings findings) {
    Duration time;
    try {
      time = Times.duration(value);
    } catch (IllegalArgumentException | ArithmeticException e) {
      findings.refuse(FIELD + field, value, "is not a duration", "write it as 90s or 15m");
      return;
    }
    boolean outside =
        time.compareTo(Times.duration(least)) < 0 || time.compareTo(Times.duration(most)) > 0;
    if (outside) {
      findings.refuse(
          FIELD + field,
          value,
          "is not between %s and %s".formatted(least, most),
          "choose a time between them");
    }
  }

  private static void quietHours(QuietHoursSpec hours, Findings findings) {
    if (hours.from() == null || hours.to() == null || hours.from().equals(hours.to())) {
      findings.refuse(
          FIELD + "quietHours",
          hours.from() + " to " + hours.to(),
          "does not say from when to when",
          "give two different times; for all of the time set freeze: true");
    }
    try {
      ZoneId.of(hours.timeZone());
    } catch (DateTimeException e) {
      findings.refuse(
          FIELD + "quietHours.timeZone",
          hours.timeZone(),
          "is not a name of the time zone database",
          "use one such as UTC or Europe/Berlin");
    }
  }

  private static void vertices(FlinkClusterSpec spec, AutoscalingSpec a, Findings findings) {
    a.vertexMaxParallelism()
        .forEach(
            (vertex, most) -> {
              if (most == null || most < 1 || most > spec.job().maxParallelism()) {
                findings.refuse(
                    FIELD + "vertexMaxParallelism." + vertex,
                    most,
                    "is not between 1 and job.maxParallelism " + spec.job().maxParallelism(),
                    "choose a number between them, or remove the vertex");
              }
            });
  }

  private static void apply(FlinkClusterSpec spec, AutoscalingSpec a, Findings findings) {
    if (a.maxReplicas() == null) {
      findings.refuse(
          FIELD + "maxReplicas",
          null,
          "is needed for mode Apply: nothing else limits what the job may cost",
          "set it, or use mode Recommend");
    }
    boolean inPlace = spec.rescale().mode() != RescaleMode.Savepoint;
    if (!inPlace && spec.job().upgradeMode() == UpgradeMode.Stateless) {
      findings.refuse(
          FIELD + "mode",
          a.mode(),
          "each change of size would begin with empty state, since job.upgradeMode is Stateless and"
              + " rescale.mode Savepoint",
          "set rescale.mode: Auto or InPlace, or keep state with storage and upgradeMode:"
              + " Savepoint");
    } else if (!inPlace) {
      findings.warn(
          FIELD + "mode",
          a.mode(),
          "stops the job with a savepoint for each change of size, since rescale.mode is Savepoint",
          "set rescale.mode: Auto to rescale in place");
    }
  }
}
