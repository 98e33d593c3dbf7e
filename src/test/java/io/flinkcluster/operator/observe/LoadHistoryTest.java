package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.model.LoadSample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadHistoryTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SOURCE = "a".repeat(32);
  private static final String MAP = "b".repeat(32);

  private final LoadHistory history = new LoadHistory();

  /** After so many seconds: two tasks each, the map busy all the time and the source a tenth. */
  private static JobGraph graph(double seconds, long records) {
    double millis = 2000 * seconds;
    return new JobGraph(
        List.of(
            new JobGraph.Vertex(
                SOURCE,
                "source",
                2,
                64,
                true,
                true,
                millis / 10,
                0,
                millis * 0.9,
                List.of(),
                0,
                records),
            new JobGraph.Vertex(
                MAP, "map", 2, 64, false, false, millis, 0, 0, List.of(SOURCE), records, 0)));
  }

  private void look(long seconds, JobGraph graph) {
    history.add(
        graph, Map.of(SOURCE, 500L), Map.of(), Map.of(SOURCE, 6), 3, BEGIN.plusSeconds(seconds));
  }

  @Test
  void tellsWhatHappenedBetweenTwoLooks() {
    look(0, graph(100, 1000));
    look(15, graph(115, 16_000));

    LoadSample sample = history.samples().get(0);
    assertThat(sample.restarts()).isEqualTo(3);
    LoadSample.Vertex source = sample.vertices().get(0);
    assertThat(source.source()).isTrue();
    assertThat(source.pending()).hasValue(500);
    assertThat(source.partitions()).hasValue(6);
    assertThat(sample.vertices().get(1).partitions()).isEmpty();
    assertThat(source.recordsIn()).isNaN();
    assertThat(source.recordsOut()).isEqualTo(1000, within(0.01));
    assertThat(source.backPressured()).isEqualTo(0.9, within(0.001));
    LoadSample.Vertex map = sample.vertices().get(1);
    assertThat(map.inputs()).containsExactly(SOURCE);
    assertThat(map.busy()).isEqualTo(1, within(0.001));
    assertThat(map.recordsIn()).isEqualTo(1000, within(0.01));
  }

  @Test
  void goesByTheTimeOfTheMetricsWhichFlinkRefreshesLate() {
    look(0, graph(100, 1000));
    look(15, graph(110, 11_000)); // what Flink knew 5 s ago
    assertThat(history.samples().get(0).vertices().get(1).recordsIn())
        .isEqualTo(1000, within(0.01));
  }

  @Test
  void leavesOutLooksThatAreTooNearAndPausesThatAreTooLong() {
    look(0, graph(100, 1000));
    look(5, graph(105, 2000));
    assertThat(history.samples()).isEmpty();
    look(15, graph(115, 3000));
    assertThat(history.samples()).hasSize(1);
    look(600, graph(700, 4000));
    assertThat(history.samples()).hasSize(1);
  }

  @Test
  void leavesOutTasksThatBeganToCountAnew() {
    look(0, graph(100, 1000));
    look(15, graph(3, 10));
    assertThat(history.samples()).isEmpty();
    look(30, graph(18, 100));
    assertThat(history.samples()).hasSize(1);
  }

  @Test
  void survivesAClockThatGoesBack() {
    look(600, graph(100, 1000));
    look(0, graph(115, 2000));
    look(15, graph(130, 3000));
    assertThat(history.samples()).hasSize(1);
  }

  @Test
  void readsWhatASourceWithoutFollowersReadsFromItsOwnMetric() {
    var chained = Map.of(SOURCE, 0L);
    for (int i = 0; i < 2; i++) {
      double millis = 15_000.0 * i;
      var graph =
          new JobGraph(
              List.of(
                  new JobGraph.Vertex(
                      SOURCE, "all", 1, 64, true, false, millis, 0, 0, List.of(), 0, 0)));
      history.add(
          graph,
          Map.of(),
          i == 0 ? chained : Map.of(SOURCE, 30_000L),
          Map.of(),
          0,
          BEGIN.plusSeconds(15L * i));
    }
    assertThat(history.samples().get(0).vertices().get(0).recordsIn()).isEqualTo(2000);
  }

  @Test
  void keepsAnHour() {
    for (int i = 0; i < 400; i++) {
      look(15L * i, graph(15 * i, 100L * i));
    }
    assertThat(history.samples()).hasSize(256);
    assertThat(history.samples().get(255).at()).isEqualTo(BEGIN.plusSeconds(15L * 399));
  }
}
