package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.flinkrest.JobGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of threads as Flink 1.20 and 2.3 give them. */
class OutputFlusherCheckTest {
  private static final JobGraph GRAPH =
      new JobGraph(
          List.of(
              vertex("1", "Source: numbers", true), vertex("2", "counting -> Sink: files", false)));

  private static JobGraph.Vertex vertex(String digit, String name, boolean feeds) {
    return new JobGraph.Vertex(digit.repeat(32), name, 2, 64, !feeds, feeds, 0, 0, 0);
  }

  @Test
  void isByTimeWhereATaskHasAFlusher() {
    assertThat(
            OutputFlusherCheck.of(
                GRAPH,
                List.of("Source: numbers (1/2)#0", "OutputFlusher for Source: numbers (1/2)#0")))
        .contains(true);
  }

  @Test
  void isNotWhereATaskThatSendsHasNone() {
    assertThat(
            OutputFlusherCheck.of(
                GRAPH,
                List.of(
                    "main",
                    "Source: numbers (2/2)#3",
                    "Time Trigger for Source: numbers (2/2)#3",
                    "counting -> Sink: files (1/2)#0")))
        .contains(false);
  }

  @Test
  void isNotKnownWhereNoTaskSends() {
    assertThat(OutputFlusherCheck.of(GRAPH, List.of())).isEmpty();
    assertThat(OutputFlusherCheck.of(GRAPH, List.of("counting -> Sink: files (1/2)#0"))).isEmpty();
    assertThat(OutputFlusherCheck.of(GRAPH, List.of("Time Trigger for Source: numbers (2/2)#3")))
        .isEmpty();
    assertThat(OutputFlusherCheck.of(new JobGraph(List.of()), List.of("Source: numbers (1/2)#0")))
        .isEmpty();
  }
}
