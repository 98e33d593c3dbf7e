package io.flinkcluster.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedScaling;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LoadMetricsTest {
  static final Instant AT = Instant.parse("2026-01-05T12:00:00Z");
  private static final String SOURCE = "%032x".formatted(1);
  private static final String MAP = "%032x".formatted(2);

  private Optional<FlinkObservation> seen = Optional.of(seen(AT));
  private boolean leads = true;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LoadMetrics metrics =
      new LoadMetrics(registry, () -> List.of(AllMetrics.cluster()), c -> seen, () -> leads);

  /** A source that tells all, and a map that tells no share of time, looked at at this moment. */
  static FlinkObservation seen(Instant at) {
    var source =
        new Vertex(
            SOURCE,
            "Source: in",
            List.of(),
            4,
            128,
            0.25,
            0.5,
            0.25,
            1000,
            990,
            OptionalLong.of(1234),
            OptionalInt.of(8));
    var map =
        new Vertex(
            MAP,
            "map",
            List.of(SOURCE),
            4,
            128,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            990,
            0,
            OptionalLong.empty(),
            OptionalInt.empty());
    var job =
        new ObservedJob(
            "a".repeat(32),
            "RUNNING",
            4,
            128,
            AT.minusSeconds(600),
            Optional.empty(),
            0,
            8,
            8,
            Optional.of(AT.minusSeconds(500)),
            Optional.empty(),
            Optional.empty(),
            ObservedCheckpoints.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new FlinkObservation(
        1,
        at,
        true,
        "",
        Optional.of(job),
        List.of(),
        List.of(),
        Optional.empty(),
        ObservedScaling.NONE,
        Optional.empty(),
        List.of(
            new LoadSample(AT.minusMillis(15_500), Duration.ofSeconds(15), 0, List.of(source, map)),
            new LoadSample(
                AT.minusMillis(500), Duration.ofMillis(15_250), 0, List.of(source, map))));
  }

  private List<String> lines() {
    return registry.scrape().lines().filter(line -> !line.startsWith("#")).sorted().toList();
  }

  @Test
  void theLastLookIsThereVertexByVertexWithoutWhatIsNotTold() {
    String of = "{name=\"orders\",namespace=\"streams\"} ";
    String source = vertex("Source: in", SOURCE);
    String map = vertex("map", MAP);
    assertThat(lines())
        .containsExactlyInAnyOrder(
            "flinkcluster_autoscaling_evaluation_info{answer=\"Keep\",name=\"orders\","
                + "namespace=\"streams\",rule=\"Keep\"} 1.0",
            "flinkcluster_load_timestamp_seconds" + of + "1.7676143995E9",
            "flinkcluster_load_duration_seconds" + of + "15.25",
            "flinkcluster_job_tasks_running_timestamp_seconds" + of + "1.7676139E9",
            info("", "Source: in", SOURCE),
            info(SOURCE, "map", MAP),
            "flinkcluster_vertex_parallelism" + source + "4.0",
            "flinkcluster_vertex_parallelism" + map + "4.0",
            "flinkcluster_vertex_max_parallelism" + source + "128.0",
            "flinkcluster_vertex_max_parallelism" + map + "128.0",
            "flinkcluster_vertex_busy_ratio" + source + "0.25",
            "flinkcluster_vertex_idle_ratio" + source + "0.5",
            "flinkcluster_vertex_backpressure_ratio" + source + "0.25",
            "flinkcluster_vertex_records_in_per_second" + source + "1000.0",
            "flinkcluster_vertex_records_in_per_second" + map + "990.0",
            "flinkcluster_vertex_records_out_per_second" + source + "990.0",
            "flinkcluster_vertex_records_out_per_second" + map + "0.0",
            "flinkcluster_vertex_pending_records" + source + "1234.0",
            "flinkcluster_vertex_partitions" + source + "8.0");
  }

  @Test
  void whatIsLongPastIsNotTold() {
    seen = Optional.of(seen(AT.plusSeconds(119)));
    assertThat(lines()).anyMatch(line -> line.startsWith("flinkcluster_vertex_"));
    seen = Optional.of(seen(AT.plusSeconds(121)));
    assertThat(lines()).noneMatch(line -> line.startsWith("flinkcluster_vertex_"));
    seen = Optional.empty();
    assertThat(lines())
        .singleElement()
        .asString()
        .startsWith("flinkcluster_autoscaling_evaluation_info");
  }

  @Test
  void aReplicaThatWaitsTellsNothing() {
    leads = false;
    assertThat(lines()).isEmpty();
  }

  private static String vertex(String name, String id) {
    return "{name=\"orders\",namespace=\"streams\",vertex=\"%s\",vertex_id=\"%s\"} "
        .formatted(name, id);
  }

  private static String info(String inputs, String name, String id) {
    return "flinkcluster_vertex_info{inputs=\"%s\",name=\"orders\",namespace=\"streams\",vertex=\"%s\",vertex_id=\"%s\"} 1.0"
        .formatted(inputs, name, id);
  }
}
