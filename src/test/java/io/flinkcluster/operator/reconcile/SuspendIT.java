package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Suspend and resume at every moment of a life, on a real API server. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class SuspendIT {
  private static final Duration SOON = Patience.LONG;
  private static final String NAME = "a";

  private final TestNamespace namespace;
  private final FakeFlink flink;
  private final FakeCluster fake;
  private final AdvanceableClock clock = new AdvanceableClock();
  private FakeKubelet kubelet;
  private OperatorUnderTest operator;

  SuspendIT(ApiServer server) {
    namespace = TestNamespace.create(server, "suspend");
    flink = FakeFlink.in(namespace);
    fake = flink.cluster(NAME);
  }

  @BeforeEach
  void start() {
    kubelet = FakeKubelet.in(namespace, flink);
    operator = OperatorUnderTest.in(namespace, clock);
  }

  @AfterEach
  void stop() {
    operator.close();
    kubelet.close();
    flink.close();
    namespace.close();
  }

  private Resource<FlinkCluster> cluster() {
    return namespace
        .client()
        .resources(FlinkCluster.class)
        .inNamespace(namespace.name())
        .withName(NAME);
  }

  private void create(boolean suspended) {
    namespace
        .kubectl()
        .apply(
            """
            apiVersion: flinkcluster.io/v1
            kind: FlinkCluster
            metadata:
              name: a
            spec:
              flinkVersion: "2.3"
              image: flink:2.3
              suspend: %s
              job:
                jarURI: local:///opt/flink/examples/streaming/TopSpeedWindowing.jar
                onDelete: Cancel
              storage: {baseURI: "s3://bucket/flink"}
            """
                .formatted(suspended));
  }

  private void patch(String spec) {
    String merge = "{\"spec\":%s}".formatted(spec.replace('\'', '"'));
    namespace.kubectl().ok("patch", "flc", NAME, "--type=merge", "-p", merge);
  }

  private FlinkClusterStatus awaitStatus(Predicate<FlinkClusterStatus> wanted) {
    return await("status")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> cluster().get().getStatus(), s -> s != null && wanted.test(s));
  }

  private FlinkClusterStatus awaitPhase(Phase phase) {
    Long generation = cluster().get().getMetadata().getGeneration();
    return awaitStatus(
        s ->
            generation.equals(s.observedGeneration())
                && s.phase() == phase
                && s.operation() == null
                && Conditions.find(s, "Ready").filter(c -> c.status().equals("True")).isPresent());
  }

  private static OperationRecord last(FlinkClusterStatus status) {
    return status.operations().get(0);
  }

  private void assertNothingRuns() {
    await()
        .atMost(SOON)
        .until(
            () ->
                namespace
                    .client()
                    .pods()
                    .inNamespace(namespace.name())
                    .list()
                    .getItems()
                    .isEmpty());
  }

  private void assertStateNeverLost() {
    fake.assertOneWriter();
    fake.assertNeverOlderState();
  }

  @Test
  void aClusterThatBeginsSuspendedIsStartedWhenItIsResumed() {
    create(true);
    awaitPhase(Phase.Suspended);
    assertNothingRuns();
    assertThat(fake.starts()).isEmpty();
    patch("{'suspend': false}");
    assertThat(last(awaitPhase(Phase.Running)).type()).isEqualTo(OperationType.Start);
    assertThat(fake.starts()).hasSize(1);
  }

  @Test
  void aJobThatHasFailedIsSuspendedAndResumedFromItsNewestCheckpoint() {
    create(false);
    awaitPhase(Phase.Running);
    fake.checkpointing(false);
    long newest = fake.snapshots().size();
    awaitStatus(s -> s.restorePoint().path().endsWith("/chk-" + newest));
    fake.failJobs("java.lang.IllegalStateException: no luck");
    awaitStatus(s -> s.phase() == Phase.Failed);
    patch("{'suspend': true}");
    awaitPhase(Phase.Suspended);
    assertNothingRuns();
    fake.checkpointing(true);
    patch("{'suspend': false}");
    assertThat(awaitPhase(Phase.Running).launch().restoredFrom()).endsWith("/chk-" + newest);
    assertStateNeverLost();
  }

  @Test
  void aChangeWhoseJobDoesNotComeUpIsSuspendedAtItsSavepoint() {
    create(false);
    awaitPhase(Phase.Running);
    fake.jobs(FakeCluster.Jobs.STAY_CREATED);
    patch("{'taskManager': {'replicas': 2}}");
    awaitStatus(s -> s.operation() != null && s.operation().stage() == OperationStage.Starting);
    patch("{'suspend': true}");
    FlinkClusterStatus status = awaitPhase(Phase.Suspended);
    assertThat(status.operations())
        .extracting(OperationRecord::type)
        .startsWith(OperationType.Suspend, OperationType.Rescale);
    assertThat(status.operations().get(1).result()).isEqualTo(OperationResult.Superseded);
    assertNothingRuns();
    fake.jobs(FakeCluster.Jobs.RUN);
    patch("{'suspend': false}");
    status = awaitPhase(Phase.Running);
    assertThat(status.launch().restoredFrom()).contains("/savepoints/");
    assertThat(status.job().parallelism()).isEqualTo(2);
    assertThat(fake.stopsByTrigger()).hasSize(1);
    assertStateNeverLost();
  }

  @Test
  void aSpecThatIsChangedWhileSuspendedIsWhatIsResumed() {
    create(false);
    awaitPhase(Phase.Running);
    patch("{'suspend': true}");
    String kept = awaitPhase(Phase.Suspended).restorePoint().path();
    patch("{'taskManager': {'replicas': 3}}");
    awaitPhase(Phase.Suspended);
    assertNothingRuns();
    patch("{'suspend': false, 'bufferTimeout': 5}");
    FlinkClusterStatus status = awaitPhase(Phase.Running);
    assertThat(last(status).type()).isEqualTo(OperationType.Resume);
    assertThat(status.job().parallelism()).isEqualTo(3);
    assertThat(status.launch().restoredFrom()).isEqualTo(kept);
    assertStateNeverLost();
  }

  private void muchLater() {
    clock.forward(Duration.ofMinutes(6));
    namespace.kubectl().ok("annotate", "pod", "--all", "at=" + clock.millis(), "--overwrite");
  }

  @Test
  void aSavepointThatFailsLeavesTheJobRunningAndIsNotAskedForAllTheTime() {
    create(false);
    awaitPhase(Phase.Running);
    fake.savepoints(FakeCluster.Savepoints.FAIL);
    patch("{'suspend': true}");
    awaitStatus(
        s ->
            Conditions.find(s, "Ready").orElseThrow().reason().equals("SavepointFailed")
                && s.operation() == null);
    operator.awaitLooks(3, this::muchLater);
    assertThat(fake.stopsByTrigger()).hasSize(1);
    assertThat(fake.jobState()).contains("RUNNING");
    patch("{'job': {'upgradeMode': 'LastCheckpoint'}}");
    assertThat(awaitPhase(Phase.Suspended).restorePoint().path()).contains("/chk-");
    assertStateNeverLost();
  }
}
