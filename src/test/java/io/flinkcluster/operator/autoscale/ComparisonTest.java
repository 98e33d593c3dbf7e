package io.flinkcluster.operator.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.autoscale.Comparison.Figures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model beside an HPA on CPU and the published algorithm, in the same worlds. */
class ComparisonTest {
  private static final String OURS = "this one";
  private static final String HPA = "HPA on CPU";
  private static final String PUBLISHED = "published";

  private static final List<Scenario> SIZE_MATTERS =
      Scenario.all().stream().filter(Scenario::matterOfSize).toList();

  @ParameterizedTest
  @ValueSource(longs = 1)
  void isHalfAsFarBehindWithNoMorePodHours(long seed) {
    Map<String, Figures> sums = Comparison.sums(SIZE_MATTERS, seed);
    Figures ours = sums.get(OURS);

    assertThat(ours.lagSeconds()).isLessThan(sums.get(HPA).lagSeconds() / 2);
    assertThat(ours.lagSeconds()).isLessThan(sums.get(PUBLISHED).lagSeconds() / 2);
    double best = Math.min(sums.get(HPA).podHours(), sums.get(PUBLISHED).podHours());
    assertThat(ours.podHours()).isLessThan(1.1 * best);
    assertThat(ours.podHours()).isLessThan(0.7 * sums.get("fixed").podHours());
    assertThat(ours.rescales()).isLessThan(sums.get(HPA).rescales() / 15);
    // Told in the documentation: it follows bursts that the published one sleeps through.
    assertThat(ours.rescales()).isLessThan(2 * sums.get(PUBLISHED).rescales());
    assertThat(ours.rescales()).isGreaterThan(sums.get(PUBLISHED).rescales());
  }

  @ParameterizedTest
  @CsvSource({
    "daily curve, 12",
    "step up and down, 4",
    "ramp of 20 minutes, 4",
    "burst of 1 min every 30 min, 2",
    "burst of 10 min every 2 h, 12",
    "backlog of an outage, 5",
    "steady, 0",
    "broken sink for 20 min, 4",
    "poison record for 1 h, 4"
  })
  void rescalesRarely(String scenario, int most) {
    Figures ours = Comparison.run(Scenario.named(scenario), new Sizer.Model(), false, 3);

    assertThat(ours.rescales()).isLessThanOrEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({"slow sink for 2 h, UndoIneffective", "one hot key, UndoIneffective"})
  void takesBackWhatHadNoEffect(String scenario, String rule) {
    var model = new Sizer.Model();
    Comparison.run(Scenario.named(scenario), model, false, 1);

    assertThat(model.rules).contains(rule, "HoldAfterIneffective");
  }

  @ParameterizedTest
  @ValueSource(strings = {"broken sink for 20 min", "poison record for 1 h"})
  void leavesTheSizeWhileTheJobFails(String scenario) {
    var model = new Sizer.Model();
    Comparison.run(Scenario.named(scenario), model, false, 1);

    assertThat(model.rules).contains("JobRestarts");
    assertThat(model.changes)
        .noneMatch(
            e -> {
              long second = e.at().getEpochSecond() - Pipeline.BEGIN.getEpochSecond();
              return second > 2 * 3600 + 60 && Scenario.named(scenario).fails().test((int) second);
            });
  }
}
