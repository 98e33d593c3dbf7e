package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.model.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks for what is not as it should be. */
@Command(
    name = "doctor",
    description = {
      "Look for what is wrong: operator, state, storage, identity, network, versions, pods; each"
          + " finding with its remedy.",
      "Nothing is changed. What you may not read is left out. Exit code 1: there is an error."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final String DEFINITION = "flinkclusters." + FlinkCluster.GROUP;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The FlinkCluster; unset: all of the namespace.")
  private String name;

  @Override
  public Integer call() {
    try (Clusters clusters = connection.connect()) {
      List<Finding> findings = new ArrayList<>(operator(clusters));
      List<FlinkCluster> examined = examined(clusters, findings);
      examined.forEach(c -> findings.addAll(ClusterDiagnosis.of(facts(clusters, c))));
      output.print(spec.commandLine().getOut(), findings, () -> text(findings, examined.size()));
      boolean error = findings.stream().anyMatch(f -> f.level() == Finding.Level.ERROR);
      return error ? ExitCode.FAILED : ExitCode.OK;
    }
  }

  /** Without a resource definition there is nothing that could be listed. */
  private List<FlinkCluster> examined(Clusters clusters, List<Finding> findings) {
    if (name != null) {
      return List.of(clusters.get(name));
    }
    boolean none = findings.stream().anyMatch(f -> f.about().endsWith(DEFINITION));
    return none ? List.of() : clusters.list();
  }

  private static List<Finding> operator(Clusters clusters) {
    Answer<Boolean> definition =
        Answer.ask(
            () ->
                clusters
                        .client()
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(DEFINITION)
                        .get()
                    != null);
    return OperatorDiagnosis.of(definition, clusters.operators(), VersionText.version());
  }

  private static ClusterFacts facts(Clusters clusters, FlinkCluster cluster) {
    KubernetesClient client = clusters.client();
    String namespace = cluster.getMetadata().getNamespace();
    FlinkClusterSpec spec = cluster.getSpec();
    String account = Optional.ofNullable(spec.serviceAccountName()).orElse("flink");
    var pods =
        Answer.ask(
            () ->
                client
                    .pods()
                    .inNamespace(namespace)
                    .withLabel(Labels.CLUSTER, cluster.getMetadata().getName())
                    .list()
                    .getItems());
    return new ClusterFacts(
        cluster,
        Answer.ask(() -> client.serviceAccounts().inNamespace(namespace).withName(account).get()),
        sizers(client, cluster),
        missing(client, namespace, spec),
        pods.allowed() ? pods.value() : List.of(),
        Instant.now());
  }

  /** KEDA makes one as well. */
  private static List<String> sizers(KubernetesClient client, FlinkCluster cluster) {
    var all =
        Answer.ask(
            () ->
                client
                    .autoscaling()
                    .v2()
                    .horizontalPodAutoscalers()
                    .inNamespace(cluster.getMetadata().getNamespace())
                    .list()
                    .getItems());
    return all.allowed() ? sizers(all.value(), cluster.getMetadata().getName()) : List.of();
  }

  /** Names of those that set the size of the FlinkCluster of this name. */
  static List<String> sizers(List<HorizontalPodAutoscaler> all, String cluster) {
    return all.stream()
        .filter(
            hpa -> {
              var target = hpa.getSpec().getScaleTargetRef();
              return "FlinkCluster".equals(target.getKind())
                  && target.getApiVersion() != null
                  && target.getApiVersion().startsWith(FlinkCluster.GROUP + "/")
                  && cluster.equals(target.getName());
            })
        .map(hpa -> hpa.getMetadata().getName())
        .sorted()
        .toList();
  }

  private static List<String> missing(
      KubernetesClient client, String namespace, FlinkClusterSpec spec) {
    var missing = new ArrayList<String>();
    if (spec.hadoopConf() != null) {
      String configMap = spec.hadoopConf().configMapName();
      if (Answer.ask(() -> client.configMaps().inNamespace(namespace).withName(configMap).get())
          .missing()) {
        missing.add("ConfigMap " + configMap + " of hadoopConf");
      }
    }
    return missing;
  }

  /** The worst first. */
  static String text(List<Finding> findings, int clusters) {
    var lines = new ArrayList<String>();
    for (Finding.Level level : Finding.Level.values()) {
      for (Finding f : findings) {
        if (f.level() == level) {
          lines.add(f.level() + " " + f.area() + ", " + f.about() + ": " + f.what());
          lines.add("  → " + f.remedy());
        }
      }
    }
    long errors = findings.stream().filter(f -> f.level() == Finding.Level.ERROR).count();
    long warnings = findings.stream().filter(f -> f.level() == Finding.Level.WARNING).count();
    lines.add(
        Text.count(clusters, "cluster")
            + " looked at: "
            + Text.count(errors, "error")
            + ", "
            + Text.count(warnings, "warning"));
    return String.join("\n", lines);
  }
}
