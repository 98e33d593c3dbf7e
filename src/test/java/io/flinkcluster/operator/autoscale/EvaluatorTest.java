package io.flinkcluster.operator.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.LoadSample;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wanted, and by which rule. */
class EvaluatorTest {

  private static Samples job() {
    return new Samples();
  }

  /** The map works all the time, the source waits for it, and the lag grows. */
  private static Samples tooSmall() {
    Samples job = job();
    job.busy = 1;
    job.pressed = 0.9;
    job.lag = 60_000;
    job.trend = 500;
    return job;
  }

  @Test
  void keepsASizeThatIsRight() {
    Evaluation kept = job().evaluate();

    assertThat(kept.rule()).isEqualTo("Keep");
    assertThat(kept.wanted()).isEmpty();
    assertThat(kept.change()).isEmpty();
    assertThat(kept.lag()).hasValue(0);
    assertThat(kept.next()).isAfter(Samples.NOW);
  }

  @Test
  void scalesToWhatComesInAndWhatWaits() {
    Evaluation more = tooSmall().evaluate();

    assertThat(more.rule()).isEqualTo("ScaleUp");
    // 1500/s come in, 1000/s are read by 2 tasks: 500/s each; 1500 / 0.7 / 500 = 4.3
    assertThat(more.wanted()).hasValue(5);
    assertThat(more.bottleneck().orElseThrow())
        .contains("`map` is busy 100 %", "wait for it 90 %", "grows by 500 records/s");
    assertThat(more.secondsBehind().orElseThrow()).isEqualTo(40.0);
    assertThat(more.vertices().get(1).trueRatePerTask()).isEqualTo(500.0);
  }

  @Test
  void seesTheLagGrowAlsoWhereALookTakesLongerThanMoreMustBeNeeded() {
    Samples job = tooSmall();
    job.policy = up(Duration.ofSeconds(30));
    job.edit = Samples::everyThird;
    // As of samples that are closer together.
    assertThat(job.evaluate().wanted()).hasValue(5);
    assertThat(job.evaluate().lagTrend().orElseThrow()).isEqualTo(500.0);
    job.edit = samples -> Samples.everyThird(samples.subList(samples.size() - 4, samples.size()));
    assertThat(job.evaluate().rule()).isEqualTo("TooFewSamples");
  }

  private static SizingPolicy up(Duration up) {
    SizingPolicy p = SizingPolicy.within(1, 10);
    return new SizingPolicy(
        p.minReplicas(),
        p.maxReplicas(),
        p.targetUtilization(),
        p.maxLag(),
        p.catchUp(),
        up,
        p.down(),
        p.maxScaleDownPercent(),
        p.quietHours(),
        p.freeze(),
        p.vertexLimits());
  }

  @Test
  void blamesNoSkewWhereThereIsOneTask() {
    Samples job = tooSmall();
    job.busy = 0.5; // it had nothing to do in the first half of the time
    assertThat(job.evaluate().bottleneck().orElseThrow()).contains("skewed keys");
    job.replicas = 1;
    assertThat(job.evaluate().bottleneck().orElseThrow()).contains("`map` is busy 50 %,");
  }

  @Test
  void takesMoreForALagThatMustBeWorkedOffInTime() {
    Samples job = tooSmall();
    job.lag = 1_500_000;
    // (1500 + 1,500,000 / 600 s) / 0.95 / 500 = 8.5
    assertThat(job.evaluate().wanted()).hasValue(9);
  }

  @Test
  void takesIntoAccountWhatWaitsDuringALongRescale() {
    Samples job = tooSmall();
    job.lag = 500_000;
    int cheap = job.evaluate().wanted().orElseThrow();
    job.downtime = Duration.ofSeconds(300);
    assertThat(job.evaluate().rule()).isEqualTo("ScaleUp");
    assertThat(job.evaluate().wanted().orElseThrow()).isGreaterThan(cheap);
  }

  @Test
  void seesALackWithoutAKnownLag() {
    Samples job = tooSmall();
    job.lagTold = false;
    Evaluation more = job.evaluate();

    assertThat(more.rule()).isEqualTo("ScaleUp");
    assertThat(more.lag()).isEmpty();
    assertThat(more.bottleneck().orElseThrow()).contains("is not told");
  }

  @Test
  void givesBackWhatWasNotNeededForAllOfTheTime() {
    Samples job = job();
    job.replicas = 6;
    job.busy = 0.2;
    Evaluation fewer = job.evaluate();
    // 6 x 0.2 / 0.7 = 1.7
    assertThat(fewer.rule()).isEqualTo("ScaleDown");
    assertThat(fewer.wanted()).hasValue(3); // at most 0.6 of 6 at once
    job.count = 30;
    assertThat(job.evaluate().rule()).isEqualTo("EnoughForNow");
    assertThat(job.evaluate().next()).isAfter(Samples.NOW.plusSeconds(60));
  }

  private static List<SizeChange> returned(int times) {
    var changes = new java.util.ArrayList<SizeChange>();
    for (int i = 0; i < times; i++) {
      Instant up = Samples.NOW.minus(Duration.ofMinutes(25 + 180L * i));
      changes.add(new SizeChange(up, 3, 6, "ScaleUp", "map", 1000));
      changes.add(new SizeChange(up.minus(Duration.ofHours(2)), 6, 3, "ScaleDown", "map", 1000));
    }
    return changes;
  }

  @Test
  void keepsForADayWhatAPeakThatReturnsTakes() {
    Samples job = job();
    job.replicas = 6;
    job.busy = 0.2;
    job.changes = returned(1);
    assertThat(job.evaluate().rule()).isEqualTo("ScaleDown");
    job.changes = returned(2);
    Evaluation some = job.evaluate();
    // 6 × 0.2 / 0.95 = 1.3 would have done for all that came in since the last increase
    assertThat(some.rule()).isEqualTo("PeaksReturn");
    assertThat(some.wanted()).hasValue(2);
    assertThat(some.why()).contains("needed again within 3 h");

    var after = new java.util.ArrayList<>(job.changes);
    after.add(0, some.change().orElseThrow());
    job.changes = after;
    assertThat(job.evaluate().rule()).isEqualTo("PeaksReturn");
    assertThat(job.evaluate().wanted()).isEmpty();
  }

  @Test
  void givesNothingBackForAnHourWhereNothingAtAllComesIn() {
    Samples job = job();
    job.busy = 0;
    job.rate = 0;
    assertThat(job.evaluate().rule()).isEqualTo("SourcesSilent");
    assertThat(job.evaluate().why()).contains("outage");
    job.count = 250;
    assertThat(job.evaluate().rule()).isEqualTo("ScaleDown");
  }

  @Test
  void waitsAnHourWhereLittleIsSaved() {
    Samples job = job();
    job.replicas = 4;
    job.busy = 0.5; // 3 would do
    assertThat(job.evaluate().rule()).isEqualTo("NotWorthARescale");
    job.count = 250;
    assertThat(job.evaluate().wanted()).hasValue(3);
    job.edit = EvaluatorTest::falling; // soon 2
    assertThat(job.evaluate().rule()).isEqualTo("NotWorthARescale");
  }

  /** What comes in falls by a fifth over the time. */
  private static List<LoadSample> falling(List<LoadSample> samples) {
    var all = new java.util.ArrayList<LoadSample>();
    for (int i = 0; i < samples.size(); i++) {
      LoadSample s = samples.get(i);
      double share = 1.1 - 0.2 * i / samples.size();
      var vertices =
          s.vertices().stream()
              .map(
                  v ->
                      new LoadSample.Vertex(
                          v.id(),
                          v.name(),
                          v.inputs(),
                          v.parallelism(),
                          v.maxParallelism(),
                          v.busy() * share,
                          v.idle(),
                          v.backPressured(),
                          v.recordsIn() * share,
                          v.recordsOut() * share,
                          v.pending(),
                          v.partitions()))
              .toList();
      all.add(new LoadSample(s.at(), s.over(), s.restarts(), vertices));
    }
    return all;
  }

  @Test
  void keepsTheSizeThatItMadeForALagThoughItTakesALittleLonger() {
    Samples job = tooSmall();
    job.replicas = 4;
    job.rate = 2000; // 2000 are read a second, 1500 come in
    job.trend = -500;
    job.lag = 240_000; // (1900 - 1500) × 600 s
    assertThat(job.evaluate().rule()).isEqualTo("CatchingUp");
    job.lag = 300_000;
    assertThat(job.evaluate().rule()).isEqualTo("CatchingUp");
    job.lag = 400_000;
    assertThat(job.evaluate().rule()).isEqualTo("ScaleUp");
  }

  @Test
  void keepsAFewTooMany() {
    Samples job = job();
    job.replicas = 10;
    job.busy = 0.61; // 9 would do
    assertThat(job.evaluate().rule()).isEqualTo("NotWorthARescale");
  }

  @Test
  void givesNothingBackWhileRecordsWait() {
    Samples job = job();
    job.replicas = 6;
    job.busy = 0.2;
    job.rate = 3000;
    job.lag = 300_000;
    job.trend = -1500;
    assertThat(job.evaluate().rule()).isEqualTo("CatchingUp");
  }

  @Test
  void takesBackAnIncreaseWithoutEffectAndHolds() {
    Samples job = tooSmall();
    job.replicas = 4;
    var up = new SizeChange(Samples.NOW.minus(Duration.ofMinutes(30)), 2, 4, "ScaleUp", "map", 990);
    job.changes = List.of(up);
    Evaluation undo = job.evaluate();

    assertThat(undo.rule()).isEqualTo("UndoIneffective");
    assertThat(undo.wanted()).hasValue(2);
    assertThat(undo.why()).contains("from 2 to 4 TaskManagers", "990 records/s");
    job.replicas = 2;
    job.changes = List.of(undo.change().orElseThrow(), up);
    Evaluation hold = job.evaluate();
    assertThat(hold.rule()).isEqualTo("HoldAfterIneffective");
    assertThat(hold.wanted()).isEmpty();
    assertThat(hold.next()).isEqualTo(Samples.NOW.plus(Duration.ofHours(2)));
  }

  @Test
  void doesNotTakeBackAnIncreaseThatHelped() {
    Samples job = tooSmall();
    job.replicas = 4;
    job.changes =
        List.of(
            new SizeChange(Samples.NOW.minus(Duration.ofMinutes(30)), 2, 4, "ScaleUp", "map", 500));
    assertThat(job.evaluate().rule()).isEqualTo("ScaleUp");
  }

  @Test
  void namesTheBoundThatKeepsItFromMore() {
    Samples job = tooSmall();
    job.policy = SizingPolicy.within(1, 2);
    assertThat(job.evaluate().rule()).isEqualTo("AtMaximum");
    assertThat(job.evaluate().whyNotMore()).contains("maxReplicas is 2, and 5 would be needed");

    job.policy = SizingPolicy.within(1, 10);
    job.maxParallelism = 3;
    assertThat(job.evaluate().wanted()).hasValue(3);
    assertThat(job.evaluate().whyNotMore().orElseThrow())
        .contains("`map` needs 5 tasks and can have 3", "maximum parallelism");
  }

  @Test
  void doesNotAddTasksToASourceWithoutPartitionsForThem() {
    Samples job = job();
    job.edit = samples -> samples;
    job.partitions = OptionalInt.of(2);
    job.lag = 400_000;
    job.trend = 300; // behind and not waiting for anybody: the source itself is the limit
    job.busy = 0.3;
    Evaluation kept = job.evaluate();

    assertThat(kept.rule()).isEqualTo("AtMaximum");
    assertThat(kept.whyNotMore().orElseThrow()).contains("has 2 partitions");
  }

  @Test
  void keepsWithinTheLimitOfAVertex() {
    Samples job = tooSmall();
    var p = job.policy;
    job.policy =
        new SizingPolicy(
            1,
            10,
            0.7,
            p.maxLag(),
            p.catchUp(),
            p.up(),
            p.down(),
            0.6,
            List.of(),
            false,
            Map.of("map", 4));
    assertThat(job.evaluate().wanted()).hasValue(4);
  }

  @ParameterizedTest
  @CsvSource({"3, 5, 3", "1, 1, 1"})
  void goesIntoItsBounds(int min, int max, int wanted) {
    Samples job = job();
    job.policy = SizingPolicy.within(min, max);
    assertThat(job.evaluate().rule()).isEqualTo("OutsideBounds");
    assertThat(job.evaluate().wanted()).hasValue(wanted);
  }

  private static SizingPolicy withheld(boolean freeze, QuietHours... hours) {
    var p = SizingPolicy.within(1, 10);
    return new SizingPolicy(
        1,
        10,
        0.7,
        p.maxLag(),
        p.catchUp(),
        p.up(),
        p.down(),
        0.6,
        List.of(hours),
        freeze,
        Map.of());
  }

  private static QuietHours hours(String from, String to, DayOfWeek... days) {
    return new QuietHours(
        Set.of(days), LocalTime.parse(from), LocalTime.parse(to), ZoneId.of("UTC"));
  }

  @Test
  void leavesAFrozenSize() {
    Samples job = tooSmall();
    job.policy = withheld(true);
    assertThat(job.evaluate().rule()).isEqualTo("Frozen");
    assertThat(job.evaluate().wanted()).isEmpty();
    assertThat(job.evaluate().why()).contains("freeze", "else 5 TaskManagers");
  }

  @Test
  void leavesTheSizeInQuietHours() {
    Samples job = tooSmall(); // a Monday at 12:00
    job.policy = withheld(false, hours("11:00", "13:00"));
    assertThat(job.evaluate().rule()).isEqualTo("QuietHours");
    job.policy = withheld(false, hours("12:01", "13:00"));
    assertThat(job.evaluate().rule()).isEqualTo("ScaleUp");
    job.policy = withheld(false, hours("22:00", "12:30", DayOfWeek.SUNDAY));
    assertThat(job.evaluate().rule()).isEqualTo("QuietHours");
    job.policy = withheld(false, hours("22:00", "12:30", DayOfWeek.MONDAY));
    assertThat(job.evaluate().rule()).isEqualTo("ScaleUp");
  }

  @Test
  void judgesNothingWhileAChangeIsUnderWay() {
    Samples job = tooSmall();
    job.obstacle = Optional.of("a change is under way");
    assertThat(job.evaluate().rule()).isEqualTo("NotNow");
  }

  @Test
  void waitsForEnoughSamples() {
    Samples job = tooSmall();
    job.count = 4;
    assertThat(job.evaluate().rule()).isEqualTo("TooFewSamples");
    job.count = 0;
    assertThat(job.evaluate().rule()).isEqualTo("TooFewSamples");
  }

  @Test
  void doesNotCureAFailingJobWithTaskManagers() {
    Samples job = tooSmall();
    job.edit =
        samples -> {
          var all = new java.util.ArrayList<LoadSample>();
          for (int i = 0; i < samples.size(); i++) {
            LoadSample s = samples.get(i);
            all.add(new LoadSample(s.at(), s.over(), i / 10, s.vertices()));
          }
          return all;
        };
    assertThat(job.evaluate().rule()).isEqualTo("JobRestarts");
    assertThat(job.evaluate().why()).contains("restarted 4 times in the last 10 min");
  }

  @Test
  void doesNotCureASinkThatTakesNothing() {
    Samples job = tooSmall();
    job.rate = 0;
    assertThat(job.evaluate().rule()).isEqualTo("NoProgress");
  }

  static Stream<Arguments> unusable() {
    OptionalLong none = OptionalLong.of(0);
    return Stream.of(
        Arguments.of("waiting records", (Change) s -> Samples.with(s, 1, 1, OptionalLong.of(-5))),
        Arguments.of("reset of its counters", (Change) s -> Samples.with(s, 1, -3, none)),
        Arguments.of("less time worked", (Change) s -> Samples.with(s, -0.5, 1, none)),
        Arguments.of("of work and waiting", (Change) s -> Samples.with(s, 3, 1, none)),
        Arguments.of("clock has jumped", (Change) s -> at(s, s.at().minusSeconds(3600))),
        Arguments.of("clock has jumped", (Change) s -> at(s, s.at().plusSeconds(3600))));
  }

  private interface Change extends java.util.function.UnaryOperator<LoadSample> {}

  private static LoadSample at(LoadSample s, Instant at) {
    return new LoadSample(at, s.over(), s.restarts(), s.vertices());
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void doesNothingWithMetricsThatCannotBe(String why, Change change) {
    Evaluation kept = tooSmall().last(change).evaluate();

    assertThat(kept.rule()).isEqualTo("MetricsUnusable");
    assertThat(kept.wanted()).isEmpty();
    assertThat(kept.why()).contains(why).doesNotContain("\n");
  }

  @Test
  void doesNothingWithoutMetrics() {
    Samples job = tooSmall();
    job.busy = Double.NaN;
    job.edit =
        samples ->
            samples.stream()
                .map(s -> new LoadSample(s.at(), s.over(), 0, List.of(s.vertices().get(1))))
                .toList();
    assertThat(job.evaluate().why()).contains("does not tell how busy");
    Samples old = tooSmall();
    old.edit = samples -> samples.subList(0, samples.size() - 20);
    assertThat(old.evaluate().why()).contains("has told nothing since");
  }

  @Test
  void doesNotJumpOnABurstThatIsOver() {
    Samples job = tooSmall();
    job.lag = 20_000;
    job.edit =
        samples ->
            java.util.stream.IntStream.range(0, samples.size())
                .mapToObj(
                    i ->
                        i < samples.size() - 2
                            ? samples.get(i)
                            : Samples.with(samples.get(i), 0.5, 1000, OptionalLong.of(5_000)))
                .toList();
    assertThat(job.evaluate().rule()).isNotEqualTo("ScaleUp");
  }
}
