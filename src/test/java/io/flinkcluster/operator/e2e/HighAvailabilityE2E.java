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
class HighAvailabilityE2E {
  private static final String NAME = "top-speed-ha";
  private static final Duration LONG = Subject.START.multipliedBy(2);

  private Space space;
  private Subject job;

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
  }

  @Test
  @Order(2)
  void theSameJobGoesOnWhenTheLeaderIsLost() {
    FlinkClusterStatus before = job.status();
    long seen = Subject.checkpoint(before.job().checkpoints().lastPath());
    delete(List.of(leader()));
    job.await(
        "a later checkpoint of the same job",
        LONG,
        s ->
            s.job() != null
                && s.job().checkpoints() != null
                && s.job().checkpoints().lastPath() != null
                && Subject.checkpoint(s.job().checkpoints().lastPath()) > seen + 1
                && Subject.isTrue(s, "Ready"));
    assertThat(job.status().job().id()).isEqualTo(before.job().id());
    assertThat(job.status().launch().epoch()).isEqualTo(before.launch().epoch());
    assertThat(Subject.checkpoint(job.restored())).isGreaterThanOrEqualTo(seen);
  }

  @Test
  @Order(3)
  void aRescaleTakesASavepointAndLeavesNoRecoveryDataOfTheOldStart() {
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", "2");
    FlinkClusterStatus status = job.awaitReady();
    assertThat(Subject.lastOperation(status).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(job.restored()).isEqualTo(Subject.lastOperation(status).savepoint());
    assertThat(job.parallelism()).isEqualTo(2);
    await("the old recovery data is gone")
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(recoveryData()).isNotEmpty().allMatch(n -> n.contains("-ha-2")));
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", "1");
    job.awaitReady();
  }

  @Test
  @Order(4)
  void lostRecoveryDataDoesNotLeadBackToTheBeginning() {
    long epoch = job.status().launch().epoch();
    String running = job.status().job().id();
    long seen =
        Subject.checkpoint(
            job.await(
                    "some checkpoints",
                    LONG,
                    s ->
                        s.job() != null
                            && s.job().checkpoints() != null
                            && s.job().checkpoints().completed() > 3)
                .restorePoint()
                .path());
    delete(space.pods(NAME, "jobmanager"));
    space.kubectl().ok("delete", "configmap", "-l", "type=flink-native-kubernetes");
    job.await(
        "another start",
        LONG,
        s -> s.launch().epoch() > epoch && s.operation() == null && Subject.isTrue(s, "Ready"));
    assertThat(job.restored()).contains(running);
    assertThat(Subject.checkpoint(job.restored())).isGreaterThanOrEqualTo(seen);
  }

  @Test
  @Order(5)
  void deletionLeavesNoRecoveryDataAlsoWithoutARunningJobManager() {
    job.patch("{'spec': {'jobManager': {'podTemplate': {'spec': {'nodeName': 'none-such'}}}}}");
    job.await("a change", LONG, s -> s.operation() != null);
    delete(space.pods(NAME, "jobmanager"));
    space.kubectl().ok("delete", "flc", NAME, "--timeout=240s");
    await("no recovery data")
        .atMost(LONG)
        .untilAsserted(() -> assertThat(recoveryData()).isEmpty());
    assertThat(
            space
                .kubectl()
                .ok("get", "configmap", NAME + "-final-savepoint", "-o", "jsonpath={.data.path}"))
        .contains("file:/");
  }
}
