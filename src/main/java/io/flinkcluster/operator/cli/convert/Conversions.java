package io.flinkcluster.operator.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Converts resources by their kind. */
public final class Conversions {

  private Conversions() {}

  /** Converts a resource of any kind; what is not known is told. */
  public static Conversion of(JsonNode resource) {
    String kind = resource.path("kind").asText();
    String group = resource.path("apiVersion").asText().replaceAll("/.*", "");
    String source = kind + " " + resource.path("metadata").path("name").asText();
    if (group.equals("flink.apache.org") && kind.equals("FlinkDeployment")) {
      return Result.of(source, resource, FlinkDeployments::convert);
    }
    if (group.equals("flinkoperator.k8s.io") && kind.equals("FlinkCluster")) {
      return Result.of(source, resource, FlinkOperatorClusters::convert);
    }
    String why =
        kind.equals("FlinkSessionJob")
            ? "a job in a session cluster has no counterpart: give it a FlinkCluster of its own,"
                + " which is an application cluster"
            : "is neither a FlinkDeployment of flink.apache.org nor a FlinkCluster of"
                + " flinkoperator.k8s.io";
    return new Conversion(source, null, List.of(new Conversion.Note("kind", why)), List.of());
  }
}
