package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.autoscale.Demand.VertexDemand;
import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the rules ask about the job, each computed in one place.
 *
 * @param input what the evaluation rests on
 * @param usable samples of the present run at the present size, oldest first
 */
record Assessment(EvaluationInput input, List<LoadSample> usable) {

  /** Tasks that have just been started restore state and read what they had read before. */
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  /** What comes in is falling where it fell to this share over the later half of an hour. */
  private static final double FALLING = 0.95;

  /** While a lag is worked off, tasks may work nearly all of the time. */
  private static final double CATCHING_UP = 0.95;

  /**
   * A size is made so that a lag is gone within catchUp; measured again it may take a little
   * longer, and that is not worth a further rescale.
   */
  private static final double MUCH_LONGER = 1.5;

  /** The slope of a lag takes two samples. */
  private static final int PIECE = 2;

  /** A change of size may cost this share of the time. */
  private static final int UPS = 2;

  private static final int DOWNS = 20;

  /** So often a day something must come back before it is taken to return. */
  private static final int RETURNS = 2;

  static Assessment of(EvaluationInput input) {
    var usable = new ArrayList<LoadSample>();
    var all = input.samples();
    Optional<Instant> since = input.runningSince().map(at -> at.plus(WARM_UP));
    for (int i = all.size() - 1; i >= 0 && since.isPresent(); i--) {
      LoadSample sample = all.get(i);
      boolean later = !sample.at().minus(sample.over()).isBefore(since.get());
      if (!later || !alike(sample, all.get(all.size() - 1))) {
        break;
      }
      usable.add(0, sample);
    }
    return new Assessment(input, List.copyOf(usable));
  }

  private static boolean alike(LoadSample one, LoadSample other) {
    return one.restarts() == other.restarts() && shape(one).equals(shape(other));
  }

  private static List<String> shape(LoadSample sample) {
    return sample.vertices().stream().map(v -> v.id() + "/" + v.parallelism()).toList();
  }

  /** How long more must be needed: a change that takes long is not made for a short need. */
  Duration up() {
    return longer(input.policy().up(), input.downtime().multipliedBy(UPS));
  }

  /** How long less must be enough: longer where a change takes long, or was taken back before. */
  Duration down() {
    return longer(input.policy().down(), input.downtime().multipliedBy(DOWNS));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private Duration covered() {
    return usable.isEmpty()
        ? Duration.ZERO
        : Duration.between(
            usable.get(0).at().minus(usable.get(0).over()), usable.get(usable.size() - 1).at());
  }

  /** Whether the samples reach back so far; a tenth may be missing, since looks are not exact. */
  private boolean covers(Duration time) {
    return covered().toMillis() >= time.toMillis() * 9 / 10;
  }

  boolean enoughForUp() {
    return usable.size() >= PIECE && covers(up());
  }

  boolean enoughForDown() {
    return covers(down());
  }

  /** When the samples will reach back so far. */
  Instant covered(Duration time) {
    return input.now().plus(longer(time.minus(covered()), Duration.ofSeconds(15)));
  }

  /** Those of the last time; as many as a slope takes, however far apart they are. */
  private List<LoadSample> last(Duration time) {
    Instant from = usable.get(usable.size() - 1).at().minus(time);
    long count = usable.stream().filter(s -> !s.at().isBefore(from)).count();
    int first = usable.size() - (int) Math.max(PIECE, count);
    return usable.subList(Math.max(0, first), usable.size());
  }

  /** Over the time in which more must be needed; to be asked where there is enough. */
  Load recent() {
    return Load.over(last(up()));
  }

  /** The later half of that time: what has just begun to come in is seen whole. */
  private Load latest() {
    List<LoadSample> last = last(up());
    return Load.over(last.subList(last.size() / 2, last.size()));
  }

  /** What each vertex has to do for all that comes in now. */
  Demand present() {
    return Demand.of(recent(), Load.VertexLoad::arriving);
  }

  /** Name of the vertex that would have to work most; empty: of none is it known. */
  String bottleneckName() {
    return present().bottleneck().map(v -> v.load().vertex().name()).orElse("");
  }

  /** Whether it is so all of that time, not only on average. */
  private boolean throughout(double utilization) {
    List<LoadSample> last = last(up());
    for (int i = 0; i < last.size(); i += PIECE) {
      int from = Math.max(0, Math.min(i, last.size() - PIECE));
      Load piece = Load.over(last.subList(from, Math.min(last.size(), i + PIECE)));
      if (Demand.of(piece, Load.VertexLoad::arriving).utilization() <= utilization) {
        return false;
      }
    }
    return true;
  }

  /** Seconds until the lag is worked off at the present size; infinite: never. */
  double catchUpSeconds() {
    Load recent = recent();
    double most = recent.reading() / Math.max(0.01, reading().utilization());
    double spare = most * CATCHING_UP - recent.arriving();
    double lag = recent.lag().orElse(0);
    return lag == 0 ? 0 : spare > 0 ? lag / spare : Double.POSITIVE_INFINITY;
  }

  /** What each vertex does now. */
  private Demand reading() {
    return Demand.of(recent(), Load.VertexLoad::in);
  }

  /** The longest time of which samples are kept. */
  static final Duration LONG = Duration.ofHours(1);

  boolean enoughForLong() {
    return covers(LONG);
  }

  /** The size that was enough all that time, and is not becoming less; empty: there is none. */
  OptionalInt steadilyEnough() {
    if (!enoughForLong()) {
      return OptionalInt.empty();
    }
    List<LoadSample> all = last(LONG);
    double before = Load.over(all.subList(0, all.size() / 2)).arriving();
    double after = Load.over(all.subList(all.size() / 2, all.size())).arriving();
    return after < FALLING * before ? OptionalInt.empty() : OptionalInt.of(enough(LONG).replicas());
  }

  /** Whether nothing at all has come in, for as long as fewer must have been enough. */
  boolean silent() {
    boolean anHour = enoughForLong() && Load.over(last(LONG)).reading() <= 0;
    return recent().reading() <= 0 && !anHour;
  }

  /** Whether what was given back is needed again and again. */
  boolean peaksReturn() {
    return ChangeHistory.returns(input).size() >= RETURNS;
  }

  /**
   * The size at which tasks would have worked nearly all of their time since the last increase;
   * empty: the last change was none, or not all of that time is remembered.
   */
  OptionalInt enoughForPeak() {
    boolean seen =
        input.changes().stream()
            .findFirst()
            .filter(c -> c.increase() && c.at().isAfter(input.now().minus(LONG)))
            .isPresent();
    return seen
        ? OptionalInt.of(enough(LONG, up().multipliedBy(3), 1, CATCHING_UP).replicas())
        : OptionalInt.empty();
  }

  boolean lagging() {
    double seconds = recent().secondsBehind().orElse(0);
    return seconds > input.policy().maxLag().toMillis() / 1000.0;
  }

  boolean lagGrows() {
    Load recent = recent();
    return recent.trend() > 0.02 * Math.max(1, recent.arriving());
  }

  /** Why the present size is too small; empty: it is not. */
  Optional<String> shortage() {
    VertexDemand worst = present().bottleneck().orElse(null);
    double upper = input.policy().upperUtilization();
    if (worst != null && worst.utilization() > upper && throughout(upper)) {
      return Optional.of(
          "for all that comes in `%s` would have to work %s of its time, and more than %s is too much"
              .formatted(
                  worst.load().vertex().name(),
                  Words.percent(worst.utilization()),
                  Words.percent(upper)));
    }
    double seconds = catchUpSeconds();
    return lagging() && seconds > MUCH_LONGER * input.policy().catchUp().toSeconds()
        ? Optional.of(
            "the sources are %s behind, and at this size that takes %s to work off, longer than %s"
                .formatted(
                    Words.time(recent().secondsBehind().orElse(0)),
                    Words.time(seconds),
                    Words.time(input.policy().catchUp())))
        : Optional.empty();
  }

  /** The size for what comes in, what has waited, and what will wait during the change itself. */
  Size needed() {
    double growth = Growth.of(last(Growth.SEEN));
    double catchUp = Math.max(1, input.policy().catchUp().toSeconds());
    double standing = input.downtime().toMillis() / 1000.0;
    Size over = needed(recent(), growth, catchUp, standing);
    Size last = needed(latest(), growth, catchUp, standing);
    return last.replicas() > over.replicas() ? last : over;
  }

  private Size needed(Load load, double growth, double catchUp, double standing) {
    return Size.of(
        Demand.of(
            load,
            source -> {
              double arriving = source.arriving() * growth;
              double lag = source.vertex().pending().orElse(0) + arriving * standing;
              return Math.max(
                  arriving / input.policy().targetUtilization(),
                  (arriving + lag / catchUp) / CATCHING_UP);
            }),
        input);
  }

  /** The size that would have been enough at each moment of the time in which it must be. */
  Size enough() {
    return enough(down());
  }

  /** The same of the last third of it. */
  Size enoughLately() {
    return enough(down().dividedBy(3));
  }

  private Size enough(Duration time) {
    return enough(time, up(), Growth.of(last(Growth.SEEN)), input.policy().targetUtilization());
  }

  private Size enough(Duration time, Duration piece, double growth, double utilization) {
    Size largest = null;
    List<LoadSample> all = last(time);
    int each = Math.max(1, last(piece).size());
    for (int i = 0; i < all.size(); i += each) {
      Load load =
          Load.over(
              all.subList(
                  Math.max(0, Math.min(i, all.size() - each)), Math.min(all.size(), i + each)));
      Size size = Size.of(Demand.of(load, s -> s.arriving() * growth / utilization), input);
      largest = largest == null || size.replicas() > largest.replicas() ? size : largest;
    }
    return Objects.requireNonNull(largest);
  }
}
