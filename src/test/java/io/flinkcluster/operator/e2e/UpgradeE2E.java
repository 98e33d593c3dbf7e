package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A job is carried over to another version of Flink, and over changes in each upgrade mode. */
@EndToEnd
class UpgradeE2E {
  private E2eNamespace space;
  private Verifying verifying;
  private ClusterUnderTest job;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("upgrade");
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void itStartsWithAnOlderFlink() {
    verifying = Verifying.start(space, "1.20");
    job = verifying.job();
    assertThat(flinkVersion()).startsWith("1.20.");
  }

  @Test
  @Order(2)
  void aNewerFlinkGoesOnFromASavepointOfTheOlder() {
    job.patch("{'spec': {'flinkVersion': '2.3', 'image': 'flink:2.3'}}");
    OperationRecord operation = upgraded();
    assertThat(operation.savepoint()).contains("/savepoints/");
    assertThat(job.restored()).isEqualTo(operation.savepoint());
    assertThat(flinkVersion()).startsWith("2.3.");
    verifying.goesOnWithNothingTwice();
  }

  private String flinkVersion() {
    return job.flink("/config").orElseThrow().path("flink-version").asText();
  }

  private OperationRecord upgraded() {
    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Upgrade);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    return operation;
  }

  @Test
  @Order(3)
  void byTheLastCheckpointItGoesOnWithoutASavepoint() {
    String before = job.status().job().id();
    long seen = ClusterUnderTest.checkpoint(job.newestCheckpoint());
    job.patch(
        "{'spec': {'job': {'upgradeMode': 'LastCheckpoint', 'args': ['/data/out', '1000000',"
            + " '-1']}}}");
    assertThat(upgraded().savepoint()).isNull();
    String from = job.status().launch().restoredFrom();
    assertThat(from).contains("/" + before + "/chk-");
    assertThat(ClusterUnderTest.checkpoint(from)).isGreaterThanOrEqualTo(seen);
    // The pod looks for those that were completed before the job was stopped.
    assertThat(job.restored()).contains("/" + before + "/chk-");
    assertThat(ClusterUnderTest.checkpoint(job.restored()))
        .isGreaterThanOrEqualTo(ClusterUnderTest.checkpoint(from));
    verifying.goesOnWithNothingTwice();
  }

  @Test
  @Order(4)
  void aBufferTimeoutOfTheJobsOwnCodeIsTold() {
    job.awaitCondition("ConfigValid", Duration.ofSeconds(90), "ValidWithWarning", "job's own code");
    assertThat(job.status().job().bufferTimeout()).isEqualTo("-1 or 0");
  }

  @Test
  @Order(5)
  void itsOutputIsCompleteAndFreeOfDuplicatesWhenItHasFinished() {
    int end = verifying.output().highest() + Verifying.LEFT;
    job.patch("{'spec': {'job': {'args': ['/data/out', '%d']}}}".formatted(end));
    job.await("the end of the job", ClusterUnderTest.START, s -> s.phase() == Phase.Finished);
    verifying.hasNoGaps();
    assertThat(verifying.output().highest()).isGreaterThanOrEqualTo(end - 1);
  }

  @Test
  @Order(6)
  void withoutStateItBeginsAnew() {
    space.apply(Templates.read("stateless", "stateless", "2.3"));
    ClusterUnderTest stateless = space.subject("stateless");
    String before = stateless.awaitReady().job().id();
    stateless.patch("{'spec': {'job': {'args': ['--discovery-interval', '1s']}}}");
    FlinkClusterStatus status = stateless.awaitReady();
    OperationRecord operation = ClusterUnderTest.lastOperation(status);
    assertThat(operation.type()).isEqualTo(OperationType.Upgrade);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.savepoint()).isNull();
    assertThat(status.launch().restoredFrom()).isNull();
    assertThat(status.job().id()).isNotEqualTo(before);
    assertThat(ClusterUnderTest.find(status, "StateSafe").orElseThrow().reason())
        .isEqualTo("Stateless");
  }
}
