package io.flinkcluster.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedTaskManager;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An operator that has just begun to lead, and has not asked the JobManager yet. */
class ToldBeforeTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String JOB = "a".repeat(32);
  private static final CheckedCluster CLUSTER = cluster();

  private static CheckedCluster cluster() {
    String yaml =
        """
        flinkVersion: "2.3"
        image: flink:2.3
        job: {jarURI: "local:///opt/flink/a.jar"}
        storage: {baseURI: "s3://bucket/flink"}
        """;
    try {
      var cluster = new FlinkCluster();
      cluster.setMetadata(
          new ObjectMetaBuilder().withName("c").withNamespace("ns").withUid("u").build());
      cluster.setSpec(new ObjectMapper(new YAMLFactory()).readValue(yaml, FlinkClusterSpec.class));
      return ((Admission.Accepted) AdmissionRules.check(cluster)).cluster();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObservedPod pod(Component component, boolean running) {
    return new ObservedPod(
        component.label(),
        "pod",
        component,
        1,
        false,
        running,
        running,
        false,
        0,
        Optional.of("10.0.0.1"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Observation seen(boolean jobManagerRuns, Optional<FlinkObservation> flink) {
    return new Observation(
        NOW,
        List.of(pod(Component.JOB_MANAGER, jobManagerRuns), pod(Component.TASK_MANAGER, true)),
        List.of(),
        flink,
        false,
        List.of(),
        Optional.empty());
  }

  private static FlinkObservation answer(String state) {
    var last = new ObservedCheckpoints.Completed(1, "s3://b/chk-1", NOW, Duration.ofSeconds(1), 10);
    var job =
        new ObservedJob(
            JOB,
            state,
            1,
            128,
            NOW,
            Optional.empty(),
            0,
            1,
            1,
            Optional.of(NOW),
            Optional.of(100L),
            Optional.empty(),
            new ObservedCheckpoints(1, 0, Optional.of(last), Optional.empty(), Optional.empty()),
            Optional.of(0.5),
            Optional.of("map"),
            Optional.of(7L),
            Optional.empty());
    return new FlinkObservation(
        1,
        NOW,
        true,
        "",
        Optional.of(job),
        List.of(),
        List.of(new ObservedTaskManager("taskmanager", 1, 0)),
        Optional.empty());
  }

  private static FlinkClusterStatus compose(
      FlinkClusterStatus before, long epoch, Optional<CheckedCluster> running, Observation seen) {
    RecordedState recorded =
        RecordedState.of(null)
            .with(new LaunchStatus(epoch, JOB, CLUSTER.fingerprint(), 1L, null, "pod", null, null));
    return StatusComposer.compose(
        before,
        new ClusterNames("ns", "c"),
        1,
        new Admission.Accepted(CLUSTER, List.of()),
        running,
        Optional.empty(),
        Decision.of(Phase.Running, recorded),
        seen,
        false);
  }

  private static FlinkClusterStatus told(String state) {
    return compose(null, 1, Optional.of(CLUSTER), seen(true, Optional.of(answer(state))));
  }

  private static Condition ready(FlinkClusterStatus status) {
    return Conditions.find(status, Conditions.READY).orElseThrow();
  }

  @Test
  void whatWasToldStaysUntilItIsAsked() {
    FlinkClusterStatus ready = told("RUNNING");
    assertThat(ready(ready).status()).isEqualTo("True");
    assertThat(compose(ready, 1, Optional.of(CLUSTER), seen(true, Optional.empty())))
        .isEqualTo(ready);
    FlinkClusterStatus restarting = told("RESTARTING");
    assertThat(ready(restarting).reason()).isEqualTo("JobRestarting");
    assertThat(compose(restarting, 1, Optional.of(CLUSTER), seen(true, Optional.empty())))
        .isEqualTo(restarting);
  }

  @Test
  void itIsNewsThatItDoesNotAnswer() {
    var silent = FlinkObservation.unreachable(1, NOW, "no answer");
    FlinkClusterStatus status =
        compose(told("RUNNING"), 1, Optional.of(CLUSTER), seen(true, Optional.of(silent)));
    assertThat(ready(status).reason()).isEqualTo("FlinkUnreachable");
    assertThat(ready(status).message()).contains("no answer");
    assertThat(status.job()).isNull();
  }

  @Test
  void nothingIsKeptOfAJobManagerThatDoesNotRun() {
    FlinkClusterStatus status =
        compose(told("RUNNING"), 1, Optional.of(CLUSTER), seen(false, Optional.empty()));
    assertThat(ready(status).reason()).isEqualTo("FlinkUnreachable");
    assertThat(status.job()).isNull();
    assertThat(status.taskManagers().summary()).isEqualTo("0/1");
  }

  @Test
  void nothingIsKeptOfAnotherStartNorWhereNobodyWillLook() {
    FlinkClusterStatus other =
        compose(told("RUNNING"), 2, Optional.of(CLUSTER), seen(true, Optional.empty()));
    assertThat(ready(other).reason()).isEqualTo("FlinkUnreachable");
    FlinkClusterStatus unknown =
        compose(told("RUNNING"), 1, Optional.empty(), seen(true, Optional.empty()));
    assertThat(ready(unknown).reason()).isEqualTo("FlinkUnreachable");
  }

  @Test
  void aReasonThatFlinkDidNotGiveIsNotKept() {
    FlinkClusterStatus paused =
        StatusComposer.compose(
            told("RUNNING"),
            new ClusterNames("ns", "c"),
            1,
            new Admission.Accepted(CLUSTER, List.of()),
            Optional.of(CLUSTER),
            Optional.empty(),
            Decision.of(Phase.Running, RecordedState.of(told("RUNNING"))),
            seen(true, Optional.empty()),
            true);
    assertThat(ready(paused).reason()).isEqualTo("Paused");
    FlinkClusterStatus resumed =
        compose(paused, 1, Optional.of(CLUSTER), seen(true, Optional.empty()));
    assertThat(ready(resumed).reason()).isEqualTo("FlinkUnreachable");
    assertThat(resumed.job()).as("the job was told by Flink").isNotNull();
  }
}
