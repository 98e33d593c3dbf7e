package io.flinkcluster.operator.autoscale;

import java.util.Optional;
import java.util.OptionalInt;

/** What the rules say where fewer TaskManagers are enough. */
final class GivingBack {

  /** Fewer TaskManagers are not worth a rescale where they are fewer by less than this share. */
  private static final double WORTH = 0.2;

  /** Those that are fewer by less than this share are where they are enough for long. */
  private static final double AT_ONCE = 0.4;

  private GivingBack() {}

  /** The size that was enough all the time, where it is smaller. */
  private static OptionalInt smaller(Assessment a) {
    int enough = a.enough().replicas();
    return enough < a.input().replicas() ? OptionalInt.of(enough) : OptionalInt.empty();
  }

  static Optional<Answer> notYet(Assessment a) {
    OptionalInt smaller = smaller(a);
    return smaller.isEmpty() || a.enoughForDown()
        ? Optional.empty()
        : Optional.of(
            Answer.keep(
                    a,
                    "%s would do, if they do for %s"
                        .formatted(Words.taskManagers(smaller.getAsInt()), Words.time(a.down())))
                .next(a.covered(a.down())));
  }

  static Optional<Answer> silent(Assessment a) {
    return smaller(a).isPresent() && a.silent()
        ? Optional.of(
            Answer.keep(a, "nothing at all comes in, as in an outage of what writes")
                .next(a.covered(Assessment.LONG)))
        : Optional.empty();
  }

  static Optional<Answer> peaks(Assessment a) {
    OptionalInt smaller = smaller(a);
    if (smaller.isEmpty() || !a.peaksReturn()) {
      return Optional.empty();
    }
    int now = a.input().replicas();
    String why =
        "%s would do, and twice on the last day more were needed again within %s"
            .formatted(Words.taskManagers(smaller.getAsInt()), Words.time(ChangeHistory.SOON));
    int peak = Math.max(smaller.getAsInt(), a.enoughForPeak().orElse(now));
    return Optional.of(
        now - peak >= WORTH * now ? Answer.change(a, peak, why) : Answer.keep(a, why));
  }

  static Optional<Answer> notWorth(Assessment a) {
    OptionalInt smaller = smaller(a);
    int now = a.input().replicas();
    boolean little = smaller.isPresent() && now - smaller.getAsInt() < AT_ONCE * now;
    boolean worth = now - a.steadilyEnough().orElse(now) >= WORTH * now;
    return little && !worth
        ? Optional.of(
            Answer.keep(
                a,
                "%s would do, which is not worth a rescale yet"
                    .formatted(Words.taskManagers(smaller.getAsInt()))))
        : Optional.empty();
  }

  static Optional<Answer> falling(Assessment a) {
    OptionalInt smaller = smaller(a);
    int lately = a.enoughLately().replicas();
    return smaller.isPresent() && smaller.getAsInt() - lately >= WORTH * a.input().replicas()
        ? Optional.of(
            Answer.keep(
                a,
                "%s would do, and soon %d: what comes in has just fallen"
                    .formatted(Words.taskManagers(smaller.getAsInt()), lately)))
        : Optional.empty();
  }

  static Optional<Answer> down(Assessment a) {
    OptionalInt smaller = smaller(a);
    if (smaller.isEmpty()) {
      return Optional.empty();
    }
    int now = a.input().replicas();
    int most = Math.max(1, (int) (now * a.input().policy().maxScaleDownPercent()));
    int wanted = Math.max(smaller.getAsInt(), now - most);
    return Optional.of(
        Answer.change(
            a,
            wanted,
            "%s had been enough for all that came in over the last %s"
                .formatted(Words.taskManagers(smaller.getAsInt()), Words.time(a.down()))));
  }
}
