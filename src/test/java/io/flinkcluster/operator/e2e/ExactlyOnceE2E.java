package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.e2e.exactlyonce.Output;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a job, each of its records has its effect once. */
@EndToEnd
@Order(1) // a long one: it begins before the others
@FullRunOnly
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class ExactlyOnceE2E implements FullRunOnly.Versioned {
  private static final String NAME = Verifying.NAME;

  /** While it is there, no snapshot comes to its end. */
  private static final String HOLD = "/data/hold";

  private static final String ENABLED = "execution.buffer-timeout.enabled";
  private static final String INTERVAL = "execution.buffer-timeout.interval";

  @Parameter private String version;
  private E2eCluster cluster;
  private E2eNamespace space;
  private Verifying verifying;
  private ClusterUnderTest job;

  @Override
  public String version() {
    return version;
  }

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("exactly-once");
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void itStarts() {
    verifying = Verifying.start(space, version);
    job = verifying.job();
    bufferTimeoutIs("5ms", Map.of(ENABLED, "true", INTERVAL, "5 ms"));
  }

  /** In the status, and in the configuration that Flink itself says it runs with. */
  private void bufferTimeoutIs(String status, Map<String, String> options) {
    assertThat(job.status().job().bufferTimeout()).isEqualTo(status);
    var told = new HashMap<String, String>();
    job.flink("/jobmanager/config")
        .orElseThrow()
        .forEach(e -> told.put(e.path("key").asText(), e.path("value").asText()));
    assertThat(told).containsAllEntriesOf(options);
  }

  @Test
  @Order(2)
  void itIsRescaledFromTwoToFour() {
    rescaled(2, 4);
  }

  @Test
  @Order(3)
  void itIsRescaledFromFourToThree() {
    rescaled(2, 3);
  }

  @Test
  @Order(4)
  void itIsRescaledFromThreeToOne() {
    rescaled(1, 1);
  }

  private void rescaled(int taskManagers, int parallelism) {
    job.patch(
        "{'spec': {'taskManager': {'replicas': %d}, 'job': {'parallelism': %d}}}"
            .formatted(taskManagers, parallelism));
    rescaledTo(parallelism);
    verifying.goesOnWithNothingTwice();
  }

  @Test
  @Order(5)
  void itIsUpgradedToOtherArgumentsAndToFullBuffersOnly() {
    job.patch("{'spec': {'bufferTimeout': -1, 'job': {'args': ['/data/out', '1000000']}}}");
    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Upgrade);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    bufferTimeoutIs("-1", Map.of(ENABLED, "false"));
    verifying.goesOnWithNothingTwice();
  }

  @Test
  @Order(6)
  void itIsSuspendedWithoutAGapAndResumed() {
    job.patch("{'spec': {'suspend': true}}");
    assertThat(job.awaitReady().phase()).isEqualTo(Phase.Suspended);
    verifying.hasNoGaps();
    job.patch("{'spec': {'suspend': false}}");
    assertThat(job.awaitReady().phase()).isEqualTo(Phase.Running);
    verifying.goesOnWithNothingTwice();
  }

  /** As a GitOps tool does that prunes a resource and applies it again. Takes half a minute. */
  @Test
  @Order(7)
  void itIsDeletedAndMadeAgainFromTheSameManifest() {
    job.patch("{'spec': {'job': {'onRecreate': 'Continue'}}}");
    String before = space.kubectl().ok("get", "flc", NAME, "-o", "jsonpath={.metadata.uid}");
    String spec = space.kubectl().ok("get", "flc", NAME, "-o", "jsonpath={.spec}");
    space.kubectl().ok("delete", "flc", NAME, "--timeout=120s");
    verifying.hasNoGaps();
    String path = job.finalSavepoint();
    space.apply(
        "{\"apiVersion\": \"flinkcluster.io/v1\", \"kind\": \"FlinkCluster\", \"metadata\":"
            + " {\"name\": \"%s\"}, \"spec\": %s}".formatted(NAME, spec));
    job.awaitReady();
    assertThat(job.restored()).isEqualTo(path);
    assertThat(space.kubectl().ok("get", "flc", NAME, "-o", "jsonpath={.metadata.uid}"))
        .isNotEqualTo(before);
    verifying.goesOnWithNothingTwice();
  }

  @Test
  @Order(8)
  void itsJobManagerCrashesAfterACheckpointThatTheOperatorHasNotSeen() {
    String before = job.status().job().id();
    long newest = unseenCheckpoint();
    space.crash(job.pod("jobmanager"), "");
    job.await(
        "another job",
        ClusterUnderTest.START,
        s -> s.job() != null && !before.equals(s.job().id()));
    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Recovery);
    assertThat(job.restored()).contains(before);
    assertThat(ClusterUnderTest.checkpoint(job.restored())).isGreaterThanOrEqualTo(newest);
    verifying.goesOnWithNothingTwice();
  }

  /** Waits until Flink has completed a checkpoint that the status does not tell; its number. */
  private long unseenCheckpoint() {
    return await("a checkpoint that the operator has not seen")
        .atMost(ClusterUnderTest.START)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              long seen = ClusterUnderTest.checkpoint(job.status().job().checkpoints().lastPath());
              long newest = ClusterUnderTest.checkpoint(job.newestCheckpoint());
              return newest > seen ? newest : 0;
            },
            number -> number > 0);
  }

  @Test
  @Order(9)
  void itsTaskManagerCrashes() {
    String before = job.status().job().id();
    space.crash(job.pod("taskmanager"), "");
    job.await("a restart", ClusterUnderTest.START, s -> s.job() != null && s.job().restarts() > 0);
    assertThat(job.awaitReady().job().id()).isEqualTo(before);
    verifying.goesOnWithNothingTwice();
  }

  @Test
  @Order(10)
  void itsJobManagerIsLostRightAfterASavepointThatNobodyHasToldTheOperatorOf() {
    String savepoint = savepointThatIsHeld(2);
    cluster.withoutOperator(
        () -> {
          release();
          await("Flink has completed it")
              .atMost(ClusterUnderTest.START)
              .until(() -> job.flink(savepoint).toString().contains("COMPLETED"));
          space.crash(job.pod("jobmanager"), "");
        });
    OperationRecord operation = rescaledTo(2);
    assertThat(operation.savepoint()).contains("/savepoints/").isEqualTo(job.restored());
    verifying.goesOnWithNothingTwice();
  }

  @Test
  @Order(11)
  void itsJobManagerIsLostWhileItWritesASavepoint() {
    savepointThatIsHeld(1);
    space.crash(job.pod("jobmanager"), "");
    release();
    OperationRecord operation = rescaledTo(1);
    assertThat(operation.savepoint()).isNull();
    assertThat(job.restored()).contains("/chk-");
    verifying.goesOnWithNothingTwice();
  }

  /** Rescales; the savepoint for it is asked for, and not completed. Returns where Flink tells. */
  private String savepointThatIsHeld(int parallelism) {
    space.kubectl().ok("exec", "reader", "--", "touch", HOLD);
    job.patch("{'spec': {'job': {'parallelism': %d}}}".formatted(parallelism));
    var operation =
        job.await(
                "a savepoint is asked for",
                ClusterUnderTest.START,
                s -> s.operation() != null && s.operation().savepointDirectory() != null)
            .operation();
    String told = "/jobs/" + job.status().job().id() + "/savepoints/" + operation.triggerId();
    await("Flink writes it")
        .atMost(ClusterUnderTest.START)
        .until(() -> job.flink(told).toString().contains("IN_PROGRESS"));
    return told;
  }

  private void release() {
    space.kubectl().ok("exec", "reader", "--", "rm", HOLD);
  }

  private OperationRecord rescaledTo(int parallelism) {
    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Rescale);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(job.parallelism()).isEqualTo(parallelism);
    return operation;
  }

  @Test
  @Order(12)
  void itsOutputIsCompleteAndFreeOfDuplicatesWhenItHasFinished() {
    int end = verifying.output().highest() + Verifying.LEFT;
    job.patch("{'spec': {'job': {'args': ['/data/out', '%d']}}}".formatted(end));
    FlinkClusterStatus status =
        job.await("the end of the job", ClusterUnderTest.START, s -> s.phase() == Phase.Finished);
    assertThat(ClusterUnderTest.isTrue(status, "Ready")).isTrue();
    Output output = verifying.output();
    output.withoutGaps();
    assertThat(output.highest()).isGreaterThanOrEqualTo(end - 1);
  }
}
