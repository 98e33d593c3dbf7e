package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** One FlinkCluster in a namespace of its own, with an operator, a kubelet and a Flink. */
final class ClusterFixture implements AutoCloseable {
  static final String NAME = "a";

  /** For what takes a second on an idle machine. */
  static final Duration LONG = Patience.LONG;

  final TestNamespace namespace;
  final FakeFlink flink;
  final FakeKubelet kubelet;
  final AdvanceableClock clock = new AdvanceableClock();
  private OperatorUnderTest operator;

  private ClusterFixture(TestNamespace namespace) {
    this.namespace = namespace;
    flink = FakeFlink.in(namespace);
    kubelet = FakeKubelet.in(namespace, flink);
    operator = OperatorUnderTest.in(namespace, clock);
  }

  static ClusterFixture in(ApiServer server, String name) {
    return new ClusterFixture(TestNamespace.create(server, name));
  }

  KubernetesClient client() {
    return namespace.client();
  }

  FakeCluster fake() {
    return flink.cluster(NAME);
  }

  /** Nobody acts any more. */
  void stopOperator() {
    operator.close();
  }

  /** The operator moves jobs from nodes that are about to go. */
  void watchNodes() {
    operator.watchNodes();
  }

  /** Another operator takes over. */
  void replaceOperator() {
    operator.close();
    operator = OperatorUnderTest.in(namespace, clock);
  }

  /** Does this while no operator runs; another takes over then. */
  void whileDown(Runnable what) {
    operator.close();
    what.run();
    operator = OperatorUnderTest.in(namespace, clock);
  }

  /**
   * Applies the cluster.
   *
   * @param job more fields of the job, as a YAML flow: {@code , parallelism: 2}
   * @param more more fields of the spec, as YAML lines
   */
  void apply(String job, String more) {
    String yaml =
        """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata:
          name: a
        spec:
          flinkVersion: "2.3"
          image: flink:2.3
          job: {jarURI: "local:///opt/flink/examples/streaming/TopSpeedWindowing.jar"%s}
          storage: {baseURI: "s3://bucket/flink", checkpointInterval: 10s}
        %s
        """
            .formatted(job, more.indent(2).stripTrailing());
    namespace.kubectl().apply(yaml);
  }

  void apply(String more) {
    apply("", more);
  }

  void session(String more) {
    String yaml =
        """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata:
          name: a
        spec:
          flinkVersion: "2.3"
          image: flink:2.3
        %s
        """
            .formatted(more.indent(2).stripTrailing());
    namespace.kubectl().apply(yaml);
  }

  void scale(int replicas) {
    namespace.kubectl().ok("scale", "flc/" + NAME, "--replicas=" + replicas);
  }

  /** Merges this JSON, with single quotes for double ones. */
  void patch(String merge) {
    namespace.kubectl().ok("patch", "flc", NAME, "--type=merge", "-p", merge.replace('\'', '"'));
  }

  void annotate(String key, String value) {
    namespace.kubectl().ok("annotate", "flc", NAME, "flinkcluster.io/" + key + "=" + value);
  }

  FlinkCluster cluster() {
    return client()
        .resources(FlinkCluster.class)
        .inNamespace(namespace.name())
        .withName(NAME)
        .get();
  }

  FlinkClusterStatus status() {
    FlinkCluster cluster = cluster();
    return cluster == null ? null : cluster.getStatus();
  }

  /** Waits until the status of the present generation is so. */
  FlinkClusterStatus await(String what, Predicate<FlinkClusterStatus> wanted) {
    return Awaitility.await(what)
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(50))
        .until(
            this::cluster,
            c ->
                c != null
                    && c.getStatus() != null
                    && c.getMetadata().getGeneration().equals(c.getStatus().observedGeneration())
                    && wanted.test(c.getStatus()))
        .getStatus();
  }

  FlinkClusterStatus awaitReady() {
    return await("ready", s -> s.operation() == null && is(s, "Ready"));
  }

  FlinkClusterStatus awaitStage(OperationStage stage) {
    return await("stage " + stage, s -> s.operation() != null && s.operation().stage() == stage);
  }

  FlinkClusterStatus awaitStalled(String reason) {
    return await(
        "stalled: " + reason,
        s ->
            is(s, "Stalled")
                && Conditions.find(s, "Stalled").orElseThrow().reason().equals(reason));
  }

  /** The newest ended operation has this result. */
  OperationRecord awaitResult(OperationResult result) {
    return last(
        await("result " + result, s -> s.operations() != null && last(s).result() == result));
  }

  /** The newest ended operation has this result, and was begun for this. */
  OperationRecord awaitResult(OperationResult result, TriggerKind why) {
    return last(
        await(
            "result " + result + " of " + why,
            s -> last(s).result() == result && last(s).triggerKind() == why));
  }

  static boolean is(FlinkClusterStatus status, String type) {
    return Conditions.find(status, type).filter(c -> c.status().equals("True")).isPresent();
  }

  static boolean is(FlinkClusterStatus status, String type, String reason) {
    return Conditions.find(status, type).filter(c -> c.reason().equals(reason)).isPresent();
  }

  static String message(FlinkClusterStatus status, String type) {
    return Conditions.find(status, type).map(Condition::message).orElse("");
  }

  static OperationRecord last(FlinkClusterStatus status) {
    return status.operations().get(0);
  }

  /** Checkpoints come to an end, and the newest is the one in the status. */
  FlinkClusterStatus noMoreCheckpoints() {
    fake().checkpointing(false);
    return await(
        "the newest checkpoint is known",
        s -> {
          List<FakeCluster.Snapshot> all = fake().snapshots();
          return s.restorePoint() != null
              && s.restorePoint().path().equals(all.get(all.size() - 1).path());
        });
  }

  List<Pod> pods(Component component) {
    return client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel(Labels.COMPONENT, component.label())
        .list()
        .getItems();
  }

  /** Deletes pods of a component and waits until those pods are gone. */
  void lose(Component component) {
    List<Pod> lost = pods(component);
    assertThat(lost).isNotEmpty();
    lost.forEach(pod -> client().resource(pod).withGracePeriod(0).delete());
    Awaitility.await("the pods are gone")
        .atMost(LONG)
        .until(
            () ->
                pods(component).stream()
                    .map(p -> p.getMetadata().getUid())
                    .noneMatch(
                        uid -> lost.stream().anyMatch(p -> p.getMetadata().getUid().equals(uid))));
  }

  /** The node gives the pods up that have not ended yet. */
  void evict(Component component) {
    List<Pod> lost =
        pods(component).stream().filter(p -> !"Failed".equals(p.getStatus().getPhase())).toList();
    assertThat(lost).isNotEmpty();
    lost.forEach(kubelet::evict);
  }

  static Predicate<Pod> pod(Component component, long epoch) {
    return pod ->
        component.label().equals(pod.getMetadata().getLabels().get(Labels.COMPONENT))
            && Long.toString(epoch).equals(pod.getMetadata().getLabels().get(Labels.EPOCH));
  }

  /** The pods of a start find no room: a change stays in Preparing. */
  void holdBack(long epoch) {
    kubelet.problem(pod(Component.TASK_MANAGER, epoch), FakeKubelet.PodProblem.UNSCHEDULABLE);
  }

  Optional<String> finalSavepoint() {
    return Optional.ofNullable(
            client()
                .configMaps()
                .inNamespace(namespace.name())
                .withName(NAME + "-final-savepoint")
                .get())
        .map(c -> c.getData().get("path"));
  }

  void delete() {
    client().resources(FlinkCluster.class).inNamespace(namespace.name()).withName(NAME).delete();
  }

  void awaitGone() {
    Awaitility.await("the cluster is gone").atMost(LONG).until(() -> cluster() == null);
  }

  /** One job at a time, and each began from the newest state there was. */
  void assertStateNeverLost() {
    fake().assertOneWriter();
    fake().assertNeverOlderState();
  }

  @Override
  public void close() {
    operator.close();
    kubelet.close();
    flink.close();
    namespace.close();
  }

  /**
   * Makes what Flink 2.3 leaves of the first start: a ConfigMap without an owner, labelled with its
   * cluster id, which is returned.
   */
  String recoveryData() {
    String uid = namespace.kubectl().ok("get", "flc", "a", "-o", "jsonpath={.metadata.uid}");
    String id = new ClusterNames("any", "a").highAvailability(uid, 1);
    namespace.kubectl().ok("create", "configmap", id + "-cluster-config-map");
    namespace
        .kubectl()
        .ok(
            "label",
            "configmap",
            id + "-cluster-config-map",
            "app=" + id,
            "type=flink-native-kubernetes");
    return id;
  }
}
