package io.flinkcluster.operator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A Flink cluster: an application with its job, or a session cluster. */
@Group(FlinkCluster.GROUP)
@Version("v1")
@Kind("FlinkCluster")
@Singular("flinkcluster")
@Plural("flinkclusters")
@ShortNames("flc")
@Categories("flink")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "PHASE",
    jsonPath = ".status.phase",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "JOB",
    jsonPath = ".status.job.state",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "PARALLELISM",
    jsonPath = ".status.job.parallelism",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "TMS",
    jsonPath = ".status.taskManagers.summary",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "OPERATION",
    jsonPath = ".status.operation.stage",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "VERSION",
    jsonPath = ".spec.flinkVersion",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "IMAGE",
    jsonPath = ".spec.image",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "JOBMANAGER",
    jsonPath = ".status.jobManager.restURL",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "LAST CHECKPOINT",
    jsonPath = ".status.job.checkpoints.lastAt",
    type = AdditionalPrinterColumn.Type.DATE,
    priority = 1)
@AdditionalPrinterColumn(
    name = "MESSAGE",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@ValidationRule(
    value =
        "self.metadata.name.size() <= 45 &&"
            + " self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name must be a DNS label that starts with a letter and has at most 45 characters:"
            + " the names of Services and pods are built from it")
public class FlinkCluster extends CustomResource<FlinkClusterSpec, FlinkClusterStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** API group of the resource, and prefix of its annotations and labels. */
  public static final String GROUP = "flinkcluster.io";

  @Override
  @Required
  public FlinkClusterSpec getSpec() {
    return super.getSpec();
  }

  /** Never looked at until the operator says otherwise: the schema's default generation is -1. */
  @Override
  @Default("{\"observedGeneration\": -1}")
  public FlinkClusterStatus getStatus() {
    return super.getStatus();
  }
}
