package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Earlier changes, and what else happened to the job. */
final class ChangeHistory {

  /** Name of the rule that takes back what had no effect. */
  static final String UNDO = "UndoIneffective";

  static final Duration DAY = Duration.ofDays(1);

  /** A change of size is carried out within this time, and restarts the tasks. */
  private static final Duration OWN_RESTART = Duration.ofMinutes(5);

  /** How far back restarts are counted. */
  static final Duration RESTARTS = Duration.ofMinutes(10);

  /** What is needed again within this time had not been worth giving back. */
  static final Duration SOON = Duration.ofHours(3);

  private ChangeHistory() {}

  /**
   * Increases of the last day that came soon after some TaskManagers were given back, newest first.
   */
  static List<SizeChange> returns(EvaluationInput input) {
    var returns = new ArrayList<SizeChange>();
    List<SizeChange> newestFirst = input.changes();
    for (int i = 0; i + 1 < newestFirst.size(); i++) {
      SizeChange later = newestFirst.get(i);
      SizeChange earlier = newestFirst.get(i + 1);
      boolean recent = earlier.at().isAfter(input.now().minus(DAY));
      boolean givenBack =
          !earlier.increase()
              && !earlier.rule().equals(UNDO)
              && !earlier.rule().equals(SizeChange.FAILED);
      if (recent && givenBack && later.increase() && later.at().isBefore(earlier.at().plus(SOON))) {
        returns.add(later);
      }
    }
    return returns;
  }

  /** Restarts of the last minutes that no change of size explains. */
  static long restarts(EvaluationInput input) {
    Instant from = input.now().minus(RESTARTS);
    long count = 0;
    LoadSample before = null;
    for (LoadSample sample : input.samples()) {
      boolean recent = before != null && sample.at().isAfter(from);
      if (recent && !own(input, sample.at())) {
        count += Math.max(0, sample.restarts() - before.restarts());
      }
      before = sample;
    }
    return count;
  }

  private static boolean own(EvaluationInput input, Instant at) {
    return input.changes().stream()
        .anyMatch(c -> !at.isBefore(c.at()) && at.isBefore(c.at().plus(OWN_RESTART)));
  }
}
