package io.flinkcluster.operator.autoscale;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Somebody who changes the size of a job. */
interface Sizer {

  /** Asked each second. */
  void look(Pipeline job);

  /** Nobody. */
  static Sizer fixed() {
    return job -> {};
  }

  /** The model, and what it said. */
  final class Model implements Sizer {
    private static final int KEPT = 10; // as in the status

    final List<Evaluation> changes = new ArrayList<>();
    final List<String> rules = new ArrayList<>();
    private final List<SizeChange> history = new ArrayList<>();
    private final SizingPolicy policy;

    Model() {
      this(SizingPolicy.within(1, Scenario.MOST));
    }

    Model(SizingPolicy policy) {
      this.policy = policy;
    }

    @Override
    public void look(Pipeline job) {
      if (job.second() % 15 != 0) {
        return;
      }
      var evaluation =
          Evaluator.evaluate(
              new EvaluationInput(
                  job.at(),
                  job.changing() ? Optional.of("a change is under way") : Optional.empty(),
                  job.runningSince(),
                  job.replicas(),
                  Scenario.SLOTS,
                  720,
                  job.samples(),
                  history,
                  Duration.ofSeconds(Scenario.DOWNTIME),
                  policy));
      if (rules.isEmpty() || !rules.get(rules.size() - 1).equals(evaluation.rule())) {
        rules.add(evaluation.rule());
      }
      evaluation
          .change()
          .ifPresent(
              change -> {
                history.add(0, change);
                history.subList(Math.min(KEPT, history.size()), history.size()).clear();
                changes.add(evaluation);
                job.resize(change.to());
              });
    }
  }

  /**
   * A HorizontalPodAutoscaler on CPU with the defaults of autoscaling/v2: every 15 s, a tolerance
   * of a tenth, up at once by at most 4 pods or as many as there are, down to the highest of what 5
   * minutes wanted. Its CPU request is chosen so that 100 % is where the job can do no more, which
   * flatters it.
   */
  final class CpuHpa implements Sizer {
    private final Deque<Double> minute = new ArrayDeque<>();
    private final Deque<Integer> wanted = new ArrayDeque<>();

    @Override
    public void look(Pipeline job) {
      minute.add(job.cpu());
      if (minute.size() > 60) {
        minute.remove();
      }
      if (job.second() % 15 != 0) {
        return;
      }
      double cpu = minute.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      int now = job.replicas();
      double ratio = cpu / 0.7;
      int want = Math.abs(ratio - 1) <= 0.1 ? now : (int) Math.ceil(now * ratio - 1e-9);
      want = Math.min(want, Math.max(2 * now, now + 4));
      want = Math.max(1, Math.min(Scenario.MOST, want));
      wanted.add(want);
      if (wanted.size() > 20) {
        wanted.remove();
      }
      int highest = wanted.stream().mapToInt(Integer::intValue).max().orElse(now);
      job.resize(want > now ? want : Math.min(now, highest));
    }
  }
}
