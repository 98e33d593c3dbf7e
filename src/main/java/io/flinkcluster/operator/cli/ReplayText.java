package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.autoscale.Evaluation;
import io.flinkcluster.operator.model.Times;
import io.flinkcluster.operator.replay.Replay;
import io.flinkcluster.operator.replay.Replay.Decision;
import io.flinkcluster.operator.replay.ReplaySummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A replay, for people and for programs. */
final class ReplayText {

  /** What is printed as JSON. */
  record Page(List<Line> decisions, Sums summary) {}

  /** One evaluation. */
  record Line(
      String at,
      boolean estimated,
      int replicas,
      String rule,
      Integer wanted,
      String why,
      String whyNotMore,
      String bottleneck,
      String inputs,
      Long lag,
      Double secondsBehind,
      Double lagTrend,
      String next) {}

  /** What it comes to; see {@link ReplaySummary}. */
  record Sums(
      double hours,
      int rescales,
      double podHours,
      double recordedPodHours,
      double fixedPodHours,
      Double lagSeconds,
      Double recordedLagSeconds,
      Double longestBehind,
      Double recordedLongestBehind,
      double estimatedShare) {}

  private ReplayText() {}

  static Page json(Replay replay, boolean all) {
    ReplaySummary s = replay.summary();
    return new Page(
        shown(replay, all).stream().map(ReplayText::line).toList(),
        new Sums(
            s.hours(),
            s.rescales(),
            s.podHours(),
            s.recordedPodHours(),
            s.fixedPodHours(),
            s.lagSeconds().orElse(null),
            s.recordedLagSeconds().orElse(null),
            s.longestBehind().orElse(null),
            s.recordedLongestBehind().orElse(null),
            s.estimatedShare()));
  }

  private static Line line(Decision d) {
    Evaluation e = d.evaluation();
    return new Line(
        Times.text(e.at()),
        d.estimated(),
        e.replicas(),
        e.rule(),
        e.wanted().isPresent() ? e.wanted().getAsInt() : null,
        e.why(),
        e.whyNotMore().orElse(null),
        e.bottleneck().orElse(null),
        e.inputs().orElse(null),
        e.lag().isPresent() ? e.lag().getAsLong() : null,
        finite(e.secondsBehind().orElse(Double.NaN)),
        finite(e.lagTrend().orElse(Double.NaN)),
        Times.text(e.next()));
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  static String of(Replay replay, int fixed, boolean all) {
    var lines = new ArrayList<String>();
    shown(replay, all).forEach(d -> lines.addAll(lines(d)));
    lines.addAll(summary(replay.summary(), fixed));
    return String.join("\n", lines);
  }

  /** Those that say something else than the one before. */
  private static List<Decision> shown(Replay replay, boolean all) {
    var shown = new ArrayList<Decision>();
    for (Decision d : replay.decisions()) {
      boolean same =
          !shown.isEmpty() && same(shown.get(shown.size() - 1).evaluation(), d.evaluation());
      if (all || !same) {
        shown.add(d);
      }
    }
    return shown;
  }

  private static boolean same(Evaluation one, Evaluation other) {
    return one.rule().equals(other.rule())
        && one.wanted().equals(other.wanted())
        && one.replicas() == other.replicas();
  }

  private static List<String> lines(Decision d) {
    Evaluation e = d.evaluation();
    var lines = new ArrayList<String>();
    String size =
        e.wanted().isPresent() ? e.replicas() + " → " + e.wanted().getAsInt() : "" + e.replicas();
    lines.add(
        "%s%s  %s  %s: %s"
            .formatted(d.estimated() ? "~" : " ", moment(e), size, e.rule(), e.why()));
    e.inputs().ifPresent(i -> lines.add("     from: " + i));
    lag(e).ifPresent(l -> lines.add("     lag: " + l));
    e.whyNotMore().ifPresent(w -> lines.add("     not more: " + w));
    lines.add("     next: " + Times.text(e.next()).replace(".000Z", "Z"));
    return lines;
  }

  private static String moment(Evaluation e) {
    return Times.text(e.at()).replace(".000Z", "Z");
  }

  private static Optional<String> lag(Evaluation e) {
    if (e.lag().isEmpty()) {
      return Optional.empty();
    }
    double behind = e.secondsBehind().orElse(Double.NaN);
    double trend = e.lagTrend().orElse(0);
    return Optional.of(
        e.lag().getAsLong()
            + " records wait"
            + (Double.isFinite(behind) ? text(", %.0f s behind", behind) : "")
            + (Math.abs(trend) < 0.5
                ? ", steady"
                : text(trend > 0 ? ", grows by %.0f/s" : ", falls by %.0f/s", Math.abs(trend))));
  }

  private static List<String> summary(ReplaySummary s, int fixed) {
    var lines = new ArrayList<String>();
    lines.add(
        text(
            "%.1f h replayed: %s; %.1f pod-hours, %.1f with the size of the spec (%d)%s",
            s.hours(),
            Text.count(s.rescales(), "rescale"),
            s.podHours(),
            s.fixedPodHours(),
            fixed,
            Math.abs(s.recordedPodHours() - s.fixedPodHours()) < 0.05
                ? ""
                : text(", %.1f as recorded", s.recordedPodHours())));
    if (s.lagSeconds().isEmpty()) {
      lines.add("lag: no source tells it");
    } else {
      lines.add(
          text(
              "lag: %.0f lag-seconds, at most %.0f s behind; as recorded %.0f and %.0f s",
              s.lagSeconds().get(),
              s.longestBehind().get(),
              s.recordedLagSeconds().get(),
              s.recordedLongestBehind().get()));
    }
    if (s.estimatedShare() > 0) {
      lines.add(
          text(
              "~ for %.0f %% of the time the job had another size when it was recorded: there load"
                  + " and lag are estimated (as much comes in, each task does what a recorded one"
                  + " could). A recording cannot tell what else would have held the job up.",
              Math.max(1, 100 * s.estimatedShare())));
    }
    return lines;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
