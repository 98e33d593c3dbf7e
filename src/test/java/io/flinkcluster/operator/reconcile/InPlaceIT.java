package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rescaling in place on a real API server with its controllers, and a Flink that pretends. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class InPlaceIT {
  private static final Duration SOON = Patience.LONG;
  private static final String NAME = "elastic";

  private final TestNamespace namespace;
  private final FakeFlink flink;
  private FakeKubelet kubelet;
  private OperatorUnderTest operator;

  InPlaceIT(ApiServer server) {
    namespace = TestNamespace.create(server, "in-place");
    flink = FakeFlink.in(namespace);
  }

  @BeforeEach
  void start() {
    kubelet = FakeKubelet.in(namespace, flink);
    operator = OperatorUnderTest.in(namespace);
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

  private FakeCluster fake() {
    return flink.cluster(NAME);
  }

  private void apply(String version, String mode, String more) {
    namespace
        .kubectl()
        .apply(
            """
            apiVersion: flinkcluster.io/v1
            kind: FlinkCluster
            metadata:
              name: elastic
            spec:
              flinkVersion: "%s"
              image: flink:%s
              job:
                jarURI: local:///opt/flink/examples/streaming/TopSpeedWindowing.jar
                onDelete: Cancel
              storage:
                baseURI: s3://bucket/flink
                checkpointInterval: 10s
              rescale:
                mode: %s
            %s
            """
                .formatted(version, version, mode, more.indent(2).stripTrailing()));
  }

  private FlinkClusterStatus awaitStatus(String what, Predicate<FlinkClusterStatus> wanted) {
    return await(what)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> cluster().get(),
            c ->
                c != null
                    && c.getStatus() != null
                    && c.getMetadata().getGeneration().equals(c.getStatus().observedGeneration())
                    && wanted.test(c.getStatus()))
        .getStatus();
  }

  private FlinkClusterStatus awaitReady() {
    return awaitStatus(
        "ready",
        s ->
            s.operation() == null
                && Conditions.find(s, "Ready").filter(c -> c.status().equals("True")).isPresent());
  }

  private void scale(int replicas) {
    namespace.kubectl().ok("scale", "flc/" + NAME, "--replicas=" + replicas);
  }

  /** An event that makes the operator look without anything having changed. */
  private void poke() {
    // Not the TaskManagers: one that is removed may be gone between the list and its change.
    String jobManager = "app.kubernetes.io/component=jobmanager";
    String poked = "poked=" + System.nanoTime();
    namespace.kubectl().ok("annotate", "pod", "-l", jobManager, poked, "--overwrite");
  }

  private List<String> pods(String component) {
    return namespace
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withLabels(java.util.Map.of(Labels.CLUSTER, NAME, Labels.COMPONENT, component))
        .list()
        .getItems()
        .stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .map((Pod p) -> p.getMetadata().getName())
        .toList();
  }

  private static OperationRecord last(FlinkClusterStatus status) {
    return status.operations().get(0);
  }

  private void assertInPlace(FlinkClusterStatus status, FlinkClusterStatus before, int size) {
    assertThat(last(status).type()).isEqualTo(OperationType.RescaleInPlace);
    assertThat(last(status).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(last(status).downtime()).isNotNull();
    assertThat(status.launch().epoch()).isEqualTo(before.launch().epoch());
    assertThat(status.launch().jobId()).isEqualTo(before.launch().jobId());
    assertThat(status.launch().fingerprint()).isNotEqualTo(before.launch().fingerprint());
    assertThat(status.launch().generation()).isEqualTo(status.observedGeneration());
    assertThat(status.lastStable().fingerprint()).isEqualTo(status.launch().fingerprint());
    assertThat(status.job().parallelism()).isEqualTo(size);
    assertThat(fake().starts()).hasSize(1);
    assertThat(fake().stopsByTrigger()).isEmpty();
    await().atMost(SOON).until(() -> pods("taskmanager").size() == size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.3", "1.20"})
  void aJobIsRescaledUpAndDownWithoutANewStartAndWithOneRestartEach(String version) {
    apply(version, "InPlace", "");
    FlinkClusterStatus first = awaitReady();
    List<String> jobManager = pods("jobmanager");
    scale(3);
    FlinkClusterStatus up = awaitReady();
    assertInPlace(up, first, 3);
    assertThat(fake().requiredAndRescales()).containsExactly(3, 1);
    scale(1);
    FlinkClusterStatus down = awaitReady();
    assertInPlace(down, up, 1);
    assertThat(pods("jobmanager")).isEqualTo(jobManager);
    operator.awaitLooks(3, this::poke);
    assertThat(fake().requiredAndRescales()).containsExactly(1, 2);
  }

  @Test
  void aLostJobManagerIsRecoveredWithTheSizeThatWasReachedInPlace() {
    apply("2.3", "InPlace", "");
    awaitReady();
    scale(2);
    awaitReady();
    fake().checkpointing(false);
    var snapshots = fake().snapshots();
    String newest = snapshots.get(snapshots.size() - 1).path();
    awaitStatus("its newest checkpoint seen", s -> s.restorePoint().path().equals(newest));
    namespace.kubectl().ok("delete", "pod", pods("jobmanager").get(0), "--wait=false");
    awaitStatus("recovered", s -> s.launch().epoch() == 2);
    fake().checkpointing(true);
    FlinkClusterStatus status = awaitReady();
    assertThat(last(status).type()).isEqualTo(OperationType.Recovery);
    assertThat(status.job().parallelism()).isEqualTo(2);
    assertThat(fake().starts().get(1).parallelism()).isEqualTo(2);
    fake().assertOneWriter();
    fake().assertNeverOlderState();
  }

  @Test
  void autoGoesBySavepointWhereFlinkRefuses() {
    apply("2.3", "Auto", "");
    awaitReady();
    fake().refuseRequirements(true);
    operator.close(); // what was seen of the requirements is forgotten
    operator = OperatorUnderTest.in(namespace);
    awaitReady();
    scale(2);
    FlinkClusterStatus status = awaitReady();
    assertThat(last(status).type()).isEqualTo(OperationType.Rescale);
    assertThat(last(status).savepoint()).contains("/savepoints/");
    assertThat(status.operations().get(1).message()).contains("by savepoint instead");
    assertThat(fake().starts()).hasSize(2);
    fake().assertOneWriter();
    fake().assertNeverOlderState();
  }

  @Test
  void inPlaceRefusesOtherSlotsUntilTheModeAllowsASavepoint() {
    apply("2.3", "InPlace", "");
    awaitReady();
    apply("2.3", "InPlace", "taskManager: {taskSlots: 2}");
    FlinkClusterStatus status =
        awaitStatus(
            "refused",
            s -> Conditions.find(s, "Stalled").filter(c -> c.status().equals("True")).isPresent());
    assertThat(Conditions.find(status, "Stalled").map(Condition::reason)).contains("NotInPlace");
    assertThat(fake().jobState()).contains("RUNNING");
    apply("2.3", "Auto", "taskManager: {taskSlots: 2}");
    status = awaitReady();
    assertThat(status.launch().epoch()).isEqualTo(2);
    assertThat(status.job().parallelism()).isEqualTo(2);
    fake().assertNeverOlderState();
  }

  @Test
  void aSizeThatFindsNoRoomIsGivenUpAndTheJobRunsOn() {
    apply("2.3", "InPlace", "changeTimeout: 5s");
    awaitReady();
    namespace
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: few}
            spec: {hard: {pods: "3"}}
            """);
    scale(4);
    FlinkClusterStatus status =
        awaitStatus("given up", s -> s.operation() == null && s.operations().size() > 1);
    assertThat(status.operations())
        .anySatisfy(o -> assertThat(o.message()).contains("requested 4, running", "waiting for"));
    assertThat(status.launch().epoch()).isEqualTo(1);
    assertThat(fake().starts()).hasSize(1);
    await().atMost(SOON).until(() -> fake().requiredAndRescales().get(0) == 1);
    await().atMost(SOON).until(() -> pods("taskmanager").size() == 1);
  }
}
