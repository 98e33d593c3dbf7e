package io.flinkcluster.operator.reconcile;

import static io.flinkcluster.operator.reconcile.ClusterFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.apply.ManagedKinds;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.Kubectl;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Labels and annotations of what is made for a cluster. Each test takes about ten seconds. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class ChildMetadataIT {
  private static final String POLICY =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: NAME}
      spec:
        failurePolicy: Fail
        matchConstraints:
          resourceRules:
            - apiGroups: ["*"]
              apiVersions: ["*"]
              resources: ["*"]
              operations: [CREATE, UPDATE]
              # Else also the IPAddresses that the API server itself makes for Services.
              scope: Namespaced
          excludeResourceRules: # a scheduler binds pods by an object without labels
            - {apiGroups: [""], apiVersions: [v1], resources: [bindings], operations: [CREATE]}
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}}
        validations:
          - expression: "has(object.metadata.labels) && 'team' in object.metadata.labels"
            message: everything here needs the label team
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: NAME}
      spec: {policyName: NAME, validationActions: [Deny]}
      """;

  private final ClusterFixture fixture;
  private final Kubectl kubectl;

  ChildMetadataIT(ApiServer server) {
    fixture = ClusterFixture.in(server, "metadata");
    kubectl = fixture.namespace.kubectl();
  }

  @AfterEach
  void leave() {
    kubectl.run("delete", "validatingadmissionpolicybinding", fixture.namespace.name());
    kubectl.run("delete", "validatingadmissionpolicy", fixture.namespace.name());
    fixture.close();
  }

  @Test
  void podsKeepTheirNodesWhileAChangeIsMadeAndOnlyThen() {
    String mine = "cluster-autoscaler.kubernetes.io/safe-to-evict";
    fixture.apply(
        "taskManager: {podTemplate: {metadata: {annotations: {" + mine + ": \"true\"}}}}");
    fixture.awaitReady();
    Map<String, String> rest = Map.of(mine, "true");
    assertThat(nodes(Component.JOB_MANAGER)).isEmpty();
    assertThat(nodes(Component.TASK_MANAGER)).isEqualTo(rest);

    fixture.holdBack(2);
    fixture.scale(2);
    var kept = Map.of(mine, "false", "karpenter.sh/do-not-disrupt", "true");
    await("the JobManager").atMost(LONG).until(() -> nodes(Component.JOB_MANAGER).equals(kept));
    await("the TaskManager")
        .atMost(LONG)
        .until(
            () ->
                nodes(Component.TASK_MANAGER)
                    .equals(Map.of(mine, "true", "karpenter.sh/do-not-disrupt", "true")));

    fixture.scale(1);
    await("the JobManager").atMost(LONG).until(() -> nodes(Component.JOB_MANAGER).isEmpty());
    await("the TaskManager").atMost(LONG).until(() -> nodes(Component.TASK_MANAGER).equals(rest));
    assertThat(fixture.awaitReady().launch().epoch()).isEqualTo(1);
  }

  /** The annotations of the pod of the first start that are about its node. */
  private Map<String, String> nodes(Component component) {
    Map<String, String> all =
        fixture.pods(component).stream()
            .filter(ClusterFixture.pod(component, 1))
            .map(pod -> pod.getMetadata().getAnnotations())
            .findFirst()
            .orElse(Map.of());
    return all.entrySet().stream()
        .filter(e -> e.getKey().matches("karpenter.*|.*/safe-to-evict"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Test
  void aClusterLivesWhereEverythingNeedsALabelAndAChangeOfItRestartsNothing() {
    demandTheLabel();
    kubectl.apply(
        """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata: {name: a, labels: {team: streams}}
        spec:
          flinkVersion: "2.3"
          image: flink:2.3
          job: {jarURI: "local:///opt/flink/examples/streaming/TopSpeedWindowing.jar"}
          storage: {baseURI: "s3://bucket/flink", checkpointInterval: 10s}
          childMetadata: {labels: {team: streams}}
        """);
    fixture.awaitReady();
    fixture.scale(2);
    fixture.await("rescaled", s -> s.operation() == null && s.job().parallelism() == 2);
    fixture.awaitReady();

    Set<String> pods = uids();
    fixture.patch("{'spec':{'childMetadata':{'labels':{'cost':'42'},'annotations':{'b':'c'}}}}");
    await("everything has the new label")
        .atMost(ClusterFixture.LONG)
        .until(
            () -> children().allMatch(o -> "42".equals(o.getMetadata().getLabels().get("cost"))));
    assertThat(children().map(o -> o.getMetadata().getAnnotations().get("b"))).containsOnly("c");
    fixture.patch("{'spec':{'childMetadata':{'labels':{'cost':null},'annotations':null}}}");
    await("nothing has it any more")
        .atMost(ClusterFixture.LONG)
        .until(
            () ->
                children()
                    .noneMatch(
                        o ->
                            o.getMetadata().getLabels().containsKey("cost")
                                || o.getMetadata().getAnnotations().containsKey("b")));
    assertThat(uids()).isEqualTo(pods);
    fixture.awaitReady();

    fixture.delete();
    fixture.awaitGone();
    assertThat(fixture.finalSavepoint()).isPresent();
    fixture.assertStateNeverLost();
  }

  @Test
  void whatAnEarlierVersionLabelledForArgoCdIsRelabelledAndNothingRestarts() {
    fixture.apply("childMetadata: {labels: {team: streams}}");
    fixture.awaitReady();
    Set<String> pods = uids();
    fixture.stopOperator();
    makeEarlier();
    assertThat(tracked()).isNotEmpty();

    fixture.replaceOperator();
    await("no object without an owner is tracked")
        .atMost(ClusterFixture.LONG)
        .until(() -> tracked().isEmpty());
    fixture.patch("{'spec':{'childMetadata':{'labels':{'team':null,'cost':'42'}}}}");
    await("objects of an earlier version get labels and lose them")
        .atMost(ClusterFixture.LONG)
        .until(
            () ->
                children()
                    .map(o -> o.getMetadata().getLabels())
                    .allMatch(l -> "42".equals(l.get("cost")) && !l.containsKey("team")));
    fixture.awaitReady();
    assertThat(uids()).isEqualTo(pods);
    assertThat(
            fixture
                .client()
                .apps()
                .deployments()
                .inNamespace(fixture.namespace.name())
                .list()
                .getItems())
        .allSatisfy(
            d ->
                assertThat(d.getMetadata().getAnnotations())
                    .as("no pod was made anew")
                    .containsEntry("deployment.kubernetes.io/revision", "1"));
    fixture.scale(2);
    fixture.await("rescaled", s -> s.operation() == null && s.job().parallelism() == 2);
    String others = "type=Warning,involvedObject.kind!=FlinkCluster";
    assertThat(kubectl.ok("get", "events", "-o", "name", "--field-selector", others))
        .as("no budget looks for controllers that are gone")
        .isEmpty();
    fixture.assertStateNeverLost();
  }

  /**
   * As the version before wrote them: with the label, another hash, and no hash of the template.
   */
  private void makeEarlier() {
    fixture.namespace.kubectl().ok("create", "configmap", "b-final-savepoint");
    kubectl.ok("label", "cm/b-final-savepoint", Labels.MANAGED_BY + "=" + Labels.OPERATOR);
    kubectl.ok("label", "cm/b-final-savepoint", Labels.CLUSTER + "=b");
    String kinds = "deployments,services,configmaps,networkpolicies,poddisruptionbudgets";
    String ours = Labels.MANAGED_BY + "=" + Labels.OPERATOR;
    String manager = "--field-manager=" + Labels.OPERATOR;
    kubectl.ok("label", kinds, "-l", ours, Labels.INSTANCE + "=a", manager);
    kubectl.ok("annotate", kinds, "-l", ours, "--overwrite", Labels.RENDERED + "=earlier", manager);
    kubectl.ok("annotate", "deployments", "-l", ours, Labels.TEMPLATE + "-", manager);
  }

  private List<String> tracked() {
    return Stream.concat(children(), memories())
        .filter(o -> o.getMetadata().getOwnerReferences().isEmpty())
        .filter(o -> o.getMetadata().getLabels().containsKey(Labels.INSTANCE))
        .map(o -> o.getKind() + " " + o.getMetadata().getName())
        .toList();
  }

  private void demandTheLabel() {
    kubectl.apply(POLICY.replace("NAME", fixture.namespace.name()));
    await("the policy is in force")
        .atMost(ClusterFixture.LONG)
        .until(() -> kubectl.run("create", "configmap", "probe", "--dry-run=server").code() != 0);
  }

  private Stream<? extends HasMetadata> children() {
    return ManagedKinds.KINDS.stream()
        .flatMap(
            kind ->
                fixture
                    .client()
                    .resources(kind)
                    .inNamespace(fixture.namespace.name())
                    .withLabels(Map.of(Labels.CLUSTER, ClusterFixture.NAME))
                    .list()
                    .getItems()
                    .stream());
  }

  private Stream<? extends HasMetadata> memories() {
    return fixture
        .client()
        .configMaps()
        .inNamespace(fixture.namespace.name())
        .withLabel(Labels.CLUSTER, "b")
        .list()
        .getItems()
        .stream();
  }

  private Set<String> uids() {
    return fixture.client().pods().inNamespace(fixture.namespace.name()).list().getItems().stream()
        .map(Pod::getMetadata)
        .map(m -> m.getUid())
        .collect(Collectors.toSet());
  }
}
