package io.flinkcluster.operator.autoscale;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a rule says.
 *
 * @param wanted TaskManagers that there should be; empty: no change
 * @param why in plain words
 * @param whyNotMore what keeps it from being more; empty: nothing
 * @param next when to evaluate again
 */
record Answer(OptionalInt wanted, String why, Optional<String> whyNotMore, Instant next) {

  private static final Duration SOON = Duration.ofSeconds(30);

  static Answer keep(Assessment a, String why) {
    return new Answer(OptionalInt.empty(), why, Optional.empty(), a.input().now().plus(SOON));
  }

  static Answer change(Assessment a, int wanted, String why) {
    return new Answer(OptionalInt.of(wanted), why, Optional.empty(), a.input().now().plus(SOON));
  }

  Answer whyNotMore(Optional<String> reason) {
    return new Answer(wanted, why, reason, next);
  }

  Answer next(Instant moment) {
    return new Answer(wanted, why, whyNotMore, moment);
  }
}
