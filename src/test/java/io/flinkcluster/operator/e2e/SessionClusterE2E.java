package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.testcluster.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The second example: a cluster that waits for jobs. */
@EndToEnd
class SessionClusterE2E {
  private static final String NAME = "session";
  private static final Duration SOON = Patience.LONG;

  private E2eNamespace space;
  private ClusterUnderTest session;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("session");
    session = space.subject(NAME);
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void itBecomesReadyWithAllItsTaskManagers() throws IOException {
    space.apply(Files.readString(Path.of("examples", "02-session-cluster.yaml")));
    FlinkClusterStatus status = session.awaitReady();
    assertThat(ClusterUnderTest.find(status, "Ready").orElseThrow().reason())
        .isEqualTo("SessionRunning");
    assertThat(status.taskManagers().members()).hasSize(2);
    JsonNode overview = session.flink("/overview").orElseThrow();
    assertThat(overview.path("taskmanagers").asInt()).isEqualTo(2);
    assertThat(overview.path("slots-total").asInt()).isEqualTo(4);
  }

  @Test
  @Order(2)
  void itsTaskManagersComeAndGoWhileTheJobManagerStays() {
    List<String> before = uids(space.pods(NAME, "jobmanager"));
    scale(1);
    scale(2);
    assertThat(uids(space.pods(NAME, "jobmanager"))).isEqualTo(before);
    assertThat(session.status().jobManager().ready()).isTrue();
  }

  private void scale(int replicas) {
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", String.valueOf(replicas));
    session.await(
        replicas + " TaskManagers",
        ClusterUnderTest.START,
        s -> ClusterUnderTest.isTrue(s, "Ready") && s.taskManagers().members().size() == replicas);
    await("Flink says so too")
        .atMost(ClusterUnderTest.START)
        .untilAsserted(
            () ->
                assertThat(session.flink("/overview").orElseThrow().path("taskmanagers").asInt())
                    .isEqualTo(replicas));
  }

  @Test
  @Order(3)
  void aChildThatSomeoneDeletesComesBack() {
    comesBack("service", NAME + "-rest");
    comesBack("networkpolicy", NAME);
    List<String> deployments =
        space
            .kubectl()
            .ok("get", "deploy", "-o", "name")
            .lines()
            .filter(d -> d.contains("taskmanager"))
            .toList();
    assertThat(deployments).hasSize(1);
    comesBack("deployment", deployments.get(0).substring("deployment.apps/".length()));
    session.awaitReady();
  }

  private void comesBack(String kind, String name) {
    String before = uid(kind, name);
    space.kubectl().ok("delete", kind, name);
    await(kind + " " + name + " is back")
        .atMost(SOON)
        .until(() -> uid(kind, name), now -> !now.isEmpty() && !now.equals(before));
  }

  private String uid(String kind, String name) {
    return space
        .kubectl()
        .run("get", kind, name, "--ignore-not-found", "-o", "jsonpath={.metadata.uid}")
        .output();
  }

  private static List<String> uids(List<? extends HasMetadata> objects) {
    return objects.stream().map(o -> o.getMetadata().getUid()).toList();
  }

  @Test
  @Order(4)
  void aDeletedClusterIsGoneWithAllItsObjects() {
    space.kubectl().ok("delete", "flc", NAME, "--timeout=120s");
    await("nothing is left")
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        space
                            .kubectl()
                            .ok(
                                "get",
                                "deploy,pod,svc,netpol,pdb,cm",
                                "-l",
                                "flinkcluster.io/cluster=" + NAME,
                                "-o",
                                "name"))
                    .isEmpty());
  }
}
