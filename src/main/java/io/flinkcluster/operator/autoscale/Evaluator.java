package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.autoscale.Demand.VertexDemand;
import io.flinkcluster.operator.autoscale.Evaluation.VertexFigures;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Says how many TaskManagers a job should have. The same input always gives the same evaluation.
 */
public final class Evaluator {

  private Evaluator() {}

  /** Asks the rules in their order. */
  public static Evaluation evaluate(EvaluationInput input) {
    Assessment a = Assessment.of(input);
    for (ScalingRule rule : ScalingRules.WANTED) {
      Optional<Answer> answer = rule.answer().apply(a);
      if (answer.isPresent()) {
        return withheld(a, rule.name(), answer.get());
      }
    }
    throw new IllegalStateException("no rule answers");
  }

  private static Evaluation withheld(Assessment a, String rule, Answer wanted) {
    if (wanted.wanted().isPresent()) {
      for (ScalingRule guard : ScalingRules.WITHHELD) {
        Optional<Answer> kept = guard.answer().apply(a);
        if (kept.isPresent()) {
          String would =
              "%s; else %s: %s"
                  .formatted(
                      kept.get().why(),
                      Words.taskManagers(wanted.wanted().getAsInt()),
                      wanted.why());
          return evaluation(
              a, guard.name(), Answer.keep(a, would).whyNotMore(Optional.of(kept.get().why())));
        }
      }
    }
    return evaluation(a, rule, wanted);
  }

  private static Evaluation evaluation(Assessment a, String rule, Answer answer) {
    EvaluationInput input = a.input();
    boolean known =
        a.enoughForUp()
            && !rule.equals("MetricsUnusable")
            && MetricsProblem.of(input.samples(), a.usable(), input.now()).isEmpty();
    Load load = known ? a.recent() : null;
    return new Evaluation(
        input.now(),
        rule,
        input.replicas(),
        answer.wanted(),
        answer.why(),
        answer.whyNotMore(),
        known ? bottleneck(a) : Optional.empty(),
        known ? a.bottleneckName() : "",
        known ? figures(a) : List.of(),
        known ? load.reading() : 0,
        known ? load.arriving() : 0,
        known ? load.lag() : OptionalLong.empty(),
        known ? load.secondsBehind() : OptionalDouble.empty(),
        known && load.lag().isPresent() ? OptionalDouble.of(load.trend()) : OptionalDouble.empty(),
        answer.next());
  }

  private static List<VertexFigures> figures(Assessment a) {
    Demand wanted =
        Demand.of(a.recent(), s -> s.arriving() / a.input().policy().targetUtilization());
    return wanted.vertices().stream()
        .map(
            v ->
                new VertexFigures(
                    v.load().vertex().name(),
                    v.load().vertex().parallelism(),
                    v.load().busy(),
                    v.load().backPressured(),
                    v.trueRatePerTask(),
                    v.rate() * a.input().policy().targetUtilization(),
                    Double.isFinite(v.utilization()) ? v.tasks() : v.load().vertex().parallelism()))
        .toList();
  }

  private static Optional<String> bottleneck(Assessment a) {
    return a.present()
        .bottleneck()
        .map(
            v -> {
              Load load = a.recent();
              return "`%s` is busy %s%s%s%s"
                  .formatted(
                      v.load().vertex().name(),
                      Words.percent(v.load().busy()),
                      v.load().uneven() ? " with one task at its limit (skewed keys)" : "",
                      waiting(load, v),
                      trend(load));
            });
  }

  /** Who waits for the bottleneck. */
  private static String waiting(Load load, VertexDemand bottleneck) {
    double pressed =
        load.vertices().stream()
            .filter(v -> v.vertex().source() && v != bottleneck.load())
            .mapToDouble(Load.VertexLoad::backPressured)
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    return pressed < 0.1
        ? ""
        : ", the sources wait for it " + Words.percent(pressed) + " of the time";
  }

  private static String trend(Load load) {
    double trend = load.trend();
    if (load.lag().isEmpty() || Math.abs(trend) < 0.02 * Math.max(1, load.arriving())) {
      return load.lag().isEmpty() ? "; how many records wait is not told" : "; the lag is steady";
    }
    return trend > 0
        ? "; at this rate the lag grows by " + Words.rate(trend)
        : "; the lag falls by " + Words.rate(-trend);
  }
}
