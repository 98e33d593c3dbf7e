package io.flinkcluster.operator.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Labels;
import java.util.HashMap;
import java.util.TreeMap;

/** Kubernetes objects as trees, and back. */
final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Types write their fields in one order; maps do not. */
  private static final ObjectWriter SORTED =
      MAPPER.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private Json() {}

  static ObjectNode tree(Object object) {
    return MAPPER.valueToTree(object);
  }

  /** An object as one line of JSON; equal objects give equal text. */
  static String text(Object object) {
    try {
      return SORTED.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an object can always be written", e);
    }
  }

  /**
   * The object that a tree describes.
   *
   * @throws IllegalArgumentException where a field has the wrong type; the message names it without
   *     its value
   */
  static <T> T object(JsonNode tree, Class<T> type) {
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      e.clearLocation();
      throw new IllegalArgumentException("does not fit the schema of " + type.getSimpleName(), e);
    }
  }

  /** Adds the annotation that says what the object looked like when it was rendered. */
  static <T extends HasMetadata> T stamped(T object) {
    var metadata = object.getMetadata();
    var annotations = new HashMap<String, String>();
    if (metadata.getAnnotations() != null) {
      annotations.putAll(metadata.getAnnotations());
    }
    annotations.remove(Labels.RENDERED);
    metadata.setAnnotations(annotations);
    annotations.put(Labels.RENDERED, Ids.hex(text(object)));
    return object;
  }

  static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      var fields = new TreeMap<String, JsonNode>();
      node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
      return MAPPER.createObjectNode().setAll(fields);
    }
    if (node.isArray()) {
      var array = MAPPER.createArrayNode();
      node.forEach(item -> array.add(sorted(item)));
      return array;
    }
    return node;
  }
}
