package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.Chosen;
import io.flinkcluster.operator.api.AutoscalingStatus.EvaluationStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.Lag;
import io.flinkcluster.operator.api.AutoscalingStatus.SizeChangeStatus;
import io.flinkcluster.operator.autoscale.Evaluation;
import io.flinkcluster.operator.autoscale.SizeChange;
import io.flinkcluster.operator.decide.state.Sizes;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Noise;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the status says of evaluations: written only where it tells something new. */
final class AutoscalingRecord {
  private static final int KEPT = 10;

  /** What stays the same is told anew so often, with its figures. */
  private static final Duration REFRESHED = Duration.ofMinutes(5);

  /** Another rule without a change of size is told this long after the one before. */
  private static final Duration QUIET = Duration.ofMinutes(1);

  private AutoscalingRecord() {}

  /** What was recorded for the present mode. */
  static AutoscalingStatus begun(Optional<AutoscalingStatus> recorded, CheckedCluster spec) {
    AutoscalingMode mode = spec.spec().autoscaling().mode();
    AutoscalingStatus known =
        recorded.orElse(new AutoscalingStatus(mode, null, null, null, null, null, null));
    // Who leaves Apply lets the size of the spec count again, and his edit of it is forgotten.
    return mode == AutoscalingMode.Apply
        ? with(known, mode, known.chosen(), known.heldSince())
        : with(known, mode, null, null);
  }

  private static AutoscalingStatus with(
      AutoscalingStatus s, AutoscalingMode mode, Chosen chosen, String heldSince) {
    return new AutoscalingStatus(
        mode, chosen, heldSince, s.bottleneck(), s.lag(), s.evaluations(), s.changes());
  }

  /** Where the user has edited the size since one was chosen, his counts. */
  static AutoscalingStatus afterEdit(AutoscalingStatus s, CheckedCluster spec, Instant now) {
    boolean edited = s.chosen() != null && !Sizes.chosenFor(s.chosen(), spec);
    return edited ? with(s, s.mode(), null, Times.text(now)) : s;
  }

  /** Whether the last evaluation is so long ago. */
  static boolean due(AutoscalingStatus s, Instant now, Duration every) {
    return newest(s)
        .flatMap(e -> Times.moment(e.at()))
        .filter(at -> at.plus(every).isAfter(now) && !at.isAfter(now))
        .isEmpty();
  }

  private static Optional<EvaluationStatus> newest(AutoscalingStatus s) {
    return s.evaluations() == null ? Optional.empty() : s.evaluations().stream().findFirst();
  }

  /** Earlier changes, newest first. */
  static List<SizeChange> changes(AutoscalingStatus s) {
    return s.changes() == null
        ? List.of()
        : s.changes().stream()
            .map(
                c ->
                    new SizeChange(
                        Instant.parse(c.at()),
                        c.from(),
                        c.to(),
                        c.rule(),
                        c.bottleneck() == null ? "" : c.bottleneck(),
                        c.rate() == null ? 0 : c.rate()))
            .toList();
  }

  /** With this evaluation, where it tells something new. */
  static AutoscalingStatus after(AutoscalingStatus s, Evaluation e, CheckedCluster spec) {
    Optional<EvaluationStatus> last = newest(s);
    boolean held = s.heldSince() != null;
    boolean acts = e.change().isPresent() && s.mode() == AutoscalingMode.Apply && !held;
    boolean same = last.filter(l -> l.rule().equals(e.rule()) && wanted(e, l)).isPresent();
    Duration age =
        last.flatMap(l -> Times.moment(l.at()))
            .map(at -> Duration.between(at, e.at()).abs())
            .orElse(REFRESHED);
    Duration quiet = same ? REFRESHED : e.wanted().isPresent() ? Duration.ZERO : QUIET;
    if (!acts && age.compareTo(quiet) < 0) {
      return sameFigures(s.lag(), lag(e)) ? s : withFigures(s, e);
    }
    String at = Times.text(e.at());
    var line =
        new EvaluationStatus(
            at,
            same ? last.get().since() : at,
            e.rule(),
            e.replicas(),
            e.wanted().isPresent() ? e.wanted().getAsInt() : null,
            e.why(),
            held && e.change().isPresent()
                ? "the size of the spec was edited, by a person or a HorizontalPodAutoscaler, and"
                    + " wins; set mode to Recommend and back to Apply"
                : e.whyNotMore().orElse(null),
            e.inputs().orElse(null),
            Times.text(e.next()));
    var lines = new ArrayList<EvaluationStatus>();
    lines.add(line);
    Optional.ofNullable(s.evaluations())
        .ifPresent(all -> lines.addAll(same ? all.subList(1, all.size()) : all));
    return new AutoscalingStatus(
        s.mode(),
        acts ? chosen(e, spec) : s.chosen(),
        s.heldSince(),
        e.bottleneck().orElse(null),
        lag(e),
        List.copyOf(lines.subList(0, Math.min(KEPT, lines.size()))),
        acts ? changed(s, e.change().orElseThrow()) : s.changes());
  }

  /**
   * Whether what was told of the lag still holds, by the measure of {@code status.job.sourceLag},
   * so that both are written at once. What was measured at another size holds no more.
   */
  private static boolean sameFigures(Lag told, Lag now) {
    return told == null || now == null ? told == now : Noise.sameLag(told.records(), now.records());
  }

  private static AutoscalingStatus withFigures(AutoscalingStatus s, Evaluation e) {
    return new AutoscalingStatus(
        s.mode(),
        s.chosen(),
        s.heldSince(),
        e.bottleneck().orElse(null),
        lag(e),
        s.evaluations(),
        s.changes());
  }

  private static boolean wanted(Evaluation e, EvaluationStatus last) {
    return Objects.equals(
            last.wanted(), e.wanted().isPresent() ? Integer.valueOf(e.wanted().getAsInt()) : null)
        && Objects.equals(last.replicas(), e.replicas());
  }

  private static Chosen chosen(Evaluation e, CheckedCluster spec) {
    int replicas = e.wanted().getAsInt();
    var size = spec.spec().taskManager();
    int parallelism =
        Math.min(replicas * size.taskSlots(), spec.job().orElseThrow().maxParallelism());
    return new Chosen(
        replicas,
        parallelism,
        e.rule(),
        e.why(),
        Times.text(e.at()),
        size.replicas(),
        size.taskSlots(),
        spec.parallelism());
  }

  private static List<SizeChangeStatus> changed(AutoscalingStatus s, SizeChange change) {
    var all = new ArrayList<SizeChangeStatus>();
    all.add(
        new SizeChangeStatus(
            Times.text(change.at()),
            change.from(),
            change.to(),
            change.rule(),
            change.bottleneck().isEmpty() ? null : change.bottleneck(),
            Math.round(change.rate())));
    Optional.ofNullable(s.changes()).ifPresent(all::addAll);
    return List.copyOf(all.subList(0, Math.min(KEPT, all.size())));
  }

  /** The chosen size could not be reached: what runs is what is chosen. */
  static AutoscalingStatus failed(AutoscalingStatus s, CheckedCluster running, Instant now) {
    Chosen c = s.chosen();
    int replicas = running.spec().taskManager().replicas();
    var kept =
        new Chosen(
            replicas,
            running.parallelism(),
            SizeChange.FAILED,
            "the rescale to %d TaskManagers failed, see status.operations".formatted(c.replicas()),
            Times.text(now),
            c.specReplicas(),
            c.specSlots(),
            c.specParallelism());
    String bottleneck = changes(s).stream().findFirst().map(SizeChange::bottleneck).orElse("");
    return new AutoscalingStatus(
        s.mode(),
        kept,
        s.heldSince(),
        s.bottleneck(),
        s.lag(),
        s.evaluations(),
        changed(s, new SizeChange(now, c.replicas(), replicas, SizeChange.FAILED, bottleneck, 0)));
  }

  private static Lag lag(Evaluation e) {
    return e.lag().isEmpty()
        ? null
        : new Lag(
            e.lag().getAsLong(),
            Double.isFinite(e.secondsBehind().orElse(Double.NaN))
                ? Math.round(e.secondsBehind().getAsDouble())
                : null,
            e.lagTrend().isPresent() ? Math.round(e.lagTrend().getAsDouble()) : null);
  }
}
