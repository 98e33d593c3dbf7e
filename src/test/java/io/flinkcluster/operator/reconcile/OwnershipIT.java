package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whose an object is: what is not the cluster's own is neither changed, believed nor removed. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class OwnershipIT {
  private static final String NEVER_LOST = "one writer, and never from an older state";

  private final TestNamespace namespace;
  private final FakeFlink flink;
  private final FakeKubelet kubelet;
  private OperatorUnderTest operator;

  OwnershipIT(ApiServer server) {
    namespace = TestNamespace.create(server, "ownership");
    flink = FakeFlink.in(namespace);
    kubelet = FakeKubelet.in(namespace, flink);
    operator = OperatorUnderTest.in(namespace);
  }

  @AfterEach
  void leave() {
    operator.close();
    strip();
    kubelet.close();
    flink.close();
    namespace.close();
  }

  private String kubectl(String... arguments) {
    return namespace.kubectl().ok(arguments);
  }

  private void create() {
    namespace
        .kubectl()
        .apply(
            """
            apiVersion: flinkcluster.io/v1
            kind: FlinkCluster
            metadata: {name: a}
            spec:
              flinkVersion: "2.3"
              image: flink:2.3
              job:
                jarURI: "local:///opt/flink/examples/streaming/TopSpeedWindowing.jar"
                onDelete: Cancel
              storage: {baseURI: "s3://bucket/flink", checkpointInterval: 10s}
            """);
  }

  /** Deletes the resource as somebody who has lost patience does. */
  private void strip() {
    namespace
        .kubectl()
        .run("patch", "flc", "a", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
    kubectl("delete", "flc", "a", "--ignore-not-found");
  }

  private FlinkClusterStatus awaiting(String what, Predicate<FlinkClusterStatus> wanted) {
    return await(what)
        .atMost(ClusterFixture.LONG)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                namespace
                    .client()
                    .resources(FlinkCluster.class)
                    .inNamespace(namespace.name())
                    .withName("a")
                    .get(),
            c ->
                c != null
                    && c.getStatus() != null
                    && c.getMetadata().getGeneration().equals(c.getStatus().observedGeneration())
                    && wanted.test(c.getStatus()))
        .getStatus();
  }

  private FlinkClusterStatus ready() {
    return awaiting("ready", s -> s.operation() == null && ClusterFixture.is(s, "Ready"));
  }

  private Predicate<FlinkClusterStatus> refused(String... words) {
    return s ->
        ClusterFixture.is(s, "Stalled")
            && List.of(words).stream().allMatch(ClusterFixture.message(s, "ConfigValid")::contains);
  }

  private List<Deployment> deployments() {
    return namespace.client().apps().deployments().inNamespace(namespace.name()).list().getItems();
  }

  private void foreign() {
    namespace
        .kubectl()
        .apply(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: a
              labels: {app.kubernetes.io/managed-by: Helm, app.kubernetes.io/instance: shop}
            spec: {podSelector: {matchLabels: {app: shop}}, policyTypes: [Egress]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: a-rest}
            spec: {selector: {app: shop}, ports: [{name: http, port: 80}]}
            """);
  }

  private String version(String object) {
    return kubectl("get", object, "-o", "jsonpath={.metadata.resourceVersion}");
  }

  @Test
  void objectsOfOthersAreNamedAndNeitherChangedNorRemoved() {
    foreign();
    String policy = version("networkpolicy/a");
    String service = version("service/a-rest");
    create();
    awaiting(
        "both are named",
        refused("NetworkPolicy a", "Helm", "shop", "Service a-rest", "left as it is"));
    assertThat(version("networkpolicy/a")).isEqualTo(policy);
    assertThat(version("service/a-rest")).isEqualTo(service);
    kubectl("delete", "service/a-rest");
    awaiting("the other is named", refused("NetworkPolicy a").and(s -> restIsOurs()));
    kubectl("delete", "flc", "a", "--timeout=120s");
    assertThat(version("networkpolicy/a")).isEqualTo(policy);
    create();
    kubectl("delete", "networkpolicy/a");
    ready();
  }

  private boolean restIsOurs() {
    return namespace.kubectl().run("get", "service/a-rest", "-o", "yaml").output().contains("8081");
  }

  /** The former one's job may run until it is gone; then, and only then, the new one's begins. */
  @Test
  void aClusterOfTheSameNameWaitsForWhatAFormerOneLeft() {
    create();
    String former = uid();
    ready();
    operator.close();
    strip();
    assertThat(deployments()).hasSize(2);
    held("[\"example.com/held\"]");
    create();
    operator = OperatorUnderTest.in(namespace);
    awaiting(
        "it waits for the pod, and nobody needs to act",
        s ->
            !ClusterFixture.is(s, "Stalled")
                && ClusterFixture.message(s, "Ready").contains(former)
                && deployments().isEmpty());
    held("null");
    ready();
    flink.cluster("a").assertOneWriter();
    assertThat(kubectl("get", "all,cm,netpol,pdb", "-l", "flinkcluster.io/uid=" + former))
        .doesNotContain("a-");
    assertThat(deployments())
        .hasSize(2)
        .allSatisfy(
            d ->
                assertThat(d.getMetadata().getLabels())
                    .containsEntry("flinkcluster.io/uid", uid()));
    assertThat(kubectl("get", "events")).contains("OrphanRemoved", "s3://bucket/flink");
  }

  /** A finalizer of somebody else keeps the JobManager's pod. */
  private void held(String finalizers) {
    var patch = "{\"metadata\":{\"finalizers\":" + finalizers + "}}";
    String pods =
        kubectl("get", "pod", "-l", "app.kubernetes.io/component=jobmanager", "-o", "name");
    pods.lines().forEach(pod -> kubectl("patch", pod, "--type=merge", "-p", patch));
  }

  private String uid() {
    return kubectl("get", "flc", "a", "-o", "jsonpath={.metadata.uid}");
  }

  @Test
  void theOperatorForgetsAClusterThatIsDeleted() {
    create();
    String uid = uid();
    ready();
    assertThat(operator.holds(uid)).isNotEmpty();
    kubectl("delete", "flc", "a", "--timeout=120s");
    await("forgotten")
        .atMost(ClusterFixture.LONG)
        .untilAsserted(() -> assertThat(operator.holds(uid)).isEmpty());
  }

  @Test
  void whatAStrippedFinalizerLeftIsSweptButNotTheMemory() {
    create();
    ready();
    operator.close();
    kubectl("create", "configmap", "a-final-savepoint", "--from-literal=path=s3://bucket/s-1");
    kubectl(
        "label",
        "configmap",
        "a-final-savepoint",
        "flinkcluster.io/cluster=a",
        "app.kubernetes.io/managed-by=flinkcluster-operator");
    strip();
    operator = OperatorUnderTest.in(namespace);
    await("swept").atMost(ClusterFixture.LONG).until(() -> deployments().isEmpty());
    await("swept")
        .atMost(ClusterFixture.LONG)
        .until(() -> !kubectl("get", "cm,svc,netpol,pdb", "-o", "name").contains("a-config"));
    assertThat(kubectl("get", "configmap", "-o", "name")).contains("a-final-savepoint");
  }

  /** Whoever may write ConfigMaps may not choose what is started. */
  @Test
  void aRememberedSpecThatWasNotStartedIsNotBelieved() {
    create();
    ready();
    operator.close();
    String config = kubectl("get", "configmap", "a-config-1", "-o", "json");
    kubectl("delete", "configmap", "a-config-1");
    namespace.kubectl().runWithInput(config.replace("flink:2.3", "evil:1"), "create", "-f", "-");
    assertThat(kubectl("get", "configmap", "a-config-1", "-o", "yaml")).contains("evil:1");
    kubectl("delete", "deployment", "a-taskmanager-1");
    operator = OperatorUnderTest.in(namespace);
    await("made again").atMost(ClusterFixture.LONG).until(() -> deployments().size() == 2);
    assertThat(kubectl("get", "deployment", "-o", "yaml")).doesNotContain("evil:1");
    await("what was started is remembered")
        .atMost(ClusterFixture.LONG)
        .until(
            () ->
                !namespace
                    .kubectl()
                    .run("get", "configmap", "a-config-1", "-o", "yaml")
                    .output()
                    .contains("evil:1"));
    assertThat(config).contains("\"immutable\": true");
  }

  @Test
  void aConfigMapThatAnEarlierOperatorLeftMutableIsGoneOnWith() {
    create();
    ready();
    operator.close();
    String config = kubectl("get", "configmap", "a-config-1", "-o", "json");
    kubectl("delete", "configmap", "a-config-1");
    String mutable =
        config
            .replace("\"immutable\": true,", "")
            .replaceFirst("(rendered\": \")[0-9a-f]+", "$1before");
    namespace.kubectl().runWithInput(mutable, "create", "-f", "-");
    String version = version("configmap/a-config-1");
    operator = OperatorUnderTest.in(namespace);
    kubectl("scale", "flc/a", "--replicas=2");
    awaiting("the second start", s -> s.operation() == null && s.launch().epoch() == 2);
    ready();
    assertThat(version).isNotEmpty();
    flink.cluster("a").assertNeverOlderState();
  }

  /** Its cache selects by a label that is gone here, as a cache would be behind. */
  @Test
  void aJobManagerThatOnlyALiveReadShowsIsNotLost() {
    create();
    FlinkClusterStatus before = ready();
    String pod = "pod/" + name(Component.JOB_MANAGER);
    kubectl("label", pod, "app.kubernetes.io/managed-by-");
    await("nothing happens")
        .during(Duration.ofSeconds(3))
        .atMost(ClusterFixture.LONG)
        .until(() -> awaiting("there", s -> true).launch().epoch().equals(1L));
    assertThat(awaiting("there", s -> true).launch()).isEqualTo(before.launch());
  }

  private String name(Component component) {
    return kubectl(
        "get",
        "pods",
        "-l",
        "app.kubernetes.io/component=" + component.label(),
        "-o",
        "jsonpath={.items[0].metadata.name}");
  }

  /** A ReplicaSet without pods today may have one tomorrow. */
  @Test
  void aStartWaitsForAReplicaSetOfAnEarlierJobManager() {
    create();
    ready();
    namespace
        .kubectl()
        .apply(
            """
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata:
              name: stale
              labels:
                flinkcluster.io/cluster: a
                app.kubernetes.io/component: jobmanager
                flinkcluster.io/epoch: "0" # of epoch 1 the Deployment would take it for its own
            spec:
              replicas: 0
              selector: {matchLabels: {stale: "true"}}
              template:
                metadata: {labels: {stale: "true"}}
                spec: {containers: [{name: a, image: b}]}
            """);
    kubectl("scale", "flc/a", "--replicas=2");
    awaiting(
        "it waits", s -> s.operation() != null && s.operation().stage() == OperationStage.Stopping);
    await("it waits still")
        .during(Duration.ofSeconds(4))
        .atMost(ClusterFixture.LONG)
        .until(() -> awaiting("there", s -> true).launch().epoch().equals(1L));
    kubectl("delete", "replicaset", "stale");
    ready();
    assertThat(flink.cluster("a").starts()).as(NEVER_LOST).hasSize(2);
    flink.cluster("a").assertOneWriter();
    flink.cluster("a").assertNeverOlderState();
  }
}
