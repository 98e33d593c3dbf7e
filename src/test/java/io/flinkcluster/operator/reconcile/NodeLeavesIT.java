package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.RealScheduler;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Nodes of a real API server are cordoned and tainted, as Karpenter and others do, and a real
 * kube-scheduler finds another place.
 */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class NodeLeavesIT {
  private final ClusterFixture it;
  private final RealScheduler scheduler;
  private String first;
  private String second;

  NodeLeavesIT(ApiServer server) {
    it = ClusterFixture.in(server, "nodes");
    scheduler = server.scheduler(it.namespace.name());
  }

  @BeforeEach
  void start() {
    first = scheduler.node("first", "a");
    it.watchNodes();
    it.apply(scheduler.podTemplate());
    it.awaitReady();
    second = scheduler.node("second", "b");
  }

  @AfterEach
  void stop() throws IOException {
    scheduler.close();
    it.close();
  }

  private void disrupt(String name) {
    it.client()
        .nodes()
        .withName(name)
        .edit(
            n ->
                new NodeBuilder(n)
                    .editSpec()
                    .addNewTaint("NoSchedule", "karpenter.sh/disrupted", null, null)
                    .endSpec()
                    .build());
  }

  /** How many JobManagers must stay: with one that runs, none may be evicted by a drain. */
  private int jobManagersThatStay() {
    return it.client()
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(it.namespace.name())
        .withName("a-jobmanager")
        .get()
        .getSpec()
        .getMinAvailable()
        .getIntVal();
  }

  private void aDrainWaits() {
    await("a drain waits").untilAsserted(() -> assertThat(jobManagersThatStay()).isEqualTo(1));
  }

  @Test
  void theJobIsMovedBySavepointBeforeItsNodeGoes() {
    aDrainWaits();
    disrupt(first);

    OperationRecord moved = it.awaitResult(OperationResult.Succeeded, TriggerKind.NodeLeaves);

    assertThat(moved.type()).isEqualTo(OperationType.Restart);
    assertThat(moved.savepoint()).isNotNull();
    assertThat(moved.trigger())
        .isEqualTo("node " + first + " is about to go (taint karpenter.sh/disrupted)");
    FlinkClusterStatus status = it.awaitReady();
    assertThat(status.launch().epoch()).isEqualTo(2);
    assertThat(status.launch().restoredFrom()).isEqualTo(moved.savepoint());
    assertThat(it.fake().snapshots()).filteredOn(FakeCluster.Snapshot::savepoint).hasSize(1);
    assertThat(status.taskManagers().members()).allMatch(m -> m.node().equals(second));
    aDrainWaits();
  }

  @Test
  void whileThereIsNoOtherPlaceTheJobRunsOnUntilThereIs() {
    scheduler.cordon("b", true);
    scheduler.cordon("a", true);

    FlinkClusterStatus waiting =
        it.await(
            "the new pods find no room",
            s ->
                s.operation() != null
                    && s.conditions().stream()
                        .anyMatch(c -> c.message().contains("node(s) were unschedulable")));

    assertThat(waiting.operation().stage()).isEqualTo(OperationStage.Preparing);
    assertThat(waiting.launch().epoch()).isEqualTo(1);
    assertThat(it.fake().snapshots()).noneMatch(FakeCluster.Snapshot::savepoint);

    scheduler.cordon("b", false);
    it.awaitResult(OperationResult.Succeeded, TriggerKind.NodeLeaves);
    assertThat(it.awaitReady().launch().epoch()).isEqualTo(2);
  }
}
