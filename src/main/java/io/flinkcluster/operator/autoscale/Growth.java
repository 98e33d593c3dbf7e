package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.util.List;

/** How fast what comes in grows. */
final class Growth {

  /** A size should last at least this long: what is known to grow is taken that far ahead. */
  private static final Duration AHEAD = Duration.ofMinutes(40);

  private static final double MOST_GROWTH = 1.4;

  /** Less is noise. */
  private static final double LEAST_GROWTH = 1.1;

  /** Growth is what goes on for so long. */
  static final Duration SEEN = Duration.ofMinutes(15);

  /** Of two parts of that time, one in which it grows so many times as fast as in the other. */
  private static final int STEP = 4;

  private Growth() {}

  /**
   * The factor for the time that a size should last, 1.0 to 1.4.
   *
   * @param known samples of the time that is seen, oldest first
   */
  static double of(List<LoadSample> known) {
    int third = known.size() / 3;
    if (third < 3) {
      return 1;
    }
    Load first = Load.over(known.subList(0, third));
    Load second = Load.over(known.subList(third, 2 * third));
    Load last = Load.over(known.subList(2 * third, known.size()));
    double now = last.arriving();
    double one = slope(first, second);
    double other = slope(second, last);
    // A step does not go on.
    boolean step = Math.min(one, other) * STEP < Math.max(one, other);
    double grown = now > 0 && !step ? 1 + (one + other) / 2 * AHEAD.toSeconds() / now : 1;
    return grown < LEAST_GROWTH ? 1 : Math.min(MOST_GROWTH, grown);
  }

  private static double slope(Load before, Load after) {
    double seconds = (before.length().toMillis() + after.length().toMillis()) / 2000.0;
    return (after.arriving() - before.arriving()) / Math.max(1, seconds);
  }
}
