package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How objects are merged: JSON merge patch, and as much of server-side apply as is needed here. */
final class ApiObjects {
  private static final Set<String> OF_THE_SERVER =
      Set.of("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields");
  private static final List<String> KEYS = List.of("name", "mountPath", "containerPort", "port");

  private ApiObjects() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Server-side apply: what is in the configuration is set, what was in the former one of the same
   * manager and is not in this one goes.
   *
   * @param former null: none
   */
  static ObjectNode apply(ObjectNode existing, ObjectNode former, ObjectNode configuration) {
    ObjectNode result = existing.deepCopy();
    if (former != null) {
      prune(result, former, configuration);
    }
    merge(result, configuration, "");
    return result;
  }

  private static void prune(ObjectNode target, ObjectNode former, ObjectNode now) {
    for (var field : former.properties()) {
      JsonNode there = target.get(field.getKey());
      JsonNode wanted = now.get(field.getKey());
      if (there == null || OF_THE_SERVER.contains(field.getKey())) {
        continue;
      }
      if (wanted == null) {
        target.remove(field.getKey());
      } else if (there instanceof ObjectNode t
          && field.getValue() instanceof ObjectNode f
          && wanted instanceof ObjectNode w) {
        prune(t, f, w);
      } else if (there instanceof ArrayNode t
          && field.getValue() instanceof ArrayNode f
          && wanted instanceof ArrayNode w
          && keyed(t)
          && keyed(f)) {
        for (JsonNode element : f) {
          if (byKey(w, element) == null) {
            removeByKey(t, element);
          }
        }
      }
    }
  }

  private static void merge(ObjectNode target, ObjectNode source, String path) {
    for (var field : source.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (path.equals("/metadata") && OF_THE_SERVER.contains(name)) {
        continue;
      }
      JsonNode there = target.get(name);
      if (value instanceof ObjectNode v && there instanceof ObjectNode t) {
        merge(t, v, path + "/" + name);
      } else if (value instanceof ArrayNode v
          && there instanceof ArrayNode t
          && !path.startsWith("/status") // the lists of a status are of one piece
          && keyed(v)
          && keyed(t)) {
        for (JsonNode element : v) {
          JsonNode same = byKey(t, element);
          if (same instanceof ObjectNode s && element instanceof ObjectNode e) {
            merge(s, e, path + "/" + name + "[]");
          } else {
            t.add(element.deepCopy());
          }
        }
      } else if (!value.isNull()) {
        target.set(name, value.deepCopy());
      }
    }
  }

  private static boolean keyed(ArrayNode array) {
    return !array.isEmpty() && array.get(0).isObject() && key(array.get(0)) != null;
  }

  private static String key(JsonNode element) {
    return KEYS.stream().filter(element::has).findFirst().orElse(null);
  }

  private static JsonNode byKey(ArrayNode array, JsonNode element) {
    String key = key(element);
    for (JsonNode one : array) {
      if (key != null && element.get(key).equals(one.get(key))) {
        return one;
      }
    }
    return null;
  }

  private static void removeByKey(ArrayNode array, JsonNode element) {
    String key = key(element);
    var keep = new ArrayList<JsonNode>();
    array.forEach(
        one -> {
          if (key == null || !element.get(key).equals(one.get(key))) {
            keep.add(one);
          }
        });
    array.removeAll();
    array.addAll(keep);
  }

  /** RFC 7386. */
  static void mergePatch(ObjectNode target, ObjectNode patch, String path) {
    for (var field : patch.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (path.equals("/metadata") && OF_THE_SERVER.contains(name)) {
        continue;
      }
      if (value.isNull()) {
        target.remove(name);
      } else if (value instanceof ObjectNode v) {
        if (!(target.get(name) instanceof ObjectNode)) {
          target.set(name, object());
        }
        mergePatch((ObjectNode) target.get(name), v, path + "/" + name);
      } else {
        target.set(name, value.deepCopy());
      }
    }
  }
}
