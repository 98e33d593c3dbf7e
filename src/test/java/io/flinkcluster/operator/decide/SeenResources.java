package io.flinkcluster.operator.decide;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.report.StatusComposer;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * FlinkClusters as the tests of this process have brought them about, each with the status that the
 * operator would write; one for each phase and set of conditions.
 */
final class SeenResources {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Map<String, ObjectNode> SEEN = new ConcurrentHashMap<>();

  private SeenResources() {}

  static void note(Situation s, Decision decision, String spec) {
    if (Decider.state(s) == io.flinkcluster.operator.decide.state.DecisionState.Unreadable) {
      return;
    }
    FlinkClusterStatus status =
        StatusComposer.compose(
            null,
            s.names(),
            s.generation(),
            s.admission(),
            s.running(),
            Optional.empty(),
            decision,
            s.seen(),
            false);
    var key = new StringBuilder(status.phase() + " " + s.wishes().deleting());
    status.conditions().forEach(c -> key.append(' ').append(c.status()).append(c.reason()));
    SEEN.computeIfAbsent(key.toString(), k -> resource(s, status, spec));
  }

  private static ObjectNode resource(Situation s, FlinkClusterStatus status, String spec) {
    ObjectNode resource = JSON.createObjectNode();
    resource.put("apiVersion", "flinkcluster.io/v1").put("kind", "FlinkCluster");
    ObjectNode metadata = resource.putObject("metadata");
    metadata.put("namespace", s.names().namespace()).put("name", s.names().name());
    metadata.put("uid", s.uid()).put("generation", s.generation());
    if (s.wishes().deleting()) {
      metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    }
    try {
      resource.set("spec", YAML.readTree(spec));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    resource.set("status", JSON.valueToTree(status));
    return resource;
  }

  static Collection<ObjectNode> all() {
    return SEEN.values();
  }
}
