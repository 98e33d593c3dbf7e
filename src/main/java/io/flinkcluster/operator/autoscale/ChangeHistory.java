package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What became of earlier changes, and what else happened to the job. */
final class ChangeHistory {

  /** Name of the rule that takes back what had no effect. */
  static final String UNDO = "UndoIneffective";

  /** How long after an increase without effect none is tried for the same vertex. */
  private static final Duration HOLD = Duration.ofHours(1);

  private static final int LONGEST_HOLD = 3; // times doubled: 8 h

  private static final Duration DAY = Duration.ofDays(1);

  /** A change of size is carried out within this time, and restarts the tasks. */
  private static final Duration OWN_RESTART = Duration.ofMinutes(5);

  /** How far back restarts are counted. */
  static final Duration RESTARTS = Duration.ofMinutes(10);

  /** An increase that brings less than this share of what it should is without effect. */
  private static final double EFFECT = 0.2;

  private ChangeHistory() {}

  /** How often on the last day fewer TaskManagers were followed soon by more. */
  static int takenBack(EvaluationInput input, Duration soon) {
    int count = 0;
    List<SizeChange> newestFirst = input.changes();
    for (int i = 0; i + 1 < newestFirst.size(); i++) {
      SizeChange later = newestFirst.get(i);
      SizeChange earlier = newestFirst.get(i + 1);
      boolean recent = earlier.at().isAfter(input.now().minus(DAY));
      boolean taken =
          later.increase()
              && !earlier.increase()
              && !earlier.rule().equals(UNDO)
              && later.at().isBefore(earlier.at().plus(soon.multipliedBy(2)));
      count += recent && taken ? 1 : 0;
    }
    return count;
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

  /** The last change, where it was an increase that brought next to nothing. */
  static Optional<SizeChange> ineffective(Assessment a) {
    Load recent = a.recent();
    return a.input().changes().stream()
        .findFirst()
        .filter(c -> c.increase() && c.to() == a.input().replicas() && c.rate() > 0)
        .filter(c -> c.bottleneck().equals(bottleneck(a)))
        .filter(
            c -> {
              double could = c.rate() * c.to() / c.from();
              double expected = Math.min(could, recent.arriving()) - c.rate();
              double gained = recent.reading() - c.rate();
              return expected > 0.02 * c.rate() && gained < EFFECT * expected && a.lagGrows();
            });
  }

  /** Until when none is tried for the present bottleneck; empty: one may be. */
  static Optional<Instant> holdUntil(Assessment a) {
    String bottleneck = bottleneck(a);
    var undone =
        a.input().changes().stream()
            .filter(c -> c.rule().equals(UNDO) && c.bottleneck().equals(bottleneck))
            .filter(c -> c.at().isAfter(a.input().now().minus(DAY)))
            .toList();
    if (undone.isEmpty()) {
      return Optional.empty();
    }
    int doubled = Math.min(LONGEST_HOLD, undone.size() - 1);
    Instant until = undone.get(0).at().plus(HOLD.multipliedBy(1L << doubled));
    return Optional.of(until).filter(u -> u.isAfter(a.input().now()));
  }

  static String bottleneck(Assessment a) {
    return a.present().bottleneck().map(v -> v.load().vertex().name()).orElse("");
  }
}
