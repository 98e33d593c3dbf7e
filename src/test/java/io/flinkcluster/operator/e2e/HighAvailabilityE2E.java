package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two JobManagers and Flink's own recovery data in Kubernetes. */
@EndToEnd
@Order(3) // a long one: it begins before the others
class HighAvailabilityE2E {
  private static final String NAME = "top-speed-ha";
  private static final Duration LONG = ClusterUnderTest.START.multipliedBy(2);

  private E2eNamespace space;
  private ClusterUnderTest job;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("ha");
    job = space.subject(NAME);
    space.apply(Templates.highlyAvailable("2.3"));
    job.awaitReady();
  }

  @AfterAll
  void leave() {
    space.close();
  }

  /** Flink's own ConfigMaps, which no one owns. */
  private List<String> recoveryData() {
    return space
        .kubectl()
        .ok("get", "configmap", "-l", "type=flink-native-kubernetes", "-o", "name")
        .lines()
        .toList();
  }

  private void delete(List<Pod> pods) {
    for (Pod pod : pods) {
      space
          .kubectl()
          .ok("delete", "pod", pod.getMetadata().getName(), "--grace-period=0", "--force");
    }
  }

  /** The JobManager whose address Flink has written down as the leader's. */
  private Pod leader() {
    String written =
        space
            .kubectl()
            .ok(
                "get",
                "configmap",
                "-l",
                "type=flink-native-kubernetes",
                "-o",
                "jsonpath={..data}");
    List<Pod> leaders =
        space.pods(NAME, "jobmanager").stream()
            .filter(pod -> written.contains(pod.getStatus().getPodIP() + ":"))
            .toList();
    assertThat(leaders).as("leaders by %s", written).hasSize(1);
    return leaders.get(0);
  }

  @Test
  @Order(1)
  void theSecondJobManagerStandsBy() {
    assertThat(space.pods(NAME, "jobmanager")).hasSize(2);
    assertThat(recoveryData()).isNotEmpty();
    assertThat(recoveryFiles()).isNotEmpty();
  }

  @Test
  @Order(2)
  void theSameJobGoesOnWhenTheLeaderIsLost() {
    FlinkClusterStatus before = job.status();
    long seen = job.checkpointInStatus();
    delete(List.of(leader()));
    job.await(
        "a later checkpoint of the same job",
        LONG,
        s ->
            s.job() != null
                && s.job().checkpoints() != null
                && s.job().checkpoints().lastPath() != null
                && ClusterUnderTest.checkpoint(s.job().checkpoints().lastPath()) > seen + 1
                && ClusterUnderTest.isTrue(s, "Ready"));
    assertThat(job.status().job().id()).isEqualTo(before.job().id());
    assertThat(job.status().launch().epoch()).isEqualTo(before.launch().epoch());
    // The later checkpoint may have been the last of the leader before.
    awaitRestored("/chk-", seen);
  }

  @Test
  @Order(3)
  void aRescaleTakesASavepointAndLeavesNoRecoveryDataOfTheOldStart() {
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", "2");
    FlinkClusterStatus status = job.awaitReady();
    assertThat(ClusterUnderTest.lastOperation(status).result())
        .isEqualTo(OperationResult.Succeeded);
    assertThat(job.restored()).isEqualTo(ClusterUnderTest.lastOperation(status).savepoint());
    assertThat(job.parallelism()).isEqualTo(2);
    await("the old recovery data is gone")
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(recoveryData())
                    .isNotEmpty()
                    .allMatch(n -> n.matches(".*-ha-[0-9a-f]{5}-2-.*")));
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", "1");
    job.awaitReady();
  }

  private FlinkClusterStatus afterCheckpoints(long count) {
    return job.await(
        count + " checkpoints",
        LONG,
        s ->
            s.job() != null
                && s.job().checkpoints() != null
                && s.job().checkpoints().completed() != null
                && s.job().checkpoints().completed() >= count);
  }

  private void loseRecoveryData() {
    space.kubectl().ok("delete", "configmap", "-l", "type=flink-native-kubernetes");
  }

  private void awaitRestored(String text, long atLeast) {
    await("Flink's own word")
        .atMost(LONG)
        .untilAsserted(
            () -> {
              assertThat(job.restored()).contains(text);
              assertThat(ClusterUnderTest.checkpoint(job.restored()))
                  .isGreaterThanOrEqualTo(atLeast);
            });
  }

  @Test
  @Order(4)
  void aJobManagerWithoutRecoveryDataBeginsWithTheNewestCheckpoint() {
    FlinkClusterStatus before = afterCheckpoints(4);
    long seen = ClusterUnderTest.checkpoint(before.restorePoint().path());
    delete(space.pods(NAME, "jobmanager"));
    loseRecoveryData();
    job.await(
        "later checkpoints",
        LONG,
        s ->
            ClusterUnderTest.isTrue(s, "Ready")
                && s.operation() == null
                && ClusterUnderTest.checkpoint(s.restorePoint().path()) > seen + 1);
    awaitRestored(before.job().id(), seen);
  }

  @Test
  @Order(5)
  void recoveryDataThatIsLostUnderARunningJobManagerDoesNotLeadBackToTheBeginning() {
    FlinkClusterStatus before = afterCheckpoints(25);
    long seen = ClusterUnderTest.checkpoint(before.restorePoint().path());
    loseRecoveryData();
    job.await(
        "another start",
        LONG,
        s ->
            s.launch().epoch() > before.launch().epoch()
                && s.operation() == null
                && ClusterUnderTest.isTrue(s, "Ready"));
    awaitRestored(before.job().id(), seen);
  }

  @Test
  @Order(6)
  void deletionLeavesNoRecoveryDataAlsoWithoutARunningJobManager() {
    job.patch("{'spec': {'jobManager': {'podTemplate': {'spec': {'nodeName': 'none-such'}}}}}");
    job.await("a change", LONG, s -> s.operation() != null);
    delete(space.pods(NAME, "jobmanager"));
    space.kubectl().ok("delete", "flc", NAME, "--timeout=240s");
    await("no recovery data")
        .atMost(LONG)
        .untilAsserted(() -> assertThat(recoveryData()).isEmpty());
    assertThat(job.finalSavepoint()).contains("file:/");
    assertThat(recoveryFiles()).isEmpty();
  }

  /** What lies in the directory of recovery data, as a pod sees it that mounts the volume. */
  private List<String> recoveryFiles() {
    space.apply(Templates.read("looker", "looker", "2.3"));
    space.kubectl().ok("wait", "pod/looker", "--for=condition=Ready", "--timeout=120s");
    String find = "find /flink-state/" + space.name() + "/" + NAME + "/ha -type f";
    String found = space.kubectl().ok("exec", "looker", "--", "bash", "-c", find);
    space.kubectl().ok("delete", "pod", "looker", "--grace-period=0", "--force");
    return found.lines().toList();
  }

  @Test
  @Order(7)
  void aLaterClusterOfTheSameNameFindsNothingOfTheFirst() {
    String path = job.finalSavepoint();
    space.apply(Templates.highlyAvailable("2.3"));
    job.awaitCondition("Stalled", LONG, "NoRestorePoint", path);
    job.patch("{'spec': {'job': {'onRecreate': 'Continue'}}}");
    FlinkClusterStatus status = job.awaitReady();
    assertThat(status.launch().epoch()).isEqualTo(1);
    // The JobManager was lost: it may have completed more, and have deleted this one for it.
    assertThat(job.restored())
        .satisfiesAnyOf(
            restored -> assertThat(restored).isEqualTo(path),
            restored ->
                assertThat(ClusterUnderTest.checkpoint(restored))
                    .isGreaterThan(ClusterUnderTest.checkpoint(path)));
  }

  /** What a prune by a GitOps pipeline does, or a delete -f: the job's own rights go at once. */
  @Test
  @Order(8)
  void prunedTogetherWithItsRightsItSaysWhatCouldNotBeDone() {
    space
        .kubectl()
        .ok(
            "delete",
            "flc/" + NAME,
            "serviceaccount/flink-ha",
            "role/flink-ha",
            "rolebinding/flink-ha",
            "--wait=false");
    await("it is gone").atMost(LONG).until(() -> job.get().isEmpty());
    String directory = "/flink-state/" + space.name() + "/" + NAME + "/ha";
    assertThat(job.finalSavepoint()).contains("file:/");
    assertThat(
            space
                .kubectl()
                .ok("get", "configmap", NAME + "-final-savepoint", "-o", "jsonpath={.data.note}"))
        .contains("flink-ha", directory);
    assertThat(
            space
                .kubectl()
                .ok(
                    "get",
                    "events",
                    "--field-selector=type=Warning,reason=StorageNotCleaned",
                    "-o",
                    "jsonpath={..message}{..note}"))
        .contains("flink-ha", directory);
  }
}
