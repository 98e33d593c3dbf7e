package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.flinkrest.JobGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTest {

  private static JobGraph.Vertex vertex(String id, double busy, double idle, double pressed) {
    return new JobGraph.Vertex(id, "name of " + id, 1, 64, false, false, busy, idle, pressed);
  }

  private static JobGraph graph(JobGraph.Vertex... vertices) {
    return new JobGraph(List.of(vertices));
  }

  @Test
  void theMostBackPressuredVertexIsNamedWithItsShareOfTheTimeBetween() {
    var before = graph(vertex("a", 100, 100, 100), vertex("b", 100, 100, 100));
    var after = graph(vertex("a", 200, 100, 400), vertex("b", 500, 100, 200));
    assertThat(BackPressure.between(before, after)).contains(new BackPressure(0.75, "name of a"));
  }

  @Test
  void nothingIsSaidWhereNothingWasAddedOrTheTasksBeganAnew() {
    var graph = graph(vertex("a", 100, 100, 100));
    assertThat(BackPressure.between(graph, graph)).isEmpty();
    assertThat(BackPressure.between(graph, graph(vertex("a", 10, 200, 10)))).isEmpty();
    assertThat(BackPressure.between(graph, graph(vertex("b", 200, 200, 200)))).isEmpty();
    assertThat(BackPressure.between(graph, graph(vertex("a", Double.NaN, 200, 200)))).isEmpty();
  }
}
