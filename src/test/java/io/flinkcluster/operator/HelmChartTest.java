package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import io.flinkcluster.operator.api.FlinkVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelmChartTest {
  private static final Path CRD_COPY =
      RenderedChart.DIRECTORY.resolve(Path.of("files", "flinkclusters.flinkcluster.io-v1.yml"));

  /** Every value of the chart with another content than its default. */
  private static final String EVERYTHING =
      """
      nameOverride: flinkop
      fullnameOverride: my-operator
      commonLabels: {team: streams}
      replicas: 3
      image: {registry: registry.example.com/, repository: a/b, tag: "7", digest: "", pullPolicy: Always}
      imagePullSecrets: [{name: creds}]
      watchNamespaces: [tenant-a, tenant-b]
      defaultFlinkConfiguration: {env.java.opts.all: "-Dpod=$(POD_NAME)"}
      defaultFlinkConfigurationByVersion: {"2.3": {state.backend.type: forst}}
      operator: {reconcileThreads: 32, logLevel: DEBUG}
      nodes: {watch: true}
      leaderElection: {enabled: true}
      crds: {install: true, keep: false}
      serviceAccount: {create: true, name: op, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/op"}}
      rbac: {create: true, aggregateRoles: false}
      jobServiceAccounts:
        create: true
        namespaces: [tenant-a, tenant-b]
        name: jobs
        annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/jobs"}
        highAvailability: true
      resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}
      podSecurityContext: {runAsUser: 1000, fsGroup: 1000}
      securityContext: {runAsNonRoot: true}
      podLabels: {a: b}
      podAnnotations: {c: d}
      priorityClassName: high
      nodeSelector: {disk: ssd}
      tolerations: [{key: k, operator: Exists, effect: NoSchedule}]
      affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}
      topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
      extraEnv: [{name: X, value: "1"}]
      podDisruptionBudget: {enabled: false}
      networkPolicy: {enabled: true, ingressFrom: [{namespaceSelector: {matchLabels: {n: m}}}]}
      metrics:
        service: true
        serviceMonitor: {enabled: true, interval: 10s, labels: {release: prom}}
        prometheusRule: {enabled: true, labels: {release: prom}, runbookBaseURL: "https://example.com/alerts"}
        podMonitor: {enabled: true, interval: 20s, labels: {release: prom}}
        dashboard: {enabled: true, labels: {grafana_dashboard: "yes"}, annotations: {folder: flink}}
      """;

  /** Values that switch whole objects on and off; every combination is rendered. */
  private static final List<List<String>> SWITCHES =
      List.of(
          List.of("watchNamespaces: []", "watchNamespaces: [a, b]"),
          List.of(
              "jobServiceAccounts: {namespaces: []}",
              "jobServiceAccounts: {namespaces: [a], highAvailability: true}"),
          List.of("rbac: {aggregateRoles: true}", "rbac: {aggregateRoles: false}"),
          List.of("nodes: {watch: false}", "nodes: {watch: true}"),
          List.of("leaderElection: {enabled: true}", "leaderElection: {enabled: false}"),
          List.of(
              "crds: {install: true}",
              "crds: {install: true, keep: false}",
              "crds: {install: false}"),
          List.of(
              "metrics: {}",
              "metrics: {serviceMonitor: {enabled: true}, podMonitor: {enabled: true}, dashboard: {enabled: true}, prometheusRule: {enabled: true}}"));

  @Test
  void helmFindsNothingToComplainAbout() {
    var result = new Helm(RenderedChart.DIRECTORY).lint().strict().call();
    // an icon is all that lint may miss
    assertThat(result.getMessages())
        .as("%s", result.getMessages())
        .noneMatch(m -> m.contains("[ERROR]") || m.contains("[WARNING]"));
    assertThat(result.isFailed()).isFalse();
  }

  @Test
  void theDefaultsMakeOneOperatorForAllNamespaces() {
    assertThat(RenderedChart.with("").ids())
        .containsExactlyInAnyOrder(
            "CustomResourceDefinition -/flinkclusters.flinkcluster.io",
            "ServiceAccount operators/flink-flinkcluster-operator",
            "ClusterRole -/flink-flinkcluster-operator",
            "ClusterRole -/flink-flinkcluster-operator-edit",
            "ClusterRole -/flink-flinkcluster-operator-view",
            "ClusterRoleBinding -/flink-flinkcluster-operator",
            "Role operators/flink-flinkcluster-operator-leader-election",
            "RoleBinding operators/flink-flinkcluster-operator-leader-election",
            "Deployment operators/flink-flinkcluster-operator",
            "Service operators/flink-flinkcluster-operator-metrics",
            "PodDisruptionBudget operators/flink-flinkcluster-operator",
            "NetworkPolicy operators/flink-flinkcluster-operator");
  }

  @Test
  void twoRendersAreTheSame() {
    assertThat(RenderedChart.with(EVERYTHING).text())
        .isEqualTo(RenderedChart.with(EVERYTHING).text());
  }

  @Test
  void theDefinitionInTheChartIsTheGeneratedOne() throws IOException {
    assertThat(Files.readString(CRD_COPY))
        .as("refresh with: cp %s %s", CrdGenerator.FILE, CRD_COPY)
        .isEqualTo(Files.readString(CrdGenerator.FILE));
  }

  @Test
  void theDefinitionIsRenderedAsItWasGeneratedAndKeptOnUninstall() throws IOException {
    JsonNode rendered = RenderedChart.with("").the("CustomResourceDefinition");
    assertThat(rendered.path("spec"))
        .isEqualTo(new YAMLMapper().readTree(Files.readString(CrdGenerator.FILE)).path("spec"));
    assertThat(rendered.at("/metadata/name").asText()).isEqualTo("flinkclusters.flinkcluster.io");
    assertThat(rendered.at("/metadata/annotations/helm.sh~1resource-policy").asText())
        .isEqualTo("keep");
    assertThat(
            RenderedChart.with("crds: {keep: false}")
                .the("CustomResourceDefinition")
                .at("/metadata/annotations")
                .isMissingNode())
        .isTrue();
    assertThat(RenderedChart.with("crds: {install: false}").all("CustomResourceDefinition"))
        .isEmpty();
  }

  @Test
  void thePodIsHardened() {
    var chart = RenderedChart.with("");
    JsonNode pod = chart.the("Deployment").at("/spec/template/spec");
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(65532);
    assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    JsonNode own = chart.container().path("securityContext");
    assertThat(own.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(own.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(chart.container().at("/volumeMounts/0/mountPath").asText()).isEqualTo("/tmp");
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(chart.container().has(probe)).as(probe).isTrue();
    }
    assertThat(chart.container().at("/resources/limits/memory").isMissingNode()).isFalse();
  }

  @Test
  void theOperatorUnderstandsTheEnvironmentThatTheChartGivesIt() {
    var chart = RenderedChart.with(EVERYTHING);
    var environment = new HashMap<String, String>();
    chart
        .container()
        .path("env")
        .forEach(e -> environment.put(e.path("name").asText(), e.path("value").asText("from-pod")));
    var settings = OperatorSettings.from(environment);
    assertThat(settings.watchNamespaces()).containsExactlyInAnyOrder("tenant-a", "tenant-b");
    assertThat(settings.leaderElection()).isTrue();
    assertThat(settings.leaseName()).isEqualTo("my-operator");
    assertThat(settings.image()).isEqualTo(chart.container().path("image").asText());
    assertThat(settings.reconcileThreads()).isEqualTo(32);
    assertThat(settings.httpPort())
        .isEqualTo(chart.container().at("/ports/0/containerPort").asInt());
    JsonNode podLabels = chart.the("Deployment").at("/spec/template/metadata/labels");
    settings
        .operatorLabels()
        .forEach((key, value) -> assertThat(podLabels.path(key).asText()).isEqualTo(value));
    assertThat(settings.operatorLabels()).isNotEmpty();
    // What the kubelet makes of $$ in a value.
    assertThat(chart.env("DEFAULT_FLINK_CONFIGURATION").replace("$$(", "$("))
        .isEqualTo("{\"env.java.opts.all\":\"-Dpod=$(POD_NAME)\"}");
    assertThat(settings.defaults().byVersion())
        .isEqualTo(Map.of(FlinkVersion.V2_3, Map.of("state.backend.type", "forst")));
  }

  @Test
  void withNamespacesTheOperatorHasNoClusterWideRight() {
    var chart = RenderedChart.with("watchNamespaces: [tenant-a, tenant-b]");
    assertThat(chart.all("ClusterRole")).isEmpty();
    assertThat(chart.all("ClusterRoleBinding")).isEmpty();
    assertThat(chart.ids())
        .contains(
            "Role tenant-a/flink-flinkcluster-operator",
            "RoleBinding tenant-a/flink-flinkcluster-operator",
            "Role tenant-b/flink-flinkcluster-operator",
            "RoleBinding tenant-b/flink-flinkcluster-operator");
    assertThat(chart.env("WATCH_NAMESPACES")).isEqualTo("tenant-a,tenant-b");
  }

  @Test
  void nodesAreWatchedOnlyWhereThatIsAskedForAndWithNamespacesToo() {
    assertThat(RenderedChart.with("").env("WATCH_NODES")).isEmpty();
    var chart = RenderedChart.with("watchNamespaces: [tenant-a]\nnodes: {watch: true}");
    assertThat(chart.env("WATCH_NODES")).isEqualTo("true");
    assertThat(chart.ids())
        .contains(
            "ClusterRole -/flink-flinkcluster-operator-nodes",
            "ClusterRoleBinding -/flink-flinkcluster-operator-nodes");
    assertThat(chart.all("ClusterRole").flatMap(r -> rights(r.path("rules").get(0)).stream()))
        .containsExactly("/nodes list,watch");
  }

  @Test
  void theOperatorHasTheseRightsAndNoOthers() {
    var chart = RenderedChart.with("");
    var rights = new TreeSet<String>();
    chart
        .all("ClusterRole")
        .filter(r -> r.at("/metadata/name").asText().equals("flink-flinkcluster-operator"))
        .forEach(role -> role.path("rules").forEach(rule -> rights.addAll(rights(rule))));
    String children = " create,delete,get,list,patch,watch";
    assertThat(rights)
        .containsExactlyInAnyOrder(
            "flinkcluster.io/flinkclusters get,list,patch,watch",
            "flinkcluster.io/flinkclusters/status patch",
            "apps/deployments" + children,
            "apps/replicasets list",
            "/configmaps" + children,
            "/services" + children,
            "networking.k8s.io/ingresses" + children,
            "networking.k8s.io/networkpolicies" + children,
            "policy/poddisruptionbudgets" + children,
            "/pods create,delete,get,list,patch,watch",
            "/events create,list");
  }

  @Test
  void noCombinationOfValuesGrantsADangerousRight() {
    for (String values : combinations()) {
      for (JsonNode rule : RenderedChart.with(values).rules()) {
        var words = new TreeSet<String>();
        rule.properties().forEach(f -> f.getValue().forEach(v -> words.add(v.asText())));
        assertThat(words)
            .as(values)
            .doesNotContain(
                "*",
                "secrets",
                "deletecollection",
                "escalate",
                "bind",
                "impersonate",
                "pods/exec",
                "serviceaccounts",
                "roles");
        if (words.contains("nodes")) { // to be read, where that is asked for, and no more
          assertThat(words).as(values).containsExactly("", "list", "nodes", "watch");
          assertThat(values).contains("nodes: {watch: true}");
        }
      }
    }
  }

  @Test
  void noRoleOfUsersMayWriteTheStatus() {
    RenderedChart.with("")
        .all("ClusterRole")
        .filter(r -> r.at("/metadata/name").asText().matches(".*-(edit|view)"))
        .forEach(
            role -> {
              assertThat(role.path("rules").toString()).doesNotContain("status");
              assertThat(role.at("/metadata/labels").toString()).contains("aggregate-to-admin");
            });
  }

  @Test
  void everyCombinationOfSwitchesGivesObjectsWithNameAndLabels() {
    for (String values : combinations()) {
      for (JsonNode object : RenderedChart.with(values).objects()) {
        assertThat(object.at("/metadata/name").asText()).as(values).isNotEmpty();
        assertThat(object.at("/metadata/labels/app.kubernetes.io~1managed-by").asText())
            .as(values + " " + object.path("kind"))
            .isEqualTo("Helm");
      }
    }
  }

  @Test
  void everyValueShowsInTheObjects() {
    var all = RenderedChart.with(EVERYTHING);
    assertThat(all.text())
        .contains(
            "registry.example.com/a/b:7",
            "imagePullPolicy: Always",
            "name: creds",
            "team: streams",
            "serviceAccountName: op",
            "role/op",
            "role/jobs",
            "name: jobs",
            "automountServiceAccountToken: true",
            "cpu: 1",
            "fsGroup: 1000",
            "a: b",
            "c: d",
            "priorityClassName: high",
            "disk: ssd",
            "operator: Exists",
            "nodeAffinity:",
            "topologyKey: zone",
            "name: X",
            "n: m",
            "interval: 10s",
            "interval: 20s",
            "folder: flink",
            "https://example.com/alerts#flinkclusterstalled",
            "release: prom",
            "value: DEBUG")
        .doesNotContain("resource-policy");
    assertThat(all.the("Deployment").at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(all.all("PodDisruptionBudget")).isEmpty();
    assertThat(all.all("PrometheusRule")).hasSize(1);
  }

  @Test
  void theTestOfEveryValueLeavesNoneOut() throws IOException {
    var yaml = new YAMLMapper();
    JsonNode defaults =
        yaml.readTree(Files.readString(RenderedChart.DIRECTORY.resolve("values.yaml")));
    assertThat(missing("", defaults, yaml.readTree(EVERYTHING)))
        .containsExactlyInAnyOrder(
            // hardening that EVERYTHING leaves as it is
            "podSecurityContext.runAsNonRoot",
            "podSecurityContext.runAsGroup",
            "podSecurityContext.seccompProfile",
            "securityContext.allowPrivilegeEscalation",
            "securityContext.readOnlyRootFilesystem",
            "securityContext.capabilities");
  }

  @Test
  void aDigestWinsOverATag() {
    String digest = "sha256:" + "a".repeat(64);
    assertThat(
            RenderedChart.with("image: {tag: x, digest: \"" + digest + "\"}")
                .container()
                .path("image")
                .asText())
        .isEqualTo("flinkcluster-operator@" + digest);
  }

  @Test
  void theVersionOfTheChartIsThatOfTheProject() throws IOException {
    JsonNode chart =
        new YAMLMapper().readTree(Files.readString(RenderedChart.DIRECTORY.resolve("Chart.yaml")));
    String pom = Files.readString(Path.of("pom.xml"));
    String version = chart.path("appVersion").asText();
    assertThat(pom)
        .contains("<artifactId>flinkcluster-operator</artifactId>\n  <version>" + version);
    assertThat(RenderedChart.with("").container().path("image").asText())
        .isEqualTo("flinkcluster-operator:" + version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "watchNamespace: [a]",
        "image: {repositroy: x}",
        "image: {digest: latest}",
        "watchNamespaces: a",
        "watchNamespaces: [Not_A_Name]",
        "replicas: -1",
        "replicas: two",
        "operator: {logLevel: LOUD}",
        "operator: {reconcileThreads: 0}",
        "leaderElection: {enabled: \"yes\"}",
        "metrics: {serviceMonitor: {interval: often}}",
        "resources: {limits: {gpu: 1}}",
        "jobServiceAccounts: {name: \"\"}",
        "extraEnv: [{value: x}]",
        "fullnameOverride: a.b",
        "fullnameOverride: 1op",
        "nameOverride: 1op",
        "commonLabels: {app.kubernetes.io/name: x}",
        "commonLabels: {app.kubernetes.io/instance: x}",
        "commonLabels: {team: a b}",
        "podLabels: {team: a b}",
        "rbac: {aggregateRoles: maybe}",
        "metrics: {prometheusRule: {runbookBaseURL: a b}}"
      })
  void aWrongValueIsRefusedByName(String values) {
    String name = values.replaceAll("\\W.*", "");
    assertThatThrownBy(() -> RenderedChart.with(values)).hasMessageContaining(name);
  }

  @Test
  void twoReplicasWithoutLeaderElectionAreRefusedWithTheReason() {
    assertThatThrownBy(() -> RenderedChart.with("replicas: 2\nleaderElection: {enabled: false}"))
        .hasMessageContaining("more than one replica needs leaderElection.enabled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1op", "a.b"})
  void aReleaseWhoseNameIsNoneOfAServiceIsRefusedWithAWayOut(String release) {
    assertThatThrownBy(() -> RenderedChart.of(release, "operators", ""))
        .hasMessageContaining(release)
        .hasMessageContaining("fullnameOverride");
    assertThat(RenderedChart.of(release, "operators", "fullnameOverride: op").ids())
        .contains("Service operators/op-metrics");
  }

  /** A null takes a default away: what is left is whole, or it is refused by name. */
  @Test
  void everyValueMayBeNull() throws IOException {
    JsonNode defaults =
        new YAMLMapper().readTree(Files.readString(RenderedChart.DIRECTORY.resolve("values.yaml")));
    var odd = new TreeSet<String>();
    for (String path : paths("", defaults)) {
      String values = path.replaceAll("\\.", ": {") + ": null" + "}".repeat(dots(path));
      try {
        for (JsonNode object : RenderedChart.with(values).objects()) {
          if (object.toString().contains(":null")) {
            odd.add(path + " leaves a null");
          }
        }
      } catch (RuntimeException e) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        if (!e.getMessage().contains(name)) {
          odd.add(path + ": " + e.getMessage());
        }
      }
    }
    assertThat(odd).isEmpty();
  }

  private static List<String> paths(String prefix, JsonNode values) {
    var paths = new ArrayList<String>();
    values
        .properties()
        .forEach(
            field -> {
              paths.add(prefix + field.getKey());
              if (field.getValue().isObject() && !field.getKey().contains("ecurityContext")) {
                paths.addAll(paths(prefix + field.getKey() + ".", field.getValue()));
              }
            });
    return paths;
  }

  private static int dots(String path) {
    return (int) path.chars().filter(c -> c == '.').count();
  }

  /**
   * Else each would wait for a finalizer that nobody removes any more, and the definition for them.
   */
  @Test
  void whereTheDefinitionGoesWithTheReleaseTheClustersGoFirst() {
    for (String where : List.of("", "watchNamespaces: [a, b]\n")) {
      var chart = RenderedChart.withHooks(where + "crds: {keep: false}");
      JsonNode job = chart.the("Job");
      assertThat(job.at("/metadata/annotations/hook").asText()).isEqualTo("pre-delete");
      JsonNode container = job.at("/spec/template/spec/containers/0");
      assertThat(container.path("image")).isEqualTo(chart.container().path("image"));
      assertThat(container.path("command").toString()).contains(UninstallMain.class.getName());
      assertThat(container.at("/env/0/value").asText()).isEqualTo(where.isEmpty() ? "" : "a,b");
      assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(
              chart.ids().stream().filter(id -> id.endsWith("-uninstall") && id.contains("Role")))
          .hasSize(where.isEmpty() ? 2 : 4)
          .allMatch(id -> where.isEmpty() == id.startsWith("Cluster"));
    }
    assertThat(RenderedChart.withHooks("").all("Job")).isEmpty();
    assertThat(RenderedChart.withHooks("crds: {install: false, keep: false}").all("Job")).isEmpty();
  }

  @Test
  void severalReplicasAreSpreadUnlessToldOtherwise() {
    String spread = "/spec/template/spec/topologySpreadConstraints";
    assertThat(RenderedChart.with("").the("Deployment").at(spread).isMissingNode()).isTrue();
    JsonNode two = RenderedChart.with("replicas: 2").the("Deployment").at(spread);
    assertThat(two.findValuesAsText("topologyKey"))
        .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
    assertThat(two.at("/0/labelSelector/matchLabels").size()).isEqualTo(2);
    assertThat(
            RenderedChart.with(EVERYTHING)
                .the("Deployment")
                .at(spread)
                .findValuesAsText("topologyKey"))
        .containsExactly("zone");
  }

  @Test
  void usersGetTheirRolesWithNamespacesOnlyWhereThatIsAskedFor() {
    assertThat(RenderedChart.with("watchNamespaces: [a]").all("ClusterRole")).isEmpty();
    assertThat(
            RenderedChart.with("watchNamespaces: [a]\nrbac: {aggregateRoles: true}")
                .all("ClusterRole"))
        .hasSize(2)
        .allSatisfy(
            role -> assertThat(role.at("/metadata/labels").toString()).contains("aggregate-to"));
    assertThat(RenderedChart.with("rbac: {aggregateRoles: false}").all("ClusterRole")).hasSize(1);
  }

  @Test
  void aMonitorWithoutServiceIsRefusedWithTheReason() {
    assertThatThrownBy(
            () -> RenderedChart.with("metrics: {service: false, serviceMonitor: {enabled: true}}"))
        .hasMessageContaining("needs metrics.service");
  }

  @Test
  void anAccountThatIsNeitherMadeNorNamedIsRefusedWithTheReason() {
    assertThatThrownBy(() -> RenderedChart.with("serviceAccount: {create: false}"))
        .hasMessageContaining("serviceAccount.name must be given");
  }

  @Test
  void theSchemaIsClosedEverywhereButForFreeMaps() throws IOException {
    JsonNode schema =
        new ObjectMapper()
            .readTree(Files.readString(RenderedChart.DIRECTORY.resolve("values.schema.json")));
    for (JsonNode object : schema.findParents("properties")) {
      assertThat(object.path("additionalProperties").asBoolean(true))
          .as(object.path("properties").toString())
          .isFalse();
    }
    JsonNode defaults =
        new YAMLMapper().readTree(Files.readString(RenderedChart.DIRECTORY.resolve("values.yaml")));
    assertThat(names(schema.path("properties"))).containsAll(names(defaults));
  }

  private static List<String> combinations() {
    List<String> combinations = List.of("");
    for (List<String> choices : SWITCHES) {
      var longer = new ArrayList<String>();
      for (String combination : combinations) {
        choices.forEach(choice -> longer.add(combination + choice + "\n"));
      }
      combinations = longer;
    }
    return combinations;
  }

  private static List<String> rights(JsonNode rule) {
    var verbs = new TreeSet<String>();
    rule.path("verbs").forEach(v -> verbs.add(v.asText()));
    String group = rule.at("/apiGroups/0").asText();
    return StreamSupport.stream(rule.path("resources").spliterator(), false)
        .map(resource -> group + "/" + resource.asText() + " " + String.join(",", verbs))
        .toList();
  }

  private static Set<String> missing(String path, JsonNode defaults, JsonNode given) {
    var missing = new TreeSet<String>();
    defaults
        .properties()
        .forEach(
            (Map.Entry<String, JsonNode> field) -> {
              JsonNode other = given.path(field.getKey());
              if (other.isMissingNode()) {
                missing.add(path + field.getKey());
              } else if (field.getValue().isObject()) {
                missing.addAll(missing(path + field.getKey() + ".", field.getValue(), other));
              }
            });
    return missing;
  }

  private static Set<String> names(JsonNode object) {
    var names = new TreeSet<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
