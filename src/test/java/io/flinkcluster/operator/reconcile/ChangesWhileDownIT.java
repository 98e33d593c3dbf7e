package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What users and the world do while no operator runs; a few seconds each. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class ChangesWhileDownIT {
  private final ClusterFixture scene;

  ChangesWhileDownIT(ApiServer server) {
    scene = ClusterFixture.in(server, "down");
  }

  @AfterEach
  void leave() {
    scene.close();
  }

  @Test
  void onlyTheLastOfSeveralSpecsIsMadeAndALostJobManagerIsRecoveredFirst() {
    scene.apply("");
    scene.awaitReady();
    scene.noMoreCheckpoints();
    scene.whileDown(
        () -> {
          scene.scale(2);
          scene.patch("{'spec': {'image': 'flink:never-wanted'}}");
          scene.lose(Component.JOB_MANAGER);
          scene.patch("{'spec': {'image': 'flink:2.3-other'}}");
          scene.scale(3);
        });
    scene.fake().checkpointing(true);
    FlinkClusterStatus status =
        scene.await(
            "the last spec runs",
            s ->
                s.operation() == null
                    && ClusterFixture.is(s, "Ready")
                    && s.job().parallelism() == 3);
    assertThat(status.operations())
        .extracting(OperationRecord::type)
        .containsExactly(OperationType.Upgrade, OperationType.Recovery, OperationType.Start);
    assertThat(scene.namespace.kubectl().ok("get", "deployments", "-o", "yaml"))
        .contains("flink:2.3-other")
        .doesNotContain("never-wanted");
    scene.assertStateNeverLost();
  }

  @Test
  void aSuspensionThatWasTakenBackIsNotMade() {
    scene.apply("");
    String job = scene.awaitReady().launch().jobId();
    scene.whileDown(
        () -> {
          scene.patch("{'spec': {'suspend': true}}");
          scene.patch("{'spec': {'suspend': false}}");
        });
    FlinkClusterStatus status = scene.awaitReady();
    assertThat(status.launch().jobId()).isEqualTo(job);
    assertThat(status.operations()).hasSize(1);
  }

  @Test
  void aClusterThatWasSuspendedAndDeletedAndMadeAgainIsAnotherOne() {
    scene.apply("");
    scene.awaitReady();
    scene.patch("{'spec': {'suspend': true}}");
    scene.await("suspended", s -> s.phase() == Phase.Suspended && s.operation() == null);
    scene.whileDown(
        () -> {
          scene.namespace.kubectl().ok("delete", "flc", ClusterFixture.NAME, "--wait=false");
          scene.patch("{'spec': {'suspend': false}}");
        });
    org.awaitility.Awaitility.await("it is gone")
        .atMost(ClusterFixture.LONG)
        .until(() -> scene.cluster() == null);
    assertThat(scene.fake().starts()).as("it is not resumed on its way out").hasSize(1);
    assertThat(scene.finalSavepoint()).isPresent();
    scene.apply("");
    scene.awaitStalled("NoRestorePoint");
    assertThat(scene.fake().starts()).hasSize(1);
  }
}
