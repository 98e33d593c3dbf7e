package io.flinkcluster.operator.autoscale;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What an increase brought, and what follows where it brought nothing. */
final class Effect {

  /** How long after an increase without effect none is tried for the same vertex. */
  private static final Duration HOLD = Duration.ofHours(2);

  private static final int LONGEST_HOLD = 2; // times doubled: 8 h

  /** An increase that brings less than this share of what it should is without effect. */
  private static final double EFFECT = 0.2;

  private Effect() {}

  /** The last change, where it was an increase that brought next to nothing. */
  static Optional<SizeChange> ineffective(Assessment a) {
    Load recent = a.recent();
    return a.input().changes().stream()
        .findFirst()
        .filter(c -> c.increase() && c.to() == a.input().replicas() && c.rate() > 0)
        .filter(c -> c.bottleneck().equals(a.bottleneckName()))
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
    String bottleneck = a.bottleneckName();
    var undone =
        a.input().changes().stream()
            .filter(c -> c.rule().equals(ChangeHistory.UNDO) || c.rule().equals(SizeChange.FAILED))
            .filter(c -> c.bottleneck().equals(bottleneck))
            .filter(c -> c.at().isAfter(a.input().now().minus(ChangeHistory.DAY)))
            .toList();
    if (undone.isEmpty()) {
      return Optional.empty();
    }
    int doubled = Math.min(LONGEST_HOLD, undone.size() - 1);
    Instant until = undone.get(0).at().plus(HOLD.multipliedBy(1L << doubled));
    return Optional.of(until).filter(u -> u.isAfter(a.input().now()));
  }
}
