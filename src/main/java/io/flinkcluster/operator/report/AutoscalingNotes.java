package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.EvaluationStatus;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.Reason;
import java.util.Optional;
import java.util.Set;

/** What is told of evaluations: a size that is wanted, and why one that is needed is not. */
final class AutoscalingNotes {

  /** Rules that a person may have to act on. */
  private static final Set<String> WARNINGS =
      Set.of(
          "AtMaximum",
          "HoldAfterIneffective",
          "UndoIneffective",
          "JobRestarts",
          "NoProgress",
          "MetricsUnusable");

  private AutoscalingNotes() {}

  /** The event of an evaluation that differs from the one before it. */
  static Optional<EventNote> between(FlinkClusterStatus before, FlinkClusterStatus after) {
    Optional<EvaluationStatus> now = newest(after);
    boolean same = now.map(EvaluationStatus::since).equals(newest(before).map(e -> e.since()));
    return now.filter(e -> !same)
        .filter(e -> e.wanted() != null || WARNINGS.contains(e.rule()))
        .map(e -> note(e, after.autoscaling()));
  }

  private static EventNote note(EvaluationStatus e, AutoscalingStatus autoscaling) {
    String size =
        e.wanted() == null
            ? "%d TaskManagers stay".formatted(e.replicas())
            : "%d TaskManagers %s, now %d"
                .formatted(e.wanted(), verb(e, autoscaling), e.replicas());
    String more = e.whyNotMore() == null ? "" : "; " + e.whyNotMore();
    return new EventNote(
        WARNINGS.contains(e.rule()),
        Reason.Autoscaling,
        size + " (" + e.rule() + "): " + e.why() + more,
        "autoscaling/" + e.since());
  }

  private static String verb(EvaluationStatus e, AutoscalingStatus autoscaling) {
    boolean chosen =
        autoscaling.chosen() != null && e.wanted().equals(autoscaling.chosen().replicas());
    return chosen ? "chosen" : "recommended";
  }

  private static Optional<EvaluationStatus> newest(FlinkClusterStatus status) {
    return Optional.ofNullable(status)
        .map(FlinkClusterStatus::autoscaling)
        .map(AutoscalingStatus::evaluations)
        .flatMap(all -> all.stream().findFirst());
  }
}
