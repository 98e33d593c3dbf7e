package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.model.Component;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Savepoints by schedule and by token, and their disposal, on a real API server. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class SavepointsIT {
  private static final Duration SOON = Patience.LONG;
  private static final int MANY = 20;

  /** Passes only when a test puts the clock forward. */
  private static final Duration INTERVAL = Duration.ofMinutes(4);

  private static final String BY_SCHEDULE =
      "savepointInterval: 4m, savepointHistory: {maxCount: 1}";

  private final TestNamespace namespace;
  private final FakeFlink flink;
  private FakeKubelet kubelet;
  private final AdvanceableClock clock = new AdvanceableClock();
  private CrashAfterWrites mortal = new CrashAfterWrites();
  private OperatorUnderTest operator;

  SavepointsIT(ApiServer server) {
    namespace = TestNamespace.create(server, "savepoints");
    flink = FakeFlink.in(namespace);
  }

  @BeforeEach
  void start() {
    kubelet = FakeKubelet.in(namespace, flink);
    operator = OperatorUnderTest.in(namespace, mortal, clock);
  }

  @AfterEach
  void stop() {
    operator.close();
    kubelet.close();
    flink.close();
    namespace.close();
  }

  private io.fabric8.kubernetes.client.dsl.NonNamespaceOperation<
          FlinkCluster,
          io.fabric8.kubernetes.api.model.KubernetesResourceList<FlinkCluster>,
          Resource<FlinkCluster>>
      clusters() {
    return namespace.client().resources(FlinkCluster.class).inNamespace(namespace.name());
  }

  private void apply(String name, String storage) {
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
                onDelete: Cancel
              storage: {baseURI: "s3://bucket/flink", %s}
            """
                .formatted(name, storage));
  }

  /** The next savepoint of the schedule is due, and the operator looks. */
  private void due(String name) {
    clock.forward(INTERVAL);
    look(name);
  }

  /** An event, without anything having changed, that makes the operator look. */
  private void look(String name) {
    String now = "poked=" + System.nanoTime();
    String pods = Labels.CLUSTER + "=" + name;
    namespace.kubectl().ok("annotate", "pod", "-l", pods, now, "--overwrite");
  }

  private FlinkClusterStatus awaitSavepoints(String name, int count) {
    return awaitStatus(name, s -> savepoints(s).size() == count && s.operation() == null);
  }

  private FakeCluster fake(String name) {
    return flink.cluster(name);
  }

  private FlinkClusterStatus status(String name) {
    FlinkCluster cluster = clusters().withName(name).get();
    return cluster == null ? null : cluster.getStatus();
  }

  private FlinkClusterStatus awaitStatus(String name, Predicate<FlinkClusterStatus> wanted) {
    return await("status of " + name)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> status(name), s -> s != null && wanted.test(s));
  }

  private FlinkClusterStatus awaitReady(String name) {
    Long generation = clusters().withName(name).get().getMetadata().getGeneration();
    return awaitStatus(
        name,
        s ->
            generation.equals(s.observedGeneration())
                && s.phase() == Phase.Running
                && condition(s, "Ready").equals("True"));
  }

  private static String condition(FlinkClusterStatus status, String type) {
    return Conditions.find(status, type).map(Condition::status).orElse("");
  }

  private static List<SavepointStatus> savepoints(FlinkClusterStatus status) {
    return status.savepoints() == null ? List.of() : status.savepoints();
  }

  private static List<OperationRecord> operations(FlinkClusterStatus s, OperationType type) {
    return s.operations() == null
        ? List.of()
        : s.operations().stream().filter(o -> o.type() == type).toList();
  }

  private List<String> events(String reason) {
    return namespace.client().v1().events().inNamespace(namespace.name()).list().getItems().stream()
        .filter(e -> e.getReason().equals(reason))
        .map(e -> e.getMessage())
        .toList();
  }

  /** One with these words; it follows the status, and may be a moment behind. */
  private void awaitEvents(String reason, String words) {
    await(reason)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(events(reason)).singleElement().asString().contains(words));
  }

  /** The conditions without their moments, as long as the test looks. */
  private Set<String> conditionsUntil(String name, BooleanSupplier end) {
    var seen = new HashSet<String>();
    await("end of the look")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              status(name)
                  .conditions()
                  .forEach(
                      c -> seen.add(c.type() + " " + c.status() + " " + c.reason() + c.message()));
              return end.getAsBoolean();
            });
    return seen;
  }

  @Test
  void theScheduleTakesSavepointsAndTheOldestGoWithoutTheJobOrItsConditionsNoticing() {
    apply("a", "savepointInterval: 10s, savepointHistory: {maxCount: 1}");
    String job = awaitReady("a").job().id();
    fake("a").savepointsTake(Duration.ofSeconds(1));
    Set<String> conditions = conditionsUntil("a", () -> fake("a").disposed().size() == 1);
    assertThat(conditions).as("each stays as it is").hasSize(7);
    FlinkClusterStatus status = awaitStatus("a", s -> savepoints(s).size() == 1);
    SavepointStatus kept = savepoints(status).get(0);
    assertThat(kept.trigger()).isEqualTo("periodic");
    assertThat(kept.jobId()).isEqualTo(job);
    assertThat(kept.disposal()).isNull();
    assertThat(fake("a").snapshots())
        .filteredOn(FakeCluster.Snapshot::savepoint)
        .singleElement()
        .satisfies(s -> assertThat(s.path()).isEqualTo(kept.path()));
    assertThat(operations(status, OperationType.Savepoint)).hasSize(1);
    awaitEvents("SavepointDisposed", fake("a").disposed().get(0).path());
    assertThat(events("SavepointCompleted")).contains(kept.path());
    assertThat(events("OperationStarted")).noneMatch(m -> m.contains("periodic"));
    assertThat(fake("a").starts()).hasSize(1);
    assertThat(fake("a").jobState()).contains("RUNNING");
  }

  @Test
  void aFailureIsToldOnceAndTheNextIsTakenAfterAPause() {
    apply("a", BY_SCHEDULE);
    awaitReady("a");
    fake("a").savepoints(FakeCluster.Savepoints.FAIL);
    due("a");
    awaitStatus("a", s -> !operations(s, OperationType.Savepoint).isEmpty());
    FlinkClusterStatus status = status("a");
    assertThat(operations(status, OperationType.Savepoint).get(0).result())
        .isEqualTo(OperationResult.Failed);
    assertThat(condition(status, "Ready")).isEqualTo("True");
    assertThat(condition(status, "Stalled")).isEqualTo("False");
    awaitEvents("OperationFailed", "scripted failure");
    long asked = asked("a");
    fake("a").savepoints(FakeCluster.Savepoints.COMPLETE);
    clock.forward(INTERVAL.dividedBy(2));
    operator.awaitLooks(3, () -> look("a"));
    assertThat(asked("a")).isEqualTo(asked);
    due("a");
    awaitSavepoints("a", 1);
  }

  private long asked(String name) {
    return fake(name).calls().stream().filter(c -> c.path().endsWith("/savepoints")).count();
  }

  @Test
  void aChangeThatArrivesMeanwhileIsCarriedOutRightAfterIt() {
    apply("a", BY_SCHEDULE);
    awaitReady("a");
    fake("a").savepointsTake(Duration.ofSeconds(3));
    due("a");
    awaitStatus("a", s -> s.operation() != null);
    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    FlinkClusterStatus status =
        awaitStatus("a", s -> !operations(s, OperationType.Rescale).isEmpty());
    assertThat(operations(status, OperationType.Rescale).get(0).result())
        .isEqualTo(OperationResult.Succeeded);
    fake("a").assertOneWriter();
    fake("a").assertNeverOlderState();
  }

  @Test
  void aJobManagerThatIsLostMeanwhileIsReplaced() {
    apply("a", BY_SCHEDULE);
    awaitReady("a");
    fake("a").savepoints(FakeCluster.Savepoints.HANG).checkpointing(false);
    long newest = fake("a").snapshots().size();
    awaitStatus("a", s -> s.restorePoint().path().endsWith("/chk-" + newest));
    due("a");
    awaitStatus("a", s -> s.operation() != null);
    namespace
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel(Labels.COMPONENT, Component.JOB_MANAGER.label())
        .delete();
    awaitStatus("a", s -> s.launch().epoch() == 2);
    fake("a").savepoints(FakeCluster.Savepoints.COMPLETE).checkpointing(true);
    awaitReady("a");
    due("a");
    awaitSavepoints("a", 1);
    fake("a").assertOneWriter();
    fake("a").assertNeverOlderState();
  }

  @Test
  void aSavepointThatCannotBeDeletedStaysListedAndIsTriedAgain() {
    apply("a", BY_SCHEDULE);
    awaitReady("a");
    fake("a").disposals(FakeCluster.Disposals.FAIL);
    due("a");
    awaitSavepoints("a", 1);
    due("a");
    FlinkClusterStatus status =
        awaitStatus(
            "a",
            s -> savepoints(s).stream().anyMatch(p -> p.disposal() != null && failures(p) == 1));
    assertThat(condition(status, "Ready")).isEqualTo("True");
    assertThat(condition(status, "Stalled")).isEqualTo("False");
    assertThat(savepoints(status).get(1).disposal().message()).contains("scripted failure");
    awaitEvents("SavepointDisposalFailed", "scripted failure");
    assertThat(fake("a").disposed()).isEmpty();
  }

  private static int failures(SavepointStatus savepoint) {
    Integer failures = savepoint.disposal().failures();
    return failures == null ? 0 : failures;
  }

  @Test
  void aTokenIsEchoedWhenItsSavepointIsThereAndItIsNeverDisposedOf() {
    apply("a", BY_SCHEDULE);
    awaitReady("a");
    fake("a").savepointsTake(Duration.ofSeconds(1));
    namespace.kubectl().ok("annotate", "flc", "a", "flinkcluster.io/savepoint=mine");
    FlinkClusterStatus status =
        awaitStatus("a", s -> s.actions() != null && "mine".equals(s.actions().savepoint()));
    assertThat(savepoints(status).get(0).trigger()).isEqualTo("savepoint token mine");
    String mine = savepoints(status).get(0).path();
    due("a");
    awaitSavepoints("a", 2);
    due("a");
    await().atMost(SOON).until(() -> fake("a").disposed().size() == 1);
    assertThat(fake("a").snapshots()).extracting(FakeCluster.Snapshot::path).contains(mine);
  }

  @Test
  void theTokenOfASavepointThatFailedIsEchoedWithTheReason() {
    apply("a", "checkpointInterval: 10s");
    awaitReady("a");
    fake("a").savepoints(FakeCluster.Savepoints.FAIL);
    namespace.kubectl().ok("annotate", "flc", "a", "flinkcluster.io/savepoint=mine");
    FlinkClusterStatus status =
        awaitStatus("a", s -> s.actions() != null && "mine".equals(s.actions().savepoint()));
    assertThat(operations(status, OperationType.Savepoint))
        .singleElement()
        .satisfies(
            o -> {
              assertThat(o.trigger()).isEqualTo("savepoint token mine");
              assertThat(o.message()).contains("scripted failure");
            });
    assertThat(condition(status, "Ready")).isEqualTo("True");
  }

  @Test
  void aPeriodicSavepointAndADisposalSurviveADeathAfterEachOfTheirWrites() {
    apply("a", BY_SCHEDULE);
    awaitReady("a");
    due("a");
    awaitSavepoints("a", 1);
    fake("a").checkpointing(false);
    int deaths = 0;
    for (int n = 1; n < MANY; n++) {
      clock.forward(INTERVAL);
      CrashAfterWrites first = new CrashAfterWrites();
      first.dieAfter(n);
      replaceOperator(first);
      int gone = n;
      await("cycle " + n)
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> replaced() && fake("a").disposed().size() == gone && settled("a"));
      assertThat(fake("a").snapshots())
          .as("cycle " + n)
          .filteredOn(FakeCluster.Snapshot::savepoint)
          .extracting(FakeCluster.Snapshot::path)
          .containsExactly(savepoints(status("a")).get(0).path());
      if (!first.dead()) {
        break;
      }
      deaths++;
    }
    assertThat(deaths).isBetween(5, MANY - 2);
    assertThat(fake("a").starts()).hasSize(1);
  }

  /** Whenever the operator has died, another one takes over. */
  private boolean replaced() {
    if (mortal.dead()) {
      replaceOperator(new CrashAfterWrites());
    }
    return true;
  }

  private boolean settled(String name) {
    FlinkClusterStatus s = status(name);
    return s.operation() == null && savepoints(s).size() == 1;
  }

  private void replaceOperator(CrashAfterWrites next) {
    operator.close();
    mortal = next;
    operator = OperatorUnderTest.in(namespace, mortal, clock);
  }
}
