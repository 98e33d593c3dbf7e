package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The cluster whose settings a replay takes. */
final class ReplayedCluster {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private ReplayedCluster() {}

  static FlinkCluster read(JsonNode manifest) {
    try {
      FlinkCluster cluster = MAPPER.treeToValue(evaluated(manifest), FlinkCluster.class);
      if (cluster.getMetadata().getName() == null) {
        throw new Failure(ExitCode.USAGE, "the manifest has no metadata.name; give it one");
      }
      return cluster;
    } catch (JsonProcessingException e) {
      throw new Failure(
          ExitCode.USAGE, "the manifest is not as the schema says: " + e.getOriginalMessage());
    }
  }

  /** As the operator checks it, whichever mode it is in. */
  static CheckedCluster checked(FlinkCluster given) {
    if (given.getSpec() == null || given.getSpec().autoscaling() == null) {
      throw new Failure(
          ExitCode.USAGE,
          given.getMetadata().getName()
              + " has no spec.autoscaling; write the settings that are to be tried, for instance"
              + " autoscaling: {mode: Recommend, maxReplicas: 8}");
    }
    FlinkCluster cluster = read(MAPPER.valueToTree(given));
    if (cluster.getMetadata().getNamespace() == null) {
      cluster.getMetadata().setNamespace("default"); // only names of objects depend on it
    }
    Admission admission = AdmissionRules.check(cluster);
    if (admission instanceof Admission.Refused refused) {
      throw new Failure(
          ExitCode.USAGE,
          "the operator would refuse this FlinkCluster: "
              + refused.problems().stream()
                  .map(Problem::message)
                  .collect(Collectors.joining("; ")));
    }
    return ((Admission.Accepted) admission).cluster();
  }

  /** Without quotes, Off is read as false. */
  private static JsonNode evaluated(JsonNode manifest) {
    JsonNode autoscaling = manifest.path("spec").path("autoscaling");
    JsonNode mode = autoscaling.path("mode");
    if (autoscaling.isObject() && (!mode.isTextual() || mode.asText().equals("Off"))) {
      ((ObjectNode) autoscaling).put("mode", "Recommend");
    }
    return manifest;
  }

  /** Operations that have ended, newest first. */
  static List<OperationRecord> operations(FlinkCluster cluster) {
    return cluster.getStatus() == null || cluster.getStatus().operations() == null
        ? List.of()
        : cluster.getStatus().operations();
  }
}
