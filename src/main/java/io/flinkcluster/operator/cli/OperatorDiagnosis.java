package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the operator itself is there and well. */
final class OperatorDiagnosis {
  private static final String AREA = "operator";
  private static final String VERSION = "app.kubernetes.io/version";

  private OperatorDiagnosis() {}

  /**
   * Judges.
   *
   * @param definition whether the resource definition exists
   * @param deployments those with the chart's label, of all namespaces
   * @param plugin version of this plugin
   */
  static List<Finding> of(
      Answer<Boolean> definition, Answer<List<Deployment>> deployments, String plugin) {
    var findings = new ArrayList<Finding>();
    if (definition.allowed() && !definition.value()) {
      findings.add(
          finding(
              Finding.Level.ERROR,
              "customresourcedefinition/flinkclusters.flinkcluster.io",
              "the resource definition is not installed",
              "install the chart, or apply install.yaml"));
    }
    if (!deployments.allowed()) {
      findings.add(
          finding(
              Finding.Level.INFO,
              "deployments",
              "you may not list Deployments of all namespaces: nothing is known of the operator",
              "ask who runs the operator, or run doctor with more rights"));
      return findings;
    }
    if (deployments.value().isEmpty()) {
      findings.add(
          finding(
              Finding.Level.ERROR,
              "deployments",
              "no operator was found (label app.kubernetes.io/name=flinkcluster-operator)",
              "install the chart, or look for one under another label"));
    }
    deployments.value().forEach(d -> judge(d, plugin, findings));
    return findings;
  }

  private static void judge(Deployment deployment, String plugin, List<Finding> findings) {
    var meta = deployment.getMetadata();
    String name = "deployment/" + meta.getNamespace() + "/" + meta.getName();
    Integer wanted = deployment.getSpec().getReplicas();
    Integer ready =
        deployment.getStatus() == null ? null : deployment.getStatus().getReadyReplicas();
    if (wanted != null && wanted == 0) {
      findings.add(
          finding(
              Finding.Level.ERROR,
              name,
              "the operator is scaled to 0: nothing is carried out",
              "kubectl -n "
                  + meta.getNamespace()
                  + " scale deployment "
                  + meta.getName()
                  + " --replicas=1"));
    } else if (ready == null || ready == 0) {
      findings.add(
          finding(
              Finding.Level.ERROR,
              name,
              "no pod of the operator is ready",
              "kubectl -n "
                  + meta.getNamespace()
                  + " describe deployment "
                  + meta.getName()
                  + ", then the log of its pods"));
    }
    Map<String, String> labels = meta.getLabels() == null ? Map.of() : meta.getLabels();
    String version = labels.get(VERSION);
    if (version != null && !plugin.equals("unreleased") && !version.equals(plugin)) {
      findings.add(
          finding(
              Finding.Level.WARNING,
              name,
              "the operator is " + version + ", this plugin " + plugin,
              "take the plugin of the operator's release: plan decides with the plugin's own code"));
    }
  }

  private static Finding finding(Finding.Level level, String about, String what, String remedy) {
    return new Finding(level, AREA, about, what, remedy);
  }
}
