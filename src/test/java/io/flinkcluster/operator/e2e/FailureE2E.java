package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.Phase;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Changes that fail with real Flink, one after the other on the same cluster: what Flink itself
 * says when state does not fit, what becomes of its processes, and what is left in the end.
 */
@EndToEnd
@Order(2) // a long one: it begins before the others
class FailureE2E {
  private static final String NAME = "top-speed";
  private static final Duration LONG = ClusterUnderTest.START.multipliedBy(2);

  private E2eCluster cluster;
  private E2eNamespace space;
  private ClusterUnderTest job;

  @BeforeAll
  void begin(E2eCluster found) {
    cluster = found;
    space = cluster.space("failure");
    job = space.subject(NAME);
    // As large as what the size that finds no room asks for, so that it is known how many fit.
    space.apply(Templates.firstExample("2.3").replace("cpu: 50m", "cpu: 200m"));
    job.awaitReady();
  }

  @AfterAll
  void leave() {
    space.close();
  }

  /** Changes the cluster and waits until an operation that began since has ended so. */
  private OperationRecord resultOf(String patch, OperationResult result) {
    String before = ClusterUnderTest.lastOperation(job.status()).id();
    job.patch(patch);
    return ClusterUnderTest.lastOperation(
        job.await(
            "a result " + result,
            LONG,
            s ->
                !ClusterUnderTest.lastOperation(s).id().equals(before)
                    && ClusterUnderTest.lastOperation(s).result() == result));
  }

  private String awaitStalled(String reason) {
    return job.awaitCondition("Stalled", LONG, reason, "").message();
  }

  @Test
  @Order(1)
  void aJobThatTheStateDoesNotFitIsRolledBackToTheOldOneFromTheSavepoint() {
    OperationRecord failed =
        resultOf(
            "{'spec': {'job': {'jarURI':"
                + " 'local:///opt/flink/examples/streaming/SessionWindowing.jar'}}}",
            OperationResult.RolledBack);
    assertThat(failed.savepoint()).contains("/savepoints/");
    assertThat(failed.message()).containsIgnoringCase("savepoint");
    String message = awaitStalled("RolledBack");
    assertThat(message).contains("tried again when the spec changes");
    assertThat(job.restored()).isEqualTo(failed.savepoint());
    assertThat(job.status().launch().epoch()).isEqualTo(3);
  }

  @Test
  @Order(2)
  void whatFailedIsNotTriedAgainByAnotherOperator() {
    String running = job.status().job().id();
    cluster.replaceOperator();
    job.patch("{'metadata': {'labels': {'looked': 'at'}}}");
    awaitStalled("RolledBack");
    assertThat(job.status().job().id()).isEqualTo(running);
    job.patch(
        "{'spec': {'job': {'jarURI':"
            + " 'local:///opt/flink/examples/streaming/TopSpeedWindowing.jar'}}}");
    assertThat(job.awaitReady().job().id()).isEqualTo(running);
  }

  @Test
  @Order(3)
  void aSizeThatNoNodeHasRoomForLeavesTheSameJobRunning() {
    cluster.alone(this::askForTooMuch);
  }

  private void askForTooMuch() {
    String running = job.status().job().id();
    OperationRecord given =
        resultOf(
            "{'spec': {'changeTimeout': '45s', 'taskManager': {'resources': {'requests': {'cpu':"
                + " '200m', 'memory': '1Gi'}}, 'replicas': 60}}}",
            OperationResult.Abandoned);
    assertThat(given.message()).containsIgnoringCase("insufficient");
    assertThat(job.status().job().id()).isEqualTo(running);
    job.patch("{'spec': {'changeTimeout': '10m', 'taskManager': {'replicas': 1}}}");
    assertThat(job.awaitReady().job().id()).isEqualTo(running);
  }

  @Test
  @Order(4)
  void aNewImageThatDoesNotExistLeavesTheSameJobRunning() {
    String running = job.status().job().id();
    OperationRecord given =
        resultOf("{'spec': {'image': 'flink:none-such'}}", OperationResult.Abandoned);
    assertThat(given.message()).contains("none-such");
    assertThat(job.status().job().id()).isEqualTo(running);
    job.patch("{'spec': {'image': 'flink:2.3'}}");
    job.awaitReady();
  }

  @Test
  @Order(5)
  void aJobManagerLostInTheMiddleOfAChangeDoesNotEndIt() {
    long seen = job.checkpointInStatus();
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", "2");
    job.await("a change", LONG, s -> s.operation() != null);
    Pod lost = job.pod("jobmanager");
    space
        .kubectl()
        .ok("delete", "pod", lost.getMetadata().getName(), "--grace-period=0", "--force");
    FlinkClusterStatus status =
        job.await(
            "an end",
            LONG,
            s -> ClusterUnderTest.isTrue(s, "Ready") || ClusterUnderTest.isTrue(s, "Stalled"));
    assertThat(ClusterUnderTest.isTrue(status, "Ready")).as("%s", status.conditions()).isTrue();
    assertThat(job.parallelism()).isEqualTo(2);
    if (job.restored().contains("/chk-")) {
      assertThat(ClusterUnderTest.checkpoint(job.restored())).isGreaterThanOrEqualTo(seen);
    }
  }

  @Test
  @Order(6)
  void aDeletedClusterIsContinuedByOneOfTheSameName() {
    space.kubectl().ok("delete", "flc", NAME, "--timeout=120s");
    String path = job.finalSavepoint();
    space.apply(Templates.firstExample("2.3"));
    assertThat(awaitStalled("NoRestorePoint"))
        .contains(path, "job.initialSavepoint", "job.onRecreate");
    job.patch("{'spec': {'job': {'onRecreate': 'Continue'}}}");
    job.awaitReady();
    assertThat(job.restored()).isEqualTo(path);
  }

  @Test
  @Order(7)
  void aJobManagerThatIsLostBeforeTheFirstCheckpointBeginsFromTheInitialSavepointAgain() {
    space.kubectl().ok("delete", "flc", NAME, "--timeout=120s");
    String path = job.finalSavepoint();
    space.apply(
        Templates.merged(
            lastDocument(Templates.firstExample("2.3")),
            "{'spec': {'job': {'initialSavepoint': '"
                + path
                + "'}, 'storage': {'checkpointInterval': '1h'}}}"));
    String lost =
        job.await("a job", LONG, s -> s.phase() == Phase.Running && s.operation() == null)
            .launch()
            .jobId();
    Pod pod = job.pod("jobmanager");
    space.kubectl().ok("delete", "pod", pod.getMetadata().getName(), "--wait=false");
    job.await(
        "another job",
        LONG,
        s -> s.launch().epoch() == 2 && s.operation() == null && s.phase() == Phase.Running);
    // Sometimes Flink 2.3 takes a checkpoint as soon as all tasks run, whatever the interval is.
    if (!job.restored().equals(path)) {
      assertThat(job.restored()).contains("/" + lost + "/chk-");
    }
  }

  private static String lastDocument(String manifests) {
    return manifests.substring(manifests.lastIndexOf("---\n") + 4);
  }

  @Test
  @Order(8)
  void aFinishedJobIsNotStartedAgain() {
    space.kubectl().ok("delete", "flc", NAME, "--timeout=120s");
    space.kubectl().ok("delete", "configmap", NAME + "-final-savepoint");
    space.apply(
        Templates.merged(
            lastDocument(Templates.firstExample("2.3")),
            "{'spec': {'job': {'jarURI':"
                + " 'local:///opt/flink/examples/streaming/WordCount.jar'}}}"));
    job.await("the end of the job", LONG, s -> s.phase() == Phase.Finished);
    Pod lost = job.pod("jobmanager");
    space.kubectl().ok("delete", "pod", lost.getMetadata().getName(), "--wait=false");
    await("no JobManager")
        .atMost(LONG)
        .untilAsserted(() -> assertThat(space.pods(NAME, "jobmanager")).isEmpty());
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", "2");
    FlinkClusterStatus status = job.await("still the end", LONG, s -> s.phase() == Phase.Finished);
    assertThat(status.launch().epoch()).isEqualTo(1);
    assertThat(status.operation()).isNull();
  }

  @Test
  @Order(9)
  void aNamespaceWithARunningJobIsDeletedAsAnyOther() {
    E2eNamespace other = cluster.space("doomed");
    other.apply(Templates.firstExample("2.3"));
    other.subject(NAME).awaitReady();
    cluster.client().namespaces().withName(other.name()).delete();
    await("the namespace is gone")
        .atMost(LONG)
        .until(() -> cluster.client().namespaces().withName(other.name()).get() == null);
    other.close();
  }
}
