package io.flinkcluster.operator.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.autoscale.Recorder;
import io.flinkcluster.operator.autoscale.Recorder.Made;
import io.flinkcluster.operator.autoscale.SizingPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulator recorded is replayed. */
class ReplayTest {
  private static final int MOST = 20;

  private static ReplaySettings settings(int most, int replicas) {
    return new ReplaySettings(
        SizingPolicy.within(1, most),
        2,
        720,
        replicas,
        Duration.ofSeconds(12),
        Duration.ofSeconds(30));
  }

  private static List<Made> made(Replay replay) {
    return replay.decisions().stream()
        .map(Replay.Decision::evaluation)
        .filter(e -> e.change().isPresent())
        .map(Recorder::made)
        .toList();
  }

  private static Recording prometheus(String text) throws JsonProcessingException {
    return PrometheusRecording.read(
        List.of(new ObjectMapper().readTree(text)), "streams", "orders");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "step up and down",
        "backlog of an outage",
        "slow sink for 2 h",
        "poison record for 1 h"
      })
  void takesTheDecisionsThatTheSimulatorTook(String scenario) throws JsonProcessingException {
    Recorder.Result recorded = Recorder.withModel(scenario, 1, MOST);
    Replay csv = Replay.of(CsvRecording.read(recorded.csv()), settings(MOST, 1));
    Replay prometheus = Replay.of(prometheus(recorded.prometheus()), settings(MOST, 1));

    assertThat(recorded.made()).isNotEmpty();
    assertThat(made(csv)).isEqualTo(recorded.made());
    assertThat(made(prometheus)).isEqualTo(recorded.made());
    assertThat(csv.decisions()).noneMatch(Replay.Decision::estimated);
    assertThat(csv.summary().podHours()).isCloseTo(recorded.podHours(), within(0.02));
    assertThat(csv.summary().recordedPodHours()).isLessThanOrEqualTo(csv.summary().podHours());
  }

  private static org.assertj.core.data.Percentage within(double share) {
    return org.assertj.core.data.Percentage.withPercentage(100 * share);
  }

  /** With an estimate of what the job would have done at each size, beside what it did. */
  @ParameterizedTest
  @CsvSource({
    "step up and down, true, 1",
    "step up and down, false, 1",
    "ramp of 20 minutes, false, 1",
    "backlog of an outage, true, 2"
  })
  void estimatesWhatASizeWouldHaveBroughtOfARecordingAtAnother(
      String scenario, boolean forPeak, int rescalesOff) {
    Recorder.Result truth = Recorder.withModel(scenario, 1, MOST);
    Recorder.Result recorded = Recorder.fixed(scenario, forPeak);
    Replay replay = Replay.of(CsvRecording.read(recorded.csv()), settings(MOST, 1));

    assertThat(replay.decisions()).anyMatch(Replay.Decision::estimated);
    assertThat((double) replay.summary().rescales())
        .isBetween(
            (double) truth.made().size() - rescalesOff,
            (double) truth.made().size() + rescalesOff + 1);
    assertThat(replay.summary().podHours()).isCloseTo(truth.podHours(), within(0.1));
  }

  @Test
  void aBoundChangesWhatIsDecidedAndTheFirstDifferenceBeginsTheEstimate() {
    Recorder.Result recorded = Recorder.withModel("step up and down", 1, MOST);
    Replay replay = Replay.of(CsvRecording.read(recorded.csv()), settings(5, 4));
    Made first = made(replay).get(0);

    assertThat(first.at()).isEqualTo(recorded.made().get(0).at());
    assertThat(first.to()).isEqualTo(5);
    assertThat(replay.decisions())
        .filteredOn(d -> d.evaluation().at().isBefore(first.at()))
        .noneMatch(Replay.Decision::estimated);
    assertThat(replay.decisions())
        .anyMatch(d -> d.evaluation().rule().equals("AtMaximum") && d.estimated());
    ReplaySummary s = replay.summary();
    assertThat(s.lagSeconds().orElseThrow())
        .isGreaterThan(2 * s.recordedLagSeconds().orElseThrow());
    assertThat(s.fixedPodHours()).isCloseTo(4 * 8, within(0.01));
  }
}
