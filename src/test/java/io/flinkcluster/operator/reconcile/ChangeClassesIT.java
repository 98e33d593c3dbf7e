package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.AuditLog;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a difference between what runs and what is wanted takes, and who says so when. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class ChangeClassesIT {
  private static final String AGENT = "flinkcluster-operator";

  private final ApiServer server;
  private final ClusterFixture scene;

  ChangeClassesIT(ApiServer server) {
    this.server = server;
    scene = ClusterFixture.in(server, "classes");
  }

  @AfterEach
  void leave() {
    scene.close();
  }

  private Set<String> podUids() {
    var uids = new TreeSet<String>();
    for (Component component : Component.values()) {
      scene.pods(component).forEach(p -> uids.add(p.getMetadata().getUid()));
    }
    return uids;
  }

  @Test
  void liveChangesRestartNothing() {
    scene.apply("");
    scene.awaitReady();
    Set<String> before = podUids();
    scene.patch("{'spec': {'ingress': {'host': 'flink.example.com'}}}");
    await().atMost(ClusterFixture.LONG).until(() -> exists("ingress/a"));
    scene.patch("{'spec': {'networkPolicy': {'enabled': false}}}");
    await().atMost(ClusterFixture.LONG).until(() -> !exists("networkpolicy/a"));
    scene.patch("{'spec': {'changeTimeout': '20m', 'rollback': false}}");
    scene.patch("{'spec': {'job': {'onDelete': 'Cancel', 'upgradeMode': 'LastCheckpoint'}}}");
    scene.patch("{'spec': {'bufferTimeout': 100}}"); // what it is anyway
    FlinkClusterStatus status = scene.awaitReady();
    assertThat(podUids()).isEqualTo(before);
    assertThat(status.operations()).hasSize(1);
    assertThat(status.launch().epoch()).isEqualTo(1);
  }

  private boolean exists(String object) {
    return scene.namespace.kubectl().run("get", object).code() == 0;
  }

  @Test
  void aLabelThatSomeoneElseSetsOnAServiceStays() {
    scene.apply("");
    scene.awaitReady();
    Set<String> before = podUids();
    scene.namespace.kubectl().ok("label", "service/a-rest", "team=search");
    scene.patch("{'spec': {'ingress': {'host': 'flink.example.com'}}}");
    await().atMost(ClusterFixture.LONG).until(() -> exists("ingress/a"));
    assertThat(label("service/a-rest", "team")).isEqualTo("search");
    scene.namespace.kubectl().ok("label", "service/a-rest", Labels.COMPONENT + "=x", "--overwrite");
    assertThat(podUids()).isEqualTo(before);
  }

  private String label(String object, String key) {
    return scene
        .namespace
        .kubectl()
        .ok("get", object, "-o", "jsonpath={.metadata.labels." + key + "}");
  }

  @Test
  void taskManagersOfASessionClusterComeAndGoWithoutARestart() {
    scene.session("taskManager: {replicas: 1}");
    scene.awaitReady();
    Set<String> before = podUids();
    scene.scale(3);
    FlinkClusterStatus status = scene.awaitReady();
    assertThat(podUids()).hasSize(4).containsAll(before);
    assertThat(status.operations()).hasSize(1);
    scene.scale(1);
    await().atMost(ClusterFixture.LONG).until(() -> podUids().size() == 2);
    assertThat(scene.awaitReady().launch().epoch()).isEqualTo(1);
  }

  @Test
  void classAndReasonAreWrittenBeforeAnythingIsDone() {
    scene.apply("");
    scene.awaitReady();
    scene.fake().checkpointing(false);
    AuditLog.Mark mark = server.audit().mark();
    scene.patch("{'spec': {'taskManager': {'replicas': 2}}}");
    FlinkClusterStatus status = scene.awaitStage(OperationStage.Savepointing);
    assertThat(status.operation().type()).isEqualTo(OperationType.Rescale);
    assertThat(status.operation().trigger()).contains("taskManager.replicas 1 → 2");
    List<AuditLog.Request> writes =
        server.audit().requestsOf(AGENT, mark).stream()
            .filter(r -> r.namespace().equals(scene.namespace.name()))
            .filter(AuditLog.Request::writes)
            .filter(r -> !r.resource().equals("events"))
            .toList();
    assertThat(writes.get(0).resource()).startsWith("flinkclusters");
    assertThat(writes)
        .extracting(AuditLog.Request::resource)
        .contains("deployments", "configmaps", "services");
  }

  @Test
  void aPlanSaysTheClassAndTheStepsAndDoesNothing() {
    scene.apply("");
    scene.awaitReady();
    Set<String> before = podUids();
    scene.annotate("plan", "true");
    scene.patch("{'spec': {'image': 'flink:2.3-next'}}");
    FlinkClusterStatus planned = scene.awaitStalled("Planned");
    assertThat(planned.operation().type()).isEqualTo(OperationType.Upgrade);
    assertThat(planned.operation().stage()).isEqualTo(OperationStage.Planned);
    assertThat(ClusterFixture.message(planned, "Ready"))
        .contains("Upgrade", "image", "stop with a savepoint", "flinkcluster.io/plan");
    scene.patch("{'spec': {'image': 'flink:2.3', 'taskManager': {'replicas': 2}}}");
    scene.await(
        "another plan",
        s ->
            s.operation() != null
                && s.operation().type() == OperationType.Rescale
                && s.operation().stage() == OperationStage.Planned);
    assertThat(podUids()).isEqualTo(before);
    assertThat(exists("deployment/a-taskmanager-2")).isFalse();
    scene.namespace.kubectl().ok("annotate", "flc", "a", "flinkcluster.io/plan-");
    assertThat(scene.awaitReady().job().parallelism()).isEqualTo(2);
    scene.assertStateNeverLost();
  }

  @Test
  void anAutoscalerSeesTheTaskManagersThatWorkAndNoOtherPods() {
    scene.apply("");
    scene.awaitReady();
    assertSelected(1);
    scene.fake().savepoints(FakeCluster.Savepoints.HANG);
    scene.scale(3);
    scene.awaitStage(OperationStage.Savepointing);
    assertThat(scene.pods(Component.TASK_MANAGER)).hasSize(4);
    assertSelected(1);
    scene.fake().savepoints(FakeCluster.Savepoints.COMPLETE).expireSavepoints();
    scene.scale(2);
    scene.awaitReady();
    assertSelected(2);
    scene.patch("{'spec': {'suspend': true}}");
    scene.awaitReady();
    assertSelected(0);
  }

  private void assertSelected(int count) {
    String selector =
        scene
            .namespace
            .kubectl()
            .ok("get", "flc", "a", "--subresource=scale", "-o", "jsonpath={.status.selector}");
    await()
        .atMost(ClusterFixture.LONG)
        .untilAsserted(
            () -> {
              List<Pod> pods = selected(selector);
              assertThat(pods)
                  .hasSize(count)
                  .extracting(p -> p.getMetadata().getLabels().get(Labels.COMPONENT))
                  .allMatch(Component.TASK_MANAGER.label()::equals);
              assertThat(scaleStatus()).isEqualTo(String.valueOf(count));
            });
  }

  private List<Pod> selected(String selector) {
    return scene
        .client()
        .pods()
        .inNamespace(scene.namespace.name())
        .withLabelSelector(selector)
        .list()
        .getItems();
  }

  private String scaleStatus() {
    return scene
        .namespace
        .kubectl()
        .ok("get", "flc", "a", "--subresource=scale", "-o", "jsonpath={.status.replicas}");
  }
}
