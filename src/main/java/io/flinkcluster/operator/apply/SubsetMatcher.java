package io.flinkcluster.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an object on the server already is what is wanted: everything wanted is there, with the
 * same value. What others added and what the server filled in does not count, as with server-side
 * apply itself. What is no longer wanted shows in the annotation that holds the hash of the
 * rendered object.
 */
final class SubsetMatcher {
  /** Lists whose elements the API server tells apart by a key, not by their place. */
  private static final List<String> KEYS = List.of("name", "mountPath", "containerPort", "port");

  private static final Set<String> AMOUNTS = Set.of("requests", "limits", "sizeLimit");

  private SubsetMatcher() {}

  static boolean covers(JsonNode actual, JsonNode wanted) {
    return covers("", actual, wanted);
  }

  private static boolean covers(String field, JsonNode actual, JsonNode wanted) {
    if (wanted.isObject()) {
      return actual.isObject() && fieldsCovered(field, actual, wanted);
    }
    if (wanted.isArray()) {
      return actual.isArray() && elementsCovered(field, actual, wanted);
    }
    if (AMOUNTS.contains(field)) {
      return sameAmount(actual.asText(), wanted.asText());
    }
    return actual.isValueNode() && actual.asText().equals(wanted.asText());
  }

  private static boolean fieldsCovered(String field, JsonNode actual, JsonNode wanted) {
    for (Map.Entry<String, JsonNode> entry : wanted.properties()) {
      String name = AMOUNTS.contains(field) ? field : entry.getKey();
      if (empty(entry.getValue())) {
        continue;
      }
      JsonNode there = actual.get(entry.getKey());
      if (there == null || !covers(name, there, entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean empty(JsonNode node) {
    return node.isNull() || (node.isContainerNode() && node.isEmpty());
  }

  private static boolean elementsCovered(String field, JsonNode actual, JsonNode wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      JsonNode element = wanted.get(i);
      Optional<String> key = KEYS.stream().filter(element::has).findFirst();
      JsonNode there = key.map(k -> byKey(actual, k, element.get(k))).orElse(actual.get(i));
      if (there == null || !covers(field, there, element)) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode byKey(JsonNode list, String key, JsonNode value) {
    for (JsonNode element : list) {
      if (value.equals(element.get(key))) {
        return element;
      }
    }
    return null;
  }

  private static boolean sameAmount(String actual, String wanted) {
    if (actual.equals(wanted)) {
      return true;
    }
    return Quantity.getAmountInBytes(new Quantity(actual))
            .compareTo(Quantity.getAmountInBytes(new Quantity(wanted)))
        == 0;
  }
}
