package io.flinkcluster.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationMetricsTest {
  private static final String STARTED =
      "operations: [{id: a, endedAt: x, type: Start, triggerKind: FirstStart, result: Succeeded}]";

  private static final String RESCALED =
      """
      operations:
        - id: b
          endedAt: y
          type: Rescale
          triggerKind: SpecChange
          result: RolledBack
          reason: DeadlineExceeded
          downtime: 12.500s
          steps:
            - {name: Preparing, duration: 3.000s}
            - {name: Starting, duration: 60.500s}
            - {name: Verifying}
        - {id: a, endedAt: x, type: Start, triggerKind: FirstStart, result: Succeeded}
      """;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final OperationMetrics metrics = new OperationMetrics(registry);

  private List<String> lines() {
    return registry.scrape().lines().filter(line -> !line.startsWith("#")).toList();
  }

  private static FlinkClusterStatus status(String yaml) {
    return Serialization.unmarshal(yaml, FlinkClusterStatus.class);
  }

  @Test
  void whatHasEndedIsCountedOnceWithHowLongItTook() {
    metrics.written(null, status(STARTED));
    metrics.written(status(STARTED), status(RESCALED));
    metrics.written(status(RESCALED), status(RESCALED));

    assertThat(lines())
        .contains(
            "flinkcluster_operations_total{operation=\"Rescale\",reason=\"DeadlineExceeded\","
                + "result=\"RolledBack\",trigger=\"SpecChange\"} 1.0",
            "flinkcluster_operations_total{operation=\"Start\",reason=\"\",result=\"Succeeded\","
                + "trigger=\"FirstStart\"} 1.0",
            "flinkcluster_operation_downtime_seconds_sum{operation=\"Rescale\"} 12.5",
            "flinkcluster_operation_duration_seconds_sum{operation=\"Rescale\","
                + "result=\"RolledBack\"} 63.5",
            "flinkcluster_operation_stage_duration_seconds_sum{operation=\"Rescale\","
                + "stage=\"Starting\"} 60.5",
            "flinkcluster_operation_stage_duration_seconds_bucket{operation=\"Rescale\","
                + "stage=\"Preparing\",le=\"5.0\"} 1")
        .noneMatch(line -> line.contains("Verifying"));
  }

  @Test
  void decisionsAreCountedByRule() {
    metrics.decided("FirstStart");
    metrics.decided("FirstStart");
    assertThat(lines()).contains("flinkcluster_decisions_total{rule=\"FirstStart\"} 2.0");
  }

  @Test
  void requestsAreCountedByWhatTheyAskFor() {
    var requests = new RequestMetrics(registry);
    requests.kubernetes("PATCH", "deployments", 200);
    requests.flink("GET", "/jobs/:id", "OK", java.time.Duration.ofMillis(40));
    assertThat(lines())
        .contains(
            "flinkcluster_kubernetes_requests_total{code=\"200\",method=\"PATCH\","
                + "resource=\"deployments\"} 1.0",
            "flinkcluster_flink_requests_seconds_count{method=\"GET\",path=\"/jobs/:id\","
                + "result=\"OK\"} 1");
  }
}
