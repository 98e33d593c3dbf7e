package io.flinkcluster.operator.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.flinkcluster.operator.model.CanonicalQuantity;
import java.util.Map;
import java.util.Set;

/**
 * Merges the pod templates of a user over a rendered pod. Maps are merged key by key, a null
 * removes. Lists of named things are merged by name: containers key by key, everything else
 * replaced as a whole, since half of one volume and half of another make none. Other lists are
 * replaced.
 */
public final class PodTemplates {

  /** Field that names the items of a list, by the name of the list. */
  private static final Map<String, String> KEYS =
      Map.of(
          "containers", "name",
          "initContainers", "name",
          "volumes", "name",
          "env", "name",
          "imagePullSecrets", "name",
          "ports", "containerPort",
          "volumeMounts", "mountPath",
          "volumeDevices", "devicePath",
          "hostAliases", "ip");

  private static final Set<String> DEEP = Set.of("containers", "initContainers");
  private static final Set<String> QUANTITIES = Set.of("requests", "limits", "overhead");

  private PodTemplates() {}

  /**
   * The rendered pod with the templates merged over it.
   *
   * @param common for both components, may be null
   * @param component for this component, merged last, may be null
   * @throws IllegalArgumentException where the result is no pod template
   */
  public static PodTemplateSpec merge(
      PodTemplateSpec rendered, ObjectNode common, ObjectNode component) {
    if (common == null && component == null) {
      return rendered;
    }
    ObjectNode tree = Json.tree(rendered);
    for (ObjectNode template : new ObjectNode[] {common, component}) {
      if (template != null) {
        mergeObject(tree, template);
      }
    }
    return Json.object(canonical("", tree), PodTemplateSpec.class);
  }

  private static void mergeObject(ObjectNode target, ObjectNode over) {
    over.properties().forEach(field -> mergeField(target, field.getKey(), field.getValue()));
  }

  private static void mergeField(ObjectNode target, String name, JsonNode value) {
    JsonNode present = target.get(name);
    if (value.isNull()) {
      target.remove(name);
    } else if (present instanceof ObjectNode object && value instanceof ObjectNode over) {
      mergeObject(object, over);
    } else if (present instanceof ArrayNode list
        && value instanceof ArrayNode over
        && KEYS.containsKey(name)) {
      over.forEach(item -> mergeItem(list, name, item));
    } else {
      target.set(name, value.deepCopy());
    }
  }

  private static void mergeItem(ArrayNode list, String name, JsonNode item) {
    for (int i = 0; i < list.size(); i++) {
      if (same(list.get(i), item, name)) {
        if (DEEP.contains(name)
            && list.get(i) instanceof ObjectNode object
            && item instanceof ObjectNode over) {
          mergeObject(object, over);
        } else {
          list.set(i, item.deepCopy());
        }
        return;
      }
    }
    list.add(item.deepCopy());
  }

  private static boolean same(JsonNode a, JsonNode b, String list) {
    if (list.equals("ports") && a.has("name") && b.has("name")) {
      return a.get("name").equals(b.get("name"));
    }
    String key = KEYS.get(list);
    return a.hasNonNull(key) && a.path(key).asText().equals(b.path(key).asText());
  }

  /** Quantities as the API server stores them, else every read would differ from what is wanted. */
  private static JsonNode canonical(String name, JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                boolean quantity = QUANTITIES.contains(name) || field.getKey().equals("sizeLimit");
                field.setValue(
                    quantity && field.getValue().isValueNode()
                        ? TextNode.valueOf(CanonicalQuantity.of(field.getValue().asText()))
                        : canonical(field.getKey(), field.getValue()));
              });
    } else {
      node.forEach(item -> canonical("", item));
    }
    return node;
  }
}
