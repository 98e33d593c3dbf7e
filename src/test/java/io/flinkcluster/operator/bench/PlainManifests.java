package io.flinkcluster.operator.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the operator made, as a user would have written it. */
final class PlainManifests {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SERVER_SIDE =
      List.of(
          "namespace",
          "uid",
          "resourceVersion",
          "creationTimestamp",
          "managedFields",
          "ownerReferences",
          "generation",
          "finalizers",
          "annotations");

  private PlainManifests() {}

  /**
   * The same objects without what a server added and without the gate that only the operator lifts,
   * Deployments last, under labels that the operator does not look for.
   *
   * @param objects a List as kubectl gets it
   */
  static String of(String objects) {
    try {
      ObjectNode list = (ObjectNode) JSON.readTree(objects);
      var items = new ArrayList<JsonNode>();
      list.path("items").forEach(items::add);
      items.forEach(item -> strip((ObjectNode) item));
      items.sort(Comparator.comparing(item -> item.path("kind").asText().equals("Deployment")));
      list.set("items", JSON.createArrayNode().addAll(items));
      return list.toString()
          .replace("flinkcluster.io/", "plain.example/")
          .replace("\"flinkcluster-operator\"", "\"nobody\"");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + objects, e);
    }
  }

  private static void strip(ObjectNode object) {
    object.remove("status");
    ((ObjectNode) object.path("metadata")).remove(SERVER_SIDE);
    if (object.path("spec") instanceof ObjectNode spec) {
      spec.remove(List.of("clusterIP", "clusterIPs"));
      if (spec.at("/template/spec") instanceof ObjectNode pod) {
        pod.remove("schedulingGates");
      }
    }
  }
}
