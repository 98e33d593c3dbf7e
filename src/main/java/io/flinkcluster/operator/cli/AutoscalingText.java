package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.EvaluationStatus;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/** What the size of the job should be and why, for people. */
final class AutoscalingText {
  private static final int SHOWN = 10;

  private AutoscalingText() {}

  static Optional<String> of(FlinkClusterStatus status, Instant now) {
    AutoscalingStatus autoscaling = status.autoscaling();
    if (autoscaling == null) {
      return Optional.empty();
    }
    var lines = new ArrayList<String>();
    lines.add(String.valueOf(autoscaling.mode()) + chosen(autoscaling));
    if (autoscaling.heldSince() != null) {
      lines.add("the edit of the spec's size wins since " + autoscaling.heldSince());
    }
    if (autoscaling.bottleneck() != null) {
      lines.add(autoscaling.bottleneck());
    }
    lag(autoscaling.lag()).ifPresent(lines::add);
    if (autoscaling.evaluations() != null) {
      autoscaling.evaluations().stream().limit(SHOWN).forEach(e -> lines.add(line(e, now)));
    }
    return Optional.of(String.join("\n", lines));
  }

  private static String chosen(AutoscalingStatus autoscaling) {
    var chosen = autoscaling.chosen();
    return chosen == null
        ? ""
        : ", %d TaskManagers chosen in place of %d (%s)"
            .formatted(chosen.replicas(), chosen.specReplicas(), chosen.rule());
  }

  private static Optional<String> lag(AutoscalingStatus.Lag lag) {
    if (lag == null || lag.records() == null) {
      return Optional.empty();
    }
    String behind = lag.secondsBehind() == null ? "" : ", " + lag.secondsBehind() + " s behind";
    String trend =
        lag.trend() == null || lag.trend() == 0
            ? ", steady"
            : (lag.trend() > 0 ? ", grows by " : ", falls by ")
                + Math.abs(lag.trend())
                + " records/s";
    return Optional.of(lag.records() + " records wait" + behind + trend);
  }

  private static String line(EvaluationStatus e, Instant now) {
    String size =
        e.wanted() == null ? "" : " " + e.replicas() + " → " + e.wanted() + " TaskManagers";
    String more = e.whyNotMore() == null ? "" : "; not more: " + e.whyNotMore();
    return Text.ago(e.since(), now).orElse("") + " " + e.rule() + size + ": " + e.why() + more;
  }
}
