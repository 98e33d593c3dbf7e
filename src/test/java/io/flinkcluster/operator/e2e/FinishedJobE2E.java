package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that has come to its end does not run again when the pod of its JobManager is replaced. */
@EndToEnd
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class FinishedJobE2E implements FullRunOnly.Versioned {
  private static final Duration A_WHILE = Duration.ofSeconds(10);

  @Parameter private String version;
  private E2eCluster cluster;
  private E2eNamespace space;

  @Override
  public String version() {
    return version;
  }

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("finished");
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  /** Runs a job that ends, and deletes the JobManager pods then. */
  private ClusterUnderTest finished(String name, String manifests) {
    space.apply(manifests.replace("TopSpeedWindowing", "WordCount"));
    ClusterUnderTest job = space.subject(name);
    job.await("the end of the job", ClusterUnderTest.START, s -> s.phase() == Phase.Finished);
    for (Pod pod : space.pods(name, "jobmanager")) {
      space.kubectl().ok("delete", "pod", pod.getMetadata().getName(), "--wait=true");
    }
    return job;
  }

  @Test
  @FullRunOnly
  void isNotRunAgainWithoutState() {
    ClusterUnderTest job = finished("stateless", Templates.read("stateless", "stateless", version));
    await("no JobManager runs")
        .during(A_WHILE)
        .atMost(A_WHILE.multipliedBy(2))
        .until(
            () ->
                space.pods("stateless", "jobmanager").stream()
                    .allMatch(pod -> pod.getSpec().getNodeName() == null));
    assertThat(job.status().phase()).isEqualTo(Phase.Finished);
    assertThat(job.status().launch().epoch()).isEqualTo(1);
  }

  @Test
  void isNotRunAgainByAHighlyAvailableJobManager() {
    ClusterUnderTest job = finished("top-speed-ha", Templates.highlyAvailable(version));
    await("another JobManager answers")
        .atMost(ClusterUnderTest.START)
        .until(() -> job.flink("/jobs/overview").isPresent());
    await("nothing runs in it")
        .during(A_WHILE)
        .atMost(A_WHILE.multipliedBy(2))
        .until(() -> states(job), states -> states.stream().allMatch("FINISHED"::equals));
    assertThat(job.status().phase()).isEqualTo(Phase.Finished);
    assertThat(job.status().launch().epoch()).isEqualTo(1);
  }

  /** About 40 s. */
  @Test
  @FullRunOnly
  void runsAgainWithItsNewArgumentsAndLeavesItsResult() {
    String manifest = Templates.read("stateless", "batch", version);
    space.apply(manifest.replace("TopSpeedWindowing", "WordCount"));
    ClusterUnderTest job = space.subject("batch");
    FlinkClusterStatus first =
        job.await("its end", ClusterUnderTest.START, s -> s.phase() == Phase.Finished);
    assertThat(first.launch().generation()).isEqualTo(first.observedGeneration());

    job.patch("{'spec': {'job': {'args': ['--execution-mode', 'BATCH']}}}");
    FlinkClusterStatus second =
        job.await(
            "the end of the second run",
            ClusterUnderTest.START,
            s -> s.phase() == Phase.Finished && s.launch().epoch() == 2);
    assertThat(second.launch().generation()).isEqualTo(second.observedGeneration());
    assertThat(ClusterUnderTest.lastOperation(second).type()).isEqualTo(OperationType.Rerun);
    assertThat(second.job().id()).isNotEqualTo(first.job().id());

    job.patch("{'spec': {'job': {'afterFinish': {'keep': 0}}}}");
    await("its pods are gone")
        .atMost(ClusterUnderTest.START)
        .until(
            () ->
                space.pods("batch", "jobmanager").isEmpty()
                    && space.pods("batch", "taskmanager").isEmpty());
    FlinkClusterStatus left =
        job.await(
            "nothing is missing",
            ClusterUnderTest.START,
            s -> s.taskManagers().summary().equals("0/0"));
    assertThat(left.job().state()).isEqualTo("FINISHED");
    assertThat(ClusterUnderTest.isTrue(left, "Ready")).isTrue();
    assertThat(ClusterUnderTest.isTrue(left, "StateSafe")).isTrue();
  }

  private static List<String> states(ClusterUnderTest job) {
    return job.flink("/jobs/overview").stream()
        .flatMap(answer -> answer.path("jobs").findValues("state").stream())
        .map(JsonNode::asText)
        .toList();
  }
}
