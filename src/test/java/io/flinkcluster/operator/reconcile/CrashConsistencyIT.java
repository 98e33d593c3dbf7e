package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
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
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The operator dies after its first write, after its second, and so on to the end of a lifecycle;
 * another one takes over each time. The end must be the same: one job, the newest state, one
 * savepoint. A lifecycle that leaves its cluster running is repeated on the same one, as all that a
 * successor finds is in Kubernetes and in Flink, and is counted there over all rounds.
 */
@RealApiServer
@Order(1) // a long one: it begins before the others
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashConsistencyIT {
  private static final Duration SOON = Patience.LONG;
  private static final int MANY = 100;
  private static final String JOB_MANAGERS = "app.kubernetes.io/component=jobmanager";

  private final TestNamespace namespace;
  private final FakeFlink flink;
  private FakeKubelet kubelet;
  private CrashAfterWrites mortal = new CrashAfterWrites();
  private OperatorUnderTest operator;
  private int deaths;

  CrashConsistencyIT(ApiServer server) {
    namespace = TestNamespace.create(server, "crash");
    flink = FakeFlink.in(namespace);
  }

  @BeforeEach
  void start() {
    kubelet = FakeKubelet.in(namespace, flink);
    operator = OperatorUnderTest.in(namespace, mortal);
  }

  @AfterEach
  void stop() {
    operator.close();
    kubelet.close();
    flink.close();
    namespace.close();
  }

  private Resource<FlinkCluster> cluster(String name) {
    return namespace
        .client()
        .resources(FlinkCluster.class)
        .inNamespace(namespace.name())
        .withName(name);
  }

  /** Creates a cluster and waits until it is ready. */
  private FakeCluster begin(String name, String rescale) {
    namespace
        .kubectl()
        .apply(
            """
            apiVersion: flinkcluster.io/v1
            kind: FlinkCluster
            metadata:
              name: %s
            spec:
              flinkVersion: "2.3"
              image: flink:2.3
              job:
                jarURI: local:///opt/flink/examples/streaming/TopSpeedWindowing.jar
              storage:
                baseURI: s3://bucket/flink
              rescale: {mode: %s}
            """
                .formatted(name, rescale));
    awaitWithReplacement(name + " to be ready", () -> ready(name));
    return flink.cluster(name);
  }

  private boolean ready(String name) {
    return settled(name, Phase.Running)
        && Conditions.find(cluster(name).get().getStatus(), "Ready")
            .filter(c -> c.status().equals("True"))
            .isPresent();
  }

  /** What was asked for last is done. */
  private boolean settled(String name, Phase phase) {
    FlinkCluster cluster = cluster(name).get();
    FlinkClusterStatus status = cluster == null ? null : cluster.getStatus();
    return status != null
        && cluster.getMetadata().getGeneration().equals(status.observedGeneration())
        && status.operation() == null
        && status.phase() == phase;
  }

  /** Waits; whenever the operator has died, another one takes over. */
  private void awaitWithReplacement(String what, BooleanSupplier end) {
    await(what)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              replaceTheDead();
              return end.getAsBoolean();
            });
  }

  private void replaceTheDead() {
    if (mortal.dead()) {
      deaths++;
      replaceOperator();
    }
  }

  private void replaceOperator() {
    operator.close();
    mortal = new CrashAfterWrites();
    operator = OperatorUnderTest.in(namespace, mortal);
  }

  /**
   * Repeats a lifecycle whose operator is let die after 1, 2, … writes until nobody dies any more:
   * in two rounds, as one may be shorter than that before, such as scaling down.
   */
  private void repeat(IntConsumer round) {
    int lived = 0;
    for (int n = 1; lived < 2; n++) {
      assertThat(n).as("rounds, of which the last have not come to an end").isLessThan(MANY);
      int before = deaths;
      round.accept(n);
      mortal.dieAfter(Integer.MAX_VALUE);
      replaceTheDead();
      lived = deaths == before ? lived + 1 : 0;
    }
  }

  @Test
  void aFirstStartAndADeletionSurviveADeathAfterEachOfTheirWrites() {
    repeat(
        n -> {
          String name = "round-" + n;
          mortal.dieAfter(n);
          FakeCluster fake = begin(name, "Savepoint");
          fake.assertOneWriter();
          fake.assertNeverOlderState();
          assertThat(fake.starts()).as(name).hasSize(1);
          mortal.dieAfter(n);
          cluster(name).delete();
          awaitWithReplacement(name + " to be gone", () -> cluster(name).get() == null);
          assertThat(fake.stopsByTrigger()).as(name).hasSize(1);
          assertThat(fake.snapshots())
              .filteredOn(FakeCluster.Snapshot::savepoint)
              .singleElement()
              .satisfies(s -> assertThat(s.path()).isEqualTo(finalSavepoint(name)));
          assertThat(fake.starts()).as(name).hasSize(1);
        });
    assertThat(deaths).isGreaterThan(15);
  }

  private String finalSavepoint(String name) {
    return namespace
        .client()
        .configMaps()
        .inNamespace(namespace.name())
        .withName(name + "-final-savepoint")
        .get()
        .getData()
        .get("path");
  }

  @Test
  @Order(2)
  void aRescaleSurvivesADeathAfterEachOfItsWrites() {
    String name = "rescale";
    FakeCluster fake = begin(name, "Savepoint");
    repeat(
        n -> {
          noMoreCheckpoints(name);
          mortal.dieAfter(n);
          scale(name, 1 + n % 2);
          fake.checkpointing(true);
          awaitWithReplacement("rescale " + n, () -> ready(name));
          fake.assertOneWriter();
          fake.assertNeverOlderState();
          assertThat(fake.starts()).as("round %d", n).hasSize(1 + n);
          assertThat(fake.stopsByTrigger()).as("round %d", n).hasSize(n);
          assertThat(fake.snapshots())
              .filteredOn(FakeCluster.Snapshot::savepoint)
              .as("round %d", n)
              .hasSize(n);
        });
    assertThat(deaths).isGreaterThan(10);
  }

  private void scale(String name, int replicas) {
    namespace.kubectl().ok("scale", "flc/" + name, "--replicas=" + replicas);
  }

  @Test
  void aRescaleInPlaceSurvivesADeathAfterEachOfItsWrites() {
    String name = "in-place";
    FakeCluster fake = begin(name, "InPlace");
    repeat(
        n -> {
          mortal.dieAfter(n);
          scaledInPlace(name, 3);
          assertThat(fake.requiredAndRescales()).as("round %d", n).containsExactly(3, 2 * n - 1);
          mortal.dieAfter(n);
          scaledInPlace(name, 1);
          assertThat(fake.requiredAndRescales()).as("round %d", n).containsExactly(1, 2 * n);
          assertThat(fake.starts()).as("round %d", n).hasSize(1);
          assertThat(fake.stopsByTrigger()).as("round %d", n).isEmpty();
          fake.assertOneWriter();
        });
    assertThat(deaths).isGreaterThan(10);
  }

  private void scaledInPlace(String name, int replicas) {
    scale(name, replicas);
    awaitWithReplacement(
        name + " to be rescaled",
        () -> ready(name) && cluster(name).get().getStatus().taskManagers().ready() == replicas);
  }

  private void patchSpec(String name, String merge) {
    String patch = ("{'spec': " + merge + "}").replace('\'', '"');
    namespace.kubectl().ok("patch", "flc", name, "--type=merge", "-p", patch);
  }

  @Test
  void suspendAndResumeSurviveADeathAfterEachOfTheirWrites() {
    String name = "suspend";
    FakeCluster fake = begin(name, "Savepoint");
    repeat(
        n -> {
          mortal.dieAfter(n);
          patchSpec(name, "{'suspend': true}");
          awaitWithReplacement("suspension " + n, () -> settled(name, Phase.Suspended));
          mortal.dieAfter(n);
          patchSpec(name, "{'suspend': false}");
          awaitWithReplacement("resumption " + n, () -> ready(name));
          fake.assertOneWriter();
          fake.assertNeverOlderState();
          assertThat(fake.starts()).as("round %d", n).hasSize(1 + n);
          assertThat(fake.starts().get(n).restoredFrom()).get().asString().contains("/savepoints/");
          assertThat(fake.stopsByTrigger()).as("round %d", n).hasSize(n);
        });
    assertThat(deaths).isGreaterThan(10);
  }

  @Test
  @Order(1)
  void aRollbackSurvivesADeathAfterEachOfItsWrites() {
    String name = "rollback";
    FakeCluster fake = begin(name, "Savepoint");
    fake.unfit(epoch -> epoch % 2 == 0);
    repeat(
        n -> {
          mortal.dieAfter(n);
          patchSpec(name, "{'image': 'flink:2.3-other-" + n + "'}");
          awaitWithReplacement("rollback " + n, () -> rolledBack(name, 1 + 2L * n));
          fake.assertOneWriter();
          fake.assertNeverOlderState();
          assertThat(fake.starts()).as("round %d", n).hasSize(1 + 2 * n);
          assertThat(fake.stopsByTrigger()).as("round %d", n).hasSize(n);
        });
    assertThat(deaths).isGreaterThan(20);
  }

  private boolean rolledBack(String name, long epoch) {
    return settled(name, Phase.Running)
        && epoch(name) == epoch
        && Conditions.find(cluster(name).get().getStatus(), "Stalled")
            .filter(c -> c.reason().equals("RolledBack"))
            .isPresent()
        && flink.cluster(name).jobState().filter("RUNNING"::equals).isPresent();
  }

  @Test
  void aRecoverySurvivesADeathAfterEachOfItsWrites() {
    String name = "recover";
    FakeCluster fake = begin(name, "Savepoint");
    repeat(
        n -> {
          noMoreCheckpoints(name);
          mortal.dieAfter(n);
          namespace
              .kubectl()
              .ok("delete", "pod", "-l", "flinkcluster.io/cluster=" + name + "," + JOB_MANAGERS);
          awaitWithReplacement("another start", () -> fake.starts().size() > n);
          fake.checkpointing(true);
          awaitWithReplacement("recovery " + n, () -> ready(name) && epoch(name) == 1 + n);
          fake.assertOneWriter();
          fake.assertNeverOlderState();
          assertThat(fake.starts()).as("round %d", n).hasSize(1 + n);
        });
    assertThat(deaths).isGreaterThan(10);
  }

  /**
   * Checkpoints come to an end, and the newest is the one in the status: at once, by an operator
   * that begins, while one that knows the cluster asks for checkpoints every few seconds.
   */
  private void noMoreCheckpoints(String name) {
    flink.cluster(name).checkpointing(false);
    replaceOperator();
    awaitWithReplacement("the newest checkpoint to be known", () -> newestIsKnown(name));
  }

  private boolean newestIsKnown(String name) {
    var all = flink.cluster(name).snapshots();
    var point = cluster(name).get().getStatus().restorePoint();
    return point != null && point.path().equals(all.get(all.size() - 1).path());
  }

  private long epoch(String name) {
    return cluster(name).get().getStatus().launch().epoch();
  }
}
