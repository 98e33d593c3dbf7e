package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifferencesTest {

  private static FlinkObservation seen(long at, String state, Double pressure, Long lag) {
    var job =
        new ObservedJob(
            "a".repeat(32),
            state,
            1,
            1,
            Instant.EPOCH,
            Optional.empty(),
            0,
            1,
            1,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            ObservedCheckpoints.NONE,
            Optional.ofNullable(pressure),
            Optional.ofNullable(pressure).map(share -> "vertex at " + share),
            Optional.ofNullable(lag),
            Optional.empty());
    return new FlinkObservation(
        1,
        Instant.ofEpochSecond(at),
        true,
        "",
        Optional.of(job),
        List.of(),
        List.of(),
        Optional.empty());
  }

  @Test
  void timeAndSmallWavesAreNotWorthTelling() {
    var told = seen(1, "RUNNING", 0.5, 1000L);
    assertThat(Differences.worthTelling(told, seen(2, "RUNNING", 0.5, 1000L))).isFalse();
    assertThat(Differences.worthTelling(told, seen(2, "RUNNING", 0.59, 1150L))).isFalse();
  }

  @Test
  void largeWavesAndAnythingElseAre() {
    var told = seen(1, "RUNNING", 0.5, 1000L);
    assertThat(Differences.worthTelling(told, seen(1, "RESTARTING", 0.5, 1000L))).isTrue();
    assertThat(Differences.worthTelling(told, seen(1, "RUNNING", 0.61, 1000L))).isTrue();
    assertThat(Differences.worthTelling(told, seen(1, "RUNNING", null, 1000L))).isTrue();
    assertThat(Differences.worthTelling(told, seen(1, "RUNNING", 0.5, 1300L))).isTrue();
    assertThat(Differences.worthTelling(told, seen(1, "RUNNING", 0.5, 0L))).isTrue();
    assertThat(
            Differences.worthTelling(
                told, FlinkObservation.unreachable(1, Instant.ofEpochSecond(1), "away")))
        .isTrue();
    assertThat(Differences.worthTelling(seen(1, "RUNNING", 0.0, 1L), seen(1, "RUNNING", 0.0, 0L)))
        .isTrue();
  }
}
