package io.flinkcluster.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.FlinkCluster;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterMetricsTest {
  private static final String RUNNING =
      """
      metadata: {namespace: streams, name: orders}
      spec:
        job: {jarURI: "local:///job.jar"}
        storage: {baseURI: "s3://bucket"}
      status:
        phase: Running
        conditions:
          - {type: Ready, status: "True"}
          - {type: Stalled, status: "False"}
        job:
          state: RUNNING
          parallelism: 4
          restarts: 2
          sourceLag: 1234
          backPressure: {ratio: "0.75", vertex: sink}
          startedAt: "2026-01-01T00:00:00.000Z"
          checkpoints:
            {completed: 7, failed: 1, lastAt: "2026-01-01T00:00:00.000Z", lastDuration: 1.500s, lastSize: 99}
        taskManagers: {replicas: 4, wanted: 5, ready: 3}
        restorePoint: {takenAt: "2026-01-01T00:00:00.000Z"}
        operation:
          {type: Rescale, stage: Savepointing, triggerKind: SpecChange, rule: Wait,
           startedAt: "2026-01-01T00:00:00.000Z"}
        operations:
          - {id: b, type: Savepoint, result: Failed, reason: SavepointFailed}
          - {id: a, type: Rescale, downtime: 12.500s}
      """;

  private final List<FlinkCluster> clusters = new ArrayList<>();
  private boolean leads = true;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ClusterMetrics metrics = new ClusterMetrics(registry, () -> clusters, () -> leads);

  private List<String> lines() {
    return registry.scrape().lines().filter(line -> !line.startsWith("#")).sorted().toList();
  }

  private static FlinkCluster cluster(String yaml) {
    return Serialization.unmarshal(yaml, FlinkCluster.class);
  }

  @Test
  void theStatusOfAClusterIsThereAsNumbers() {
    clusters.add(cluster(RUNNING));
    String of = "{name=\"orders\",namespace=\"streams\"} ";
    assertThat(lines())
        .containsExactlyInAnyOrder(
            "flinkcluster_ready" + of + "1.0",
            "flinkcluster_stalled" + of + "0.0",
            "flinkcluster_phase{name=\"orders\",namespace=\"streams\",phase=\"Running\"} 1.0",
            "flinkcluster_job_running" + of + "1.0",
            "flinkcluster_job_parallelism" + of + "4.0",
            "flinkcluster_job_restarts" + of + "2.0",
            "flinkcluster_job_source_lag_records" + of + "1234.0",
            "flinkcluster_job_backpressure_ratio" + of + "0.75",
            "flinkcluster_job_checkpoints_completed" + of + "7.0",
            "flinkcluster_job_checkpoints_failed" + of + "1.0",
            "flinkcluster_job_checkpoints_size_bytes" + of + "99.0",
            "flinkcluster_job_checkpoints_timestamp_seconds" + of + "1.7672256E9",
            "flinkcluster_job_checkpoints_duration_seconds" + of + "1.5",
            "flinkcluster_job_checkpointed" + of + "1.0",
            "flinkcluster_job_start_timestamp_seconds" + of + "1.7672256E9",
            "flinkcluster_restore_point_timestamp_seconds" + of + "1.7672256E9",
            "flinkcluster_operation_start_timestamp_seconds" + of + "1.7672256E9",
            "flinkcluster_operation_info{name=\"orders\",namespace=\"streams\",operation=\"Rescale\","
                + "rule=\"Wait\",stage=\"Savepointing\",trigger=\"SpecChange\"} 1.0",
            "flinkcluster_last_operation_info{name=\"orders\",namespace=\"streams\","
                + "operation=\"Savepoint\",reason=\"SavepointFailed\",result=\"Failed\"} 1.0",
            "flinkcluster_taskmanagers" + of + "4.0",
            "flinkcluster_taskmanagers_wanted" + of + "5.0",
            "flinkcluster_taskmanagers_ready" + of + "3.0",
            "flinkcluster_last_operation_downtime_seconds" + of + "12.5");
  }

  @Test
  void aClusterThatIsGoneOrSaysNothingIsNotThere() {
    clusters.add(cluster("metadata: {namespace: streams, name: unseen}"));
    clusters.add(cluster("metadata: {namespace: streams, name: new}\nstatus: {job: {}}"));
    assertThat(lines())
        .containsExactly("flinkcluster_job_running{name=\"new\",namespace=\"streams\"} 0.0");
    clusters.clear();
    assertThat(lines()).isEmpty();
  }

  @Test
  void whatIsNotKnownOfTheCloudIsNoNumber() {
    String conditions =
        "metadata: {namespace: streams, name: a}\nstatus: {conditions:"
            + " [{type: CloudIdentityReady, status: '%s'}, {type: StorageReady, status: '%s'}]}";
    clusters.add(cluster(conditions.formatted("Unknown", "False")));
    assertThat(lines())
        .containsExactly("flinkcluster_storage_ready{name=\"a\",namespace=\"streams\"} 0.0");
    clusters.set(0, cluster(conditions.formatted("False", "True")));
    assertThat(lines())
        .containsExactly(
            "flinkcluster_cloud_identity_ready{name=\"a\",namespace=\"streams\"} 0.0",
            "flinkcluster_storage_ready{name=\"a\",namespace=\"streams\"} 1.0");
  }

  /** Two samples with the same labels would fail the whole scrape. */
  @Test
  void whatIsToldTwiceIsThereOnce() {
    clusters.add(cluster("metadata: {namespace: streams, name: new}\nstatus: {job: {}}"));
    clusters.add(cluster("metadata: {namespace: streams, name: new}\nstatus: {job: {}}"));
    assertThat(lines())
        .containsExactly("flinkcluster_job_running{name=\"new\",namespace=\"streams\"} 0.0");
  }

  @Test
  void aReplicaThatWaitsTellsOfNoCluster() {
    clusters.add(cluster(RUNNING));
    leads = false;
    assertThat(lines()).isEmpty();
    leads = true;
    assertThat(lines()).isNotEmpty();
  }

  @Test
  void numbersChangeAndAPhaseThatWasLeftIsNotThereAnyMore() {
    clusters.add(cluster(RUNNING));
    lines();
    clusters.set(0, cluster(RUNNING.replace("phase: Running", "phase: Changing")));
    assertThat(lines())
        .anyMatch(line -> line.contains("phase=\"Changing\""))
        .noneMatch(line -> line.contains("phase=\"Running\""));
  }
}
