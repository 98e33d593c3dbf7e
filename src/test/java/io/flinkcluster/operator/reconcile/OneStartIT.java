package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No JobManager runs its job a second time, whatever mode the job has. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class OneStartIT {
  private final ApiServer server;
  private ClusterFixture c;

  OneStartIT(ApiServer server) {
    this.server = server;
  }

  @BeforeEach
  void begin() {
    c = ClusterFixture.in(server, "one-start");
  }

  @AfterEach
  void end() {
    c.close();
  }

  private Pod jobManager() {
    return c.pods(Component.JOB_MANAGER).get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Savepoint", "Stateless"})
  void aContainerThatIsStartedAgainIsRefusedAndAnotherStartMade(String mode) {
    c.apply(", upgradeMode: " + mode, "");
    c.awaitReady();
    c.kubelet.restartContainer(jobManager().getMetadata().getName());
    recovered(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Savepoint", "Stateless"})
  void soItIsWhenTheMarkInThePodIsLost(String mode) {
    c.apply(", upgradeMode: " + mode, "");
    c.awaitReady();
    c.flink.loseStartMarks();
    c.kubelet.restartContainer(jobManager().getMetadata().getName());
    recovered(mode);
  }

  private void recovered(String mode) {
    FlinkClusterStatus status =
        c.await("another start", s -> s.launch().epoch() == 2 && s.operation() == null);
    assertThat(ClusterFixture.last(status).type()).isEqualTo(OperationType.Recovery);
    assertThat(c.fake().starts()).extracting(FakeCluster.Start::epoch).containsExactly(1L, 2L);
    c.fake().assertOneWriter();
    if (mode.equals("Savepoint")) {
      c.fake().assertNeverOlderState();
    }
  }

  @Test
  void aFinishedStatelessJobDoesNotRunAgainInAnotherPod() {
    c.apply(", upgradeMode: Stateless", "");
    c.awaitReady();
    c.fake().finishJobs();
    c.await("its end", s -> s.job() != null && "FINISHED".equals(s.job().state()));
    c.lose(Component.JOB_MANAGER);
    await("nothing is let through")
        .during(Duration.ofSeconds(3))
        .atMost(ClusterFixture.LONG)
        .until(
            () ->
                c.pods(Component.JOB_MANAGER).stream()
                    .allMatch(pod -> pod.getSpec().getNodeName() == null));
    assertThat(c.fake().starts()).hasSize(1);
  }
}
