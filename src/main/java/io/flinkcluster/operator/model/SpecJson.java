package io.flinkcluster.operator.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import java.util.TreeMap;

/** A spec as JSON with sorted keys, without nulls: equal specs give equal text. */
public final class SpecJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private SpecJson() {}

  /** The spec as one line of JSON. */
  public static String write(FlinkClusterSpec spec) {
    return text(tree(spec));
  }

  /**
   * The spec that {@link #write} wrote, also by another version of the operator.
   *
   * @throws IllegalArgumentException where the text is no spec
   */
  public static FlinkClusterSpec read(String json) {
    try {
      return MAPPER.readValue(json, FlinkClusterSpec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the JSON of a FlinkCluster spec", e);
    }
  }

  static ObjectNode tree(FlinkClusterSpec spec) {
    return MAPPER.valueToTree(spec);
  }

  static String text(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(sorted(tree));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /**
   * Trees that a user gave keep the order they were given in; only the text must not depend on it.
   */
  private static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      var fields = new TreeMap<String, JsonNode>();
      node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
      var object = MAPPER.createObjectNode();
      object.setAll(fields);
      return object;
    }
    if (node.isArray()) {
      var array = MAPPER.createArrayNode();
      node.forEach(item -> array.add(sorted(item)));
      return array;
    }
    return node;
  }
}
