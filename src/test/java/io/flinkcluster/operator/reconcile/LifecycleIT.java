package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.AuditLog;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The operator, a real API server with its controllers, and a Flink that pretends. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class LifecycleIT {
  private static final Duration SOON = Patience.LONG;
  private static final String AGENT = "flinkcluster-operator";

  private final ApiServer server;
  private final TestNamespace namespace;
  private final FakeFlink flink;
  private FakeKubelet kubelet;
  private OperatorUnderTest operator;

  LifecycleIT(ApiServer server) {
    this.server = server;
    namespace = TestNamespace.create(server, "lifecycle");
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

  private io.fabric8.kubernetes.client.dsl.NonNamespaceOperation<
          FlinkCluster,
          io.fabric8.kubernetes.api.model.KubernetesResourceList<FlinkCluster>,
          io.fabric8.kubernetes.client.dsl.Resource<FlinkCluster>>
      clusters() {
    return client().resources(FlinkCluster.class).inNamespace(namespace.name());
  }

  private KubernetesClient client() {
    return namespace.client();
  }

  private void apply(String name, String more) {
    String yaml =
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
            checkpointInterval: 10s
        %s
        """
            .formatted(name, more.indent(2).stripTrailing());
    namespace.kubectl().apply(yaml);
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
        s -> generation.equals(s.observedGeneration()) && condition(s, "Ready").equals("True"));
  }

  private static String condition(FlinkClusterStatus status, String type) {
    return Conditions.find(status, type).map(Condition::status).orElse("");
  }

  private static Optional<OperationRecord> last(FlinkClusterStatus status) {
    return Optional.ofNullable(status.operations()).map(o -> o.get(0));
  }

  private FakeCluster fake(String name) {
    return flink.cluster(name);
  }

  private void assertStateNeverLost(String name) {
    fake(name).assertOneWriter();
    fake(name).assertNeverOlderState();
  }

  @Test
  void aNewClusterBecomesReadyAndTellsWhatRuns() {
    apply("a", "");
    FlinkClusterStatus status = awaitReady("a");
    assertThat(status.phase()).isEqualTo(Phase.Running);
    assertThat(status.job().state()).isEqualTo("RUNNING");
    assertThat(status.job().id()).isEqualTo(status.launch().jobId());
    assertThat(status.taskManagers().members())
        .singleElement()
        .satisfies(m -> assertThat(m.podIP()).isNotBlank());
    assertThat(status.restorePoint().path()).contains("/chk-");
    assertThat(namespace.kubectl().ok("get", "flc", "a"))
        .contains("READY", "PHASE", "Running", "RUNNING", "1/1");
    assertThat(namespace.kubectl().ok("get", "networkpolicy,pdb,svc,deploy", "-o", "name"))
        .contains(
            "networkpolicy.networking.k8s.io/a",
            "poddisruptionbudget.policy/a-jobmanager",
            "service/a-rest",
            "service/a-jobmanager-1",
            "deployment.apps/a-taskmanager-1");
  }

  @Test
  void aNewClusterCostsOneWriteForEachObjectAndOneRead() {
    AuditLog.Mark before = server.audit().mark();
    apply("a", "");
    awaitReady("a");
    List<AuditLog.Request> requests = mine(before);
    assertThat(requests).filteredOn(r -> r.resource().equals("deployments")).hasSize(2);
    assertThat(requests)
        .filteredOn(r -> Set.of("get", "list").contains(r.verb()))
        .as("what an earlier cluster of the name left")
        .extracting(AuditLog.Request::name)
        .containsExactly("a-final-savepoint");
    assertThat(
            requests.stream()
                .filter(AuditLog.Request::writes)
                .filter(r -> !r.resource().startsWith("flinkclusters"))
                .filter(r -> !r.resource().equals("events"))
                .map(r -> r.resource() + "/" + r.name()))
        .doesNotHaveDuplicates();
  }

  @Test
  void nothingIsAskedOfTheApiServerWhileNothingChangesNorWrittenByTheNextOperator() {
    apply("a", "");
    awaitReady("a");
    fake("a").checkpointing(false);
    FlinkClusterStatus quiet =
        await().atMost(SOON).during(Duration.ofSeconds(6)).until(() -> status("a"), unchanged());
    AuditLog.Mark before = server.audit().mark();
    operator.awaitLooks(3, this::poke);
    assertThat(status("a")).isEqualTo(quiet);
    assertThat(mine(before)).isEmpty();

    AuditLog.Mark restart = server.audit().mark();
    operator.close();
    long asked = fake("a").asked();
    operator = OperatorUnderTest.in(namespace);
    await("the next operator has asked the JobManager")
        .atMost(SOON)
        .until(() -> fake("a").asked() > asked);
    operator.awaitLooks(3, this::poke);
    assertThat(status("a")).isEqualTo(quiet);
    assertThat(mine(restart)).filteredOn(AuditLog.Request::writes).isEmpty();
  }

  private static Predicate<FlinkClusterStatus> unchanged() {
    var first = new java.util.concurrent.atomic.AtomicReference<FlinkClusterStatus>();
    return s -> Objects.equals(first.getAndSet(s), s);
  }

  /** An event that makes the operator look without anything having changed. */
  private void poke() {
    String jobManager = "-lapp.kubernetes.io/component=jobmanager"; // TaskManagers come and go
    namespace
        .kubectl()
        .ok("annotate", "pod", jobManager, "poked=" + System.nanoTime(), "--overwrite");
  }

  private List<AuditLog.Request> mine(AuditLog.Mark since) {
    return server.audit().requestsOf(AGENT, since).stream()
        .filter(r -> r.namespace().equals(namespace.name()))
        .filter(r -> !r.verb().equals("watch"))
        .toList();
  }

  @Test
  void everyChildThatIsDeletedOrEditedComesBack() {
    apply("a", "");
    awaitReady("a");
    var deployments = client().apps().deployments().inNamespace(namespace.name());
    String uid = deployments.withName("a-taskmanager-1").get().getMetadata().getUid();
    for (String child :
        List.of(
            "deployment/a-taskmanager-1",
            "service/a-rest",
            "service/a-jobmanager-1",
            "networkpolicy/a",
            "pdb/a-taskmanager",
            "configmap/a-config-1")) {
      namespace.kubectl().ok("delete", child);
      await(child).atMost(SOON).until(() -> namespace.kubectl().run("get", child).code() == 0);
    }
    assertThat(deployments.withName("a-taskmanager-1").get().getMetadata().getUid())
        .isNotEqualTo(uid);
    deployments.withName("a-taskmanager-1").scale(3);
    await()
        .atMost(SOON)
        .until(() -> deployments.withName("a-taskmanager-1").get().getSpec().getReplicas() == 1);
    String edit = "{\"data\":{\"config.yaml\":\"broken\"}}";
    assertThat(namespace.kubectl().run("patch", "configmap/a-config-1", "-p", edit).output())
        .contains("field is immutable");
    assertThat(awaitReady("a").launch().epoch()).isEqualTo(1);
    assertStateNeverLost("a");
  }

  @Test
  void whatAnEarlierOperatorRenderedInAnotherWayIsNotRolledButScaled() {
    apply("a", "rescale: {mode: InPlace}");
    awaitReady("a");
    var deployments = client().apps().deployments().inNamespace(namespace.name());
    deployments
        .withName("a-taskmanager-1")
        .edit(
            d -> {
              var annotations = d.getMetadata().getAnnotations();
              annotations.put(Labels.RENDERED, "by an earlier version");
              annotations.put(Labels.TEMPLATE, "by an earlier version");
              d.getSpec().getTemplate().getSpec().getContainers().get(0).setImage("flink:2.3-x");
              return d;
            });
    operator.awaitLooks(3, this::poke);
    assertThat(image(deployments.withName("a-taskmanager-1").get())).isEqualTo("flink:2.3-x");
    awaitReady("a");

    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    assertThat(awaitReady("a").launch().epoch()).isEqualTo(1);
    Deployment scaled = deployments.withName("a-taskmanager-1").get();
    assertThat(scaled.getSpec().getReplicas()).isEqualTo(2);
    assertThat(image(scaled)).isEqualTo("flink:2.3-x");
    assertThat(fake("a").starts()).hasSize(1);
  }

  private static String image(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().get(0).getImage();
  }

  private ConfigMap config(String name) {
    return client().configMaps().inNamespace(namespace.name()).withName(name).get();
  }

  @Test
  void kubectlScaleRescalesThroughOneSavepoint() {
    apply("a", "");
    awaitReady("a");
    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    FlinkClusterStatus status = awaitReady("a");
    assertThat(last(status))
        .get()
        .satisfies(
            o -> {
              assertThat(o.type()).isEqualTo(OperationType.Rescale);
              assertThat(o.result()).isEqualTo(OperationResult.Succeeded);
              assertThat(o.downtime()).isNotNull();
              assertThat(o.steps()).hasSize(6);
            });
    assertThat(status.job().parallelism()).isEqualTo(2);
    assertThat(status.launch().restoredFrom()).contains("/savepoints/" + last(status).get().id());
    assertThat(fake("a").stopsByTrigger()).hasSize(1);
    assertThat(fake("a").starts()).hasSize(2);
    assertStateNeverLost("a");
    namespace.kubectl().ok("scale", "flc/a", "--replicas=1");
    awaitReady("a");
    assertThat(fake("a").starts())
        .extracting(FakeCluster.Start::parallelism)
        .containsExactly(1, 2, 1);
    assertStateNeverLost("a");
    assertThat(client().apps().deployments().inNamespace(namespace.name()).list().getItems())
        .extracting(d -> d.getMetadata().getLabels().get(Labels.EPOCH))
        .containsOnly("3");
  }

  @Test
  void anOperatorThatIsReplacedInTheMiddleEndsTheSameOperation() {
    apply("a", "");
    awaitReady("a");
    fake("a").savepointsTake(Duration.ofSeconds(2));
    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    awaitStatus("a", s -> s.operation() != null && s.operation().triggerId() != null);
    operator.close();
    operator = OperatorUnderTest.in(namespace);
    awaitReady("a");
    assertThat(fake("a").stopsByTrigger()).hasSize(1);
    assertThat(fake("a").starts()).hasSize(2);
    assertStateNeverLost("a");
  }

  @Test
  void anOperatorThatStopsDecidesNothingOnCachesThatAreEmptied() {
    apply("a", "");
    awaitReady("a");
    operator.stopping();
    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    await()
        .during(Duration.ofSeconds(2))
        .until(() -> status("a").operation() == null && status("a").observedGeneration() == 1);
    operator.close();
    operator = OperatorUnderTest.in(namespace);
    awaitReady("a");
    assertThat(fake("a").starts()).hasSize(2);
    assertStateNeverLost("a");
  }

  @Test
  void aLostAnswerToTheStopRequestDoesNoHarm() {
    apply("a", "");
    awaitReady("a");
    fake("a").rest(FakeCluster.Rest.LOSES_ANSWERS);
    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    awaitStatus("a", s -> s.operation() != null && s.operation().savepoint() != null);
    fake("a").rest(FakeCluster.Rest.ANSWERS);
    awaitReady("a");
    assertThat(fake("a").snapshots()).filteredOn(FakeCluster.Snapshot::savepoint).hasSize(1);
    assertStateNeverLost("a");
  }

  @Test
  void aFailedSavepointLeavesTheJobRunning() {
    apply("a", "");
    FlinkClusterStatus before = awaitReady("a");
    fake("a").savepoints(FakeCluster.Savepoints.FAIL);
    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    FlinkClusterStatus status =
        awaitStatus(
            "a", s -> last(s).filter(o -> o.result() == OperationResult.Abandoned).isPresent());
    assertThat(status.job().id()).isEqualTo(before.job().id());
    awaitStatus("a", s -> condition(s, "Stalled").equals("True") && s.operation() == null);
    assertThat(fake("a").jobState()).contains("RUNNING");
    assertThat(fake("a").starts()).hasSize(1);
  }

  @Test
  void aSavepointThatWasWrittenWhileTheJobFailedIsUsed() {
    apply("a", "");
    awaitReady("a");
    fake("a").savepoints(FakeCluster.Savepoints.FAIL_WHILE_STOPPING);
    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    FlinkClusterStatus status = awaitReady("a");
    assertThat(status.launch().restoredFrom()).contains("/savepoints/");
    assertStateNeverLost("a");
  }

  @Test
  void anImageThatCannotBePulledIsNamedAndTheJobRunsOn() {
    apply("a", "");
    awaitReady("a");
    kubelet.problem(
        pod -> pod.getSpec().getContainers().get(0).getImage().equals("flink:nope"),
        FakeKubelet.PodProblem.IMAGE_PULL_BACK_OFF);
    image("a", "flink:nope");
    FlinkClusterStatus status =
        await()
            .until(
                () -> status("a"),
                s -> last(s).filter(o -> o.result() == OperationResult.Abandoned).isPresent());
    assertThat(last(status).get().message()).contains("flink:nope");
    assertThat(fake("a").jobState()).contains("RUNNING");
    image("a", "flink:2.3.0");
    awaitReady("a");
    assertStateNeverLost("a");
  }

  @Test
  void aJarThatCannotBeFetchedIsNamedAndTheJobRunsOn() {
    apply("a", "");
    awaitReady("a");
    kubelet.problem(LifecycleIT::fetches, FakeKubelet.PodProblem.FETCH_FAILS);
    jar("a", "s3://bucket/no.jar");
    awaitStatus("a", s -> last(s).filter(o -> o.result() == OperationResult.Abandoned).isPresent());
    FlinkClusterStatus status =
        awaitStatus("a", s -> s.operation() == null && condition(s, "Stalled").equals("True"));
    assertThat(status.operations().get(0).message())
        .contains("cannot fetch s3://bucket/no.jar: it does not exist (HTTP 404 NoSuchKey)");
    assertThat(fake("a").jobState()).contains("RUNNING");
    assertThat(fake("a").stopsByTrigger()).isEmpty();
    assertStateNeverLost("a");

    kubelet.heal();
    jar("a", "s3://bucket/job.jar");
    awaitReady("a");
    assertStateNeverLost("a");
  }

  @Test
  void aFirstJarThatCannotBeFetchedIsNamedUntilItIsThere() {
    kubelet.problem(LifecycleIT::fetches, FakeKubelet.PodProblem.FETCH_FAILS);
    apply("a", "");
    jar("a", "s3://bucket/no.jar");
    FlinkClusterStatus status =
        awaitStatus(
            "a",
            s ->
                Conditions.find(s, "Ready")
                    .filter(c -> c.reason().equals("FetchFailed"))
                    .isPresent());
    assertThat(Conditions.find(status, "Ready").orElseThrow().message())
        .contains("cannot fetch s3://bucket/no.jar: it does not exist (HTTP 404 NoSuchKey)");

    kubelet.heal();
    awaitReady("a");
    assertStateNeverLost("a");
  }

  private static boolean fetches(Pod pod) {
    return pod.getSpec().getInitContainers().stream()
        .flatMap(c -> c.getArgs().stream())
        .anyMatch("s3://bucket/no.jar"::equals);
  }

  private void jar(String name, String uri) {
    String patch = "{\"spec\":{\"job\":{\"jarURI\":\"%s\"}}}".formatted(uri);
    namespace.kubectl().ok("patch", "flc", name, "--type=merge", "-p", patch);
  }

  private void image(String name, String image) {
    String patch = "{\"spec\":{\"image\":\"%s\"}}".formatted(image);
    namespace.kubectl().ok("patch", "flc", name, "--type=merge", "-p", patch);
  }

  @Test
  void aLostJobManagerIsReplacedFromTheNewestCheckpoint() {
    apply("a", "");
    awaitReady("a");
    fake("a").checkpointing(false);
    long newest = fake("a").snapshots().size();
    awaitStatus("a", s -> s.restorePoint().path().endsWith("/chk-" + newest));
    client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel(Labels.COMPONENT, Component.JOB_MANAGER.label())
        .delete();
    awaitStatus("a", s -> s.launch().epoch() == 2);
    fake("a").checkpointing(true);
    FlinkClusterStatus status = awaitReady("a");
    assertThat(last(status).get().type()).isEqualTo(OperationType.Recovery);
    assertThat(status.launch().restoredFrom()).endsWith("/chk-" + newest);
    assertStateNeverLost("a");
  }

  @Test
  void aHighlyAvailableJobSurvivesItsJobManagerUnderTheSameId() {
    apply("a", "highAvailability: {enabled: true}");
    String job = awaitReady("a").job().id();
    client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel(Labels.COMPONENT, Component.JOB_MANAGER.label())
        .delete();
    await().atMost(SOON).until(() -> fake("a").starts().size() == 2);
    FlinkClusterStatus status = awaitReady("a");
    assertThat(status.launch().epoch()).isEqualTo(1);
    assertThat(status.job().id()).isEqualTo(job);
    assertStateNeverLost("a");
    namespace.kubectl().ok("scale", "flc/a", "--replicas=2");
    assertThat(awaitReady("a").launch().epoch()).isEqualTo(2);
    assertStateNeverLost("a");
  }

  @Test
  void aChangeByTheLastCheckpointTakesTheNewestOne() {
    apply("a", "");
    awaitReady("a");
    String patch = "{\"spec\":{\"bufferTimeout\":5,\"job\":{\"upgradeMode\":\"LastCheckpoint\"}}}";
    namespace.kubectl().ok("patch", "flc", "a", "--type=merge", "-p", patch);
    FlinkClusterStatus status = awaitReady("a");
    assertThat(status.launch().restoredFrom()).contains("/chk-");
    assertThat(fake("a").stopsByTrigger()).isEmpty();
    assertStateNeverLost("a");
  }

  @Test
  void suspendKeepsASavepointAndResumeContinuesFromIt() {
    apply("a", "suspend: false");
    awaitReady("a");
    apply("a", "suspend: true");
    FlinkClusterStatus status = awaitStatus("a", s -> s.phase() == Phase.Suspended);
    assertThat(condition(status, "Ready")).isEqualTo("True");
    await()
        .atMost(SOON)
        .until(() -> client().pods().inNamespace(namespace.name()).list().getItems().isEmpty());
    apply("a", "suspend: false");
    status = awaitReady("a");
    assertThat(status.launch().restoredFrom()).contains("/savepoints/");
    assertStateNeverLost("a");
  }

  @Test
  void foregroundDeletionTakesTheSavepointFirst() {
    apply("a", "");
    awaitReady("a");
    clusters().withName("a").withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
    await().atMost(SOON).until(() -> clusters().withName("a").get() == null);
    assertThat(fake("a").stopsByTrigger()).hasSize(1);
    ConfigMap left = config("a-final-savepoint");
    assertThat(left.getData().get("path")).contains("/savepoints/");
    List<Deployment> deployments =
        client().apps().deployments().inNamespace(namespace.name()).list().getItems();
    assertThat(deployments).isEmpty();
    apply("a", "");
    FlinkClusterStatus status = awaitStatus("a", s -> condition(s, "Stalled").equals("True"));
    assertThat(Conditions.find(status, "Ready").get().message())
        .contains(left.getData().get("path"));
    client().configMaps().inNamespace(namespace.name()).withName("a-final-savepoint").delete();
  }

  @Test
  void aWrongChangeIsRefusedWithAllItsProblemsAndTheJobRunsOn() {
    apply("a", "");
    String job = awaitReady("a").job().id();
    apply(
        "a",
        """
        flinkConfiguration:
          rest.port: "1"
          s3.secret-key: "hidden"
        """);
    FlinkClusterStatus status = awaitStatus("a", s -> condition(s, "ConfigValid").equals("False"));
    assertThat(Conditions.find(status, "ConfigValid").get().message())
        .contains("rest.port", "spec.ports.rest")
        .contains("s3.secret-key")
        .doesNotContain("hidden");
    assertThat(condition(status, "Stalled")).isEqualTo("True");
    assertThat(status.job().id()).isEqualTo(job);
    assertThat(fake("a").jobState()).contains("RUNNING");
    apply("a", "");
    awaitReady("a");
    assertThat(fake("a").starts()).hasSize(1);
  }

  @Test
  void aBufferTimeoutInAQuantityCountsAsANumberOfMilliseconds() {
    apply("a", "bufferTimeout: 5");
    awaitReady("a");
    assertThat(config("a-config-1").getData().get("config.yaml"))
        .contains("execution.buffer-timeout.interval: \"5 ms\"");
    assertThat(new IntOrString(5).getIntVal()).isEqualTo(5);
  }
}
