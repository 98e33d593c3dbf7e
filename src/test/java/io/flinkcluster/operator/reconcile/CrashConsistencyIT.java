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
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The operator dies after its first write, after its second, and so on to the end of a lifecycle;
 * another one takes over each time. The end must be the same: one job, the newest state, one
 * savepoint.
 */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // the longest of all classes; each method has all that it uses
class CrashConsistencyIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MANY = 60;
  private static final String JOB_MANAGERS = "app.kubernetes.io/component=jobmanager";

  private final TestNamespace namespace;
  private final FakeFlink flink;
  private FakeKubelet kubelet;
  private CrashAfterWrites mortal = new CrashAfterWrites();
  private OperatorUnderTest operator;

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

  private void create(String name) {
    create(name, "rescale: {mode: Savepoint}");
  }

  private void create(String name, String more) {
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
              %s
            """
                .formatted(name, more));
  }

  private boolean ready(String name) {
    FlinkCluster cluster = cluster(name).get();
    FlinkClusterStatus status = cluster == null ? null : cluster.getStatus();
    return status != null
        && cluster.getMetadata().getGeneration().equals(status.observedGeneration())
        && status.phase() == Phase.Running
        && Conditions.find(status, "Ready").filter(c -> c.status().equals("True")).isPresent();
  }

  /** Waits; whenever the operator has died, another one takes over. */
  private void awaitWithReplacement(String what, BooleanSupplier end) {
    await(what)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (mortal.dead()) {
                replaceOperator();
              }
              return end.getAsBoolean();
            });
  }

  private void replaceOperator() {
    operator.close();
    mortal = new CrashAfterWrites();
    operator = OperatorUnderTest.in(namespace, mortal);
  }

  private void cancelAndDelete(String name) {
    namespace
        .kubectl()
        .ok(
            "patch",
            "flc",
            name,
            "--type=merge",
            "-p",
            "{\"spec\":{\"job\":{\"onDelete\":\"Cancel\"}}}");
    cluster(name).delete();
    awaitWithReplacement("deletion of " + name, () -> cluster(name).get() == null);
  }

  @Test
  void aFirstStartSurvivesADeathAfterEachOfItsWrites() {
    int deaths = 0;
    for (int n = 1; n < MANY; n++) {
      String name = "start-" + n;
      CrashAfterWrites first = mortal;
      first.dieAfter(n);
      create(name);
      awaitWithReplacement(name + " to be ready", () -> ready(name));
      FakeCluster fake = flink.cluster(name);
      fake.assertOneWriter();
      fake.assertNeverOlderState();
      assertThat(fake.starts()).as(name).hasSize(1);
      boolean lived = !first.dead();
      replaceOperator();
      cancelAndDelete(name);
      if (lived) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).isGreaterThan(10);
  }

  @Test
  void aRescaleSurvivesADeathAfterEachOfItsWrites() {
    int deaths = 0;
    for (int n = 1; n < MANY; n++) {
      String name = "rescale-" + n;
      create(name);
      awaitWithReplacement(name + " to be ready", () -> ready(name));
      flink.cluster(name).checkpointing(false);
      replaceOperator();
      awaitWithReplacement(name + " to be ready", () -> ready(name));
      CrashAfterWrites first = mortal;
      first.dieAfter(n);
      namespace.kubectl().ok("scale", "flc/" + name, "--replicas=2");
      flink.cluster(name).checkpointing(true);
      awaitWithReplacement(name + " to be rescaled", () -> ready(name));
      FakeCluster fake = flink.cluster(name);
      fake.assertOneWriter();
      fake.assertNeverOlderState();
      assertThat(fake.starts()).as(name).hasSize(2);
      assertThat(fake.stopsByTrigger()).as(name).hasSize(1);
      assertThat(fake.snapshots()).filteredOn(FakeCluster.Snapshot::savepoint).as(name).hasSize(1);
      boolean lived = !first.dead();
      replaceOperator();
      cancelAndDelete(name);
      if (lived) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).isGreaterThan(10);
  }

  @Test
  void aRescaleInPlaceSurvivesADeathAfterEachOfItsWrites() {
    int deaths = 0;
    for (int n = 1; n < MANY; n++) {
      String name = "in-place-" + n;
      create(name, "rescale: {mode: InPlace}");
      awaitWithReplacement(name + " to be ready", () -> ready(name));
      FakeCluster fake = flink.cluster(name);
      CrashAfterWrites first = mortal;
      first.dieAfter(n);
      scaled(name, 3);
      assertThat(fake.requiredAndRescales()).as(name).containsExactly(3, 1);
      scaled(name, 1);
      assertThat(fake.requiredAndRescales()).as(name).containsExactly(1, 2);
      assertThat(fake.starts()).as(name).hasSize(1);
      assertThat(fake.stopsByTrigger()).as(name).isEmpty();
      fake.assertOneWriter();
      boolean lived = !first.dead();
      replaceOperator();
      cancelAndDelete(name);
      if (lived) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).isGreaterThan(10);
  }

  private void scaled(String name, int replicas) {
    namespace.kubectl().ok("scale", "flc/" + name, "--replicas=" + replicas);
    awaitWithReplacement(
        name + " to be rescaled",
        () -> ready(name) && cluster(name).get().getStatus().taskManagers().ready() == replicas);
  }

  @Test
  void aDeletionSurvivesADeathAfterEachOfItsWrites() {
    int deaths = 0;
    for (int n = 1; n < MANY; n++) {
      String name = "delete-" + n;
      create(name);
      awaitWithReplacement(name + " to be ready", () -> ready(name));
      CrashAfterWrites first = mortal;
      first.dieAfter(n);
      cluster(name).delete();
      awaitWithReplacement(name + " to be gone", () -> cluster(name).get() == null);
      FakeCluster fake = flink.cluster(name);
      assertThat(fake.stopsByTrigger()).as(name).hasSize(1);
      String path =
          namespace
              .client()
              .configMaps()
              .inNamespace(namespace.name())
              .withName(name + "-final-savepoint")
              .get()
              .getData()
              .get("path");
      assertThat(fake.snapshots())
          .filteredOn(FakeCluster.Snapshot::savepoint)
          .singleElement()
          .satisfies(s -> assertThat(s.path()).isEqualTo(path));
      boolean lived = !first.dead();
      replaceOperator();
      if (lived) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).isGreaterThan(5);
  }

  private void patchSpec(String name, String merge) {
    namespace
        .kubectl()
        .ok(
            "patch",
            "flc",
            name,
            "--type=merge",
            "-p",
            ("{'spec': " + merge + "}").replace('\'', '"'));
  }

  private boolean suspended(String name) {
    FlinkCluster cluster = cluster(name).get();
    FlinkClusterStatus status = cluster == null ? null : cluster.getStatus();
    return status != null
        && cluster.getMetadata().getGeneration().equals(status.observedGeneration())
        && status.operation() == null
        && status.phase() == Phase.Suspended;
  }

  @Test
  void suspendAndResumeSurviveADeathAfterEachOfTheirWrites() {
    int deaths = 0;
    for (int n = 1; n < MANY; n++) {
      String name = "suspend-" + n;
      create(name);
      awaitWithReplacement(name + " to be ready", () -> ready(name));
      mortal.dieAfter(n);
      CrashAfterWrites first = mortal;
      patchSpec(name, "{'suspend': true}");
      awaitWithReplacement(name + " to be suspended", () -> suspended(name));
      CrashAfterWrites second = mortal;
      if (second != first) {
        second.dieAfter(n);
      }
      patchSpec(name, "{'suspend': false}");
      awaitWithReplacement(name + " to be resumed", () -> ready(name));
      FakeCluster fake = flink.cluster(name);
      fake.assertOneWriter();
      fake.assertNeverOlderState();
      assertThat(fake.starts()).as(name).hasSize(2);
      assertThat(fake.starts().get(1).restoredFrom()).get().asString().contains("/savepoints/");
      assertThat(fake.stopsByTrigger()).as(name).hasSize(1);
      boolean lived = !first.dead() && !second.dead();
      replaceOperator();
      cancelAndDelete(name);
      if (lived) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).isGreaterThan(10);
  }

  @Test
  void aRollbackSurvivesADeathAfterEachOfItsWrites() {
    int deaths = 0;
    for (int n = 1; n < MANY; n++) {
      String name = "rollback-" + n;
      create(name);
      awaitWithReplacement(name + " to be ready", () -> ready(name));
      FakeCluster fake = flink.cluster(name);
      fake.unfit(epoch -> epoch == 2);
      CrashAfterWrites first = mortal;
      first.dieAfter(n);
      patchSpec(name, "{'image': 'flink:2.3-other'}");
      awaitWithReplacement(name + " to be rolled back", () -> rolledBack(name));
      fake.assertOneWriter();
      fake.assertNeverOlderState();
      assertThat(fake.starts()).as(name).hasSize(3);
      assertThat(fake.stopsByTrigger()).as(name).hasSize(1);
      boolean lived = !first.dead();
      replaceOperator();
      cancelAndDelete(name);
      if (lived) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).isGreaterThan(20);
  }

  private boolean rolledBack(String name) {
    FlinkClusterStatus status = cluster(name).get().getStatus();
    return status != null
        && status.operation() == null
        && status.phase() == Phase.Running
        && Conditions.find(status, "Stalled")
            .filter(c -> c.reason().equals("RolledBack"))
            .isPresent()
        && flink.cluster(name).jobState().filter("RUNNING"::equals).isPresent();
  }

  @Test
  void aRecoverySurvivesADeathAfterEachOfItsWrites() {
    int deaths = 0;
    for (int n = 1; n < MANY; n++) {
      String name = "recover-" + n;
      create(name);
      awaitWithReplacement(name + " to be ready", () -> ready(name));
      FakeCluster fake = flink.cluster(name);
      fake.checkpointing(false);
      awaitWithReplacement(name + " to know its newest checkpoint", () -> newestIsKnown(name));
      CrashAfterWrites first = mortal;
      first.dieAfter(n);
      namespace
          .kubectl()
          .ok("delete", "pod", "-l", "flinkcluster.io/cluster=" + name + "," + JOB_MANAGERS);
      awaitWithReplacement(name + " to be started again", () -> fake.starts().size() > 1);
      fake.checkpointing(true);
      awaitWithReplacement(name + " to be recovered", () -> ready(name) && epoch(name) > 1);
      fake.assertOneWriter();
      fake.assertNeverOlderState();
      assertThat(fake.starts()).as(name).hasSize(2);
      boolean lived = !first.dead();
      replaceOperator();
      cancelAndDelete(name);
      if (lived) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).isGreaterThan(10);
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
