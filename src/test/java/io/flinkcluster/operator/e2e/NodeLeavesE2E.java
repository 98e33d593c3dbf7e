package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.testcluster.Kubectl;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The only node is drained, so that nothing new has a place, and uncordoned again: the drain waits,
 * the job runs on until then, and is moved. With the rights of the chart.
 */
@EndToEnd
@Isolated("no pod of another story finds a place meanwhile")
@EnabledIfSystemProperty(
    named = "e2e.full",
    matches = "true",
    disabledReason = "it stops all others for a minute; on an API server NodeLeavesIT does it")
class NodeLeavesE2E {
  private E2eNamespace space;
  private Verifying verifying;
  private ClusterUnderTest job;
  private String node;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("node-leaves");
  }

  @AfterAll
  void leave() {
    if (node != null) {
      space.kubectl().run("uncordon", node);
    }
    space.close();
  }

  @Test
  @Order(1)
  void onANodeThatIsDrainedTheJobRunsOnWhileThereIsNoOther() {
    verifying = Verifying.start(space, FullRunOnly.Versioned.NEWEST);
    job = verifying.job();
    node = job.pod("jobmanager").getSpec().getNodeName();
    String before = job.status().job().id();

    Kubectl.Result drained =
        space
            .kubectl()
            .run(
                "drain",
                node,
                "--pod-selector=flinkcluster.io/cluster=" + Verifying.NAME,
                "--delete-emptydir-data",
                "--timeout=12s");
    assertThat(drained.code()).as(drained.output()).isNotZero();
    assertThat(drained.output()).contains("disruption budget");

    FlinkClusterStatus waiting =
        job.await(
            "no room for the new pods",
            Duration.ofMinutes(2),
            s ->
                s.operation() != null
                    && s.conditions().stream()
                        .anyMatch(c -> c.message().contains("nodes are available")));
    assertThat(waiting.operation().triggerKind()).isEqualTo(TriggerKind.NodeLeaves);
    assertThat(waiting.operation().stage()).isEqualTo(OperationStage.Preparing);
    assertThat(waiting.operation().trigger()).contains(node, "it is cordoned");
    assertThat(job.status().job().id()).isEqualTo(before);
    verifying.goesOnWithNothingTwice();
  }

  @Test
  @Order(2)
  void whenThereIsRoomItIsMovedBySavepoint() {
    space.kubectl().ok("uncordon", node);
    OperationRecord moved = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(moved.triggerKind()).isEqualTo(TriggerKind.NodeLeaves);
    assertThat(moved.result()).isEqualTo(OperationResult.Succeeded);
    System.err.printf("moved from a node that leaves: downtime %s%n", moved.downtime());
    assertThat(job.restored()).isEqualTo(moved.savepoint());
    verifying.goesOnWithNothingTwice();
  }
}
