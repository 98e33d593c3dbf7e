package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A job that comes to its own end, on a real API server; each method takes about 5 s. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class FinishedJobIT {
  private final ApiServer server;
  private ClusterFixture c;

  FinishedJobIT(ApiServer server) {
    this.server = server;
  }

  @BeforeEach
  void begin() {
    c = ClusterFixture.in(server, "finished-job");
  }

  @AfterEach
  void end() {
    c.close();
  }

  private FlinkClusterStatus finished() {
    c.awaitReady();
    c.fake().finishJobs();
    return c.await("its end", s -> s.phase() == Phase.Finished && ClusterFixture.is(s, "Ready"));
  }

  private static String reason(FlinkClusterStatus status, String type) {
    return Conditions.find(status, type).orElseThrow().reason();
  }

  @Test
  void isRunAgainFromTheBeginningByAChangeAndNotByAnotherSize() {
    c.apply("");
    FlinkClusterStatus first = finished();
    assertThat(first.restorePoint()).as("Flink deletes its checkpoints").isNull();
    assertThat(reason(first, "StateSafe")).isEqualTo("Finished");
    c.scale(2);
    FlinkClusterStatus scaled = c.await("it is looked at", s -> s.operation() == null);
    assertThat(scaled.phase()).isEqualTo(Phase.Finished);
    assertThat(ClusterFixture.message(scaled, "Ready")).contains("generation 1", "another size");

    c.patch("{'spec': {'bufferTimeout': 5}}");
    FlinkClusterStatus again = c.awaitReady();
    assertThat(again.launch().epoch()).isEqualTo(2);
    assertThat(again.launch().generation()).isEqualTo(again.observedGeneration());
    assertThat(again.launch().restoredFrom()).isNull();
    assertThat(ClusterFixture.last(again).type()).isEqualTo(OperationType.Rerun);
    assertThat(again.job().state()).isEqualTo("RUNNING");
    c.fake().assertOneWriter();
  }

  @Test
  void isNamedWhereTheSpecLetsNoChangeRunItAgain() {
    c.apply(", rerun: Never", "");
    finished();
    c.patch("{'spec': {'bufferTimeout': 5}}");
    FlinkClusterStatus status = c.awaitStalled("NotRerun");
    assertThat(ClusterFixture.is(status, "Ready")).isFalse();
    assertThat(c.fake().starts()).hasSize(1);
    c.annotate("restart", "now");
    c.await("another start", s -> s.launch().epoch() == 2 && s.operation() == null);
    assertThat(c.status().launch().generation()).isEqualTo(c.status().observedGeneration());
  }

  @Test
  void leavesOnlyItsStatusAfterAWhile() {
    c.apply("");
    finished();
    assertThat(c.pods(Component.JOB_MANAGER)).hasSize(1);
    c.clock.forward(Duration.ofHours(1));
    c.patch("{'metadata': {'labels': {'looked': 'at'}}}");
    await("its pods are gone")
        .atMost(ClusterFixture.LONG)
        .until(
            () ->
                c.namespace
                    .kubectl()
                    .ok("get", "pods,deployments,services,networkpolicies", "-o", "name")
                    .isEmpty());
    FlinkClusterStatus status =
        c.await("nothing is missing", s -> s.taskManagers().summary().equals("0/0"));
    assertThat(status.phase()).isEqualTo(Phase.Finished);
    assertThat(status.job().state()).as("the result stays").isEqualTo("FINISHED");
    assertThat(ClusterFixture.message(status, "Ready")).contains("generation 1", "removed");
    assertThat(ClusterFixture.is(status, "StateSafe")).isTrue();
    c.replaceOperator();
    c.patch("{'spec': {'bufferTimeout': 5}}");
    assertThat(c.awaitReady().launch().epoch()).isEqualTo(2);
  }
}
