package io.flinkcluster.operator.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A resource from which fields are taken; what nobody took is known in the end. */
final class Source {
  private final JsonNode rest;

  Source(JsonNode resource) {
    rest = resource.deepCopy();
  }

  /** Takes a field out; a path of names. Missing where there is none, or it is null. */
  JsonNode take(String... path) {
    JsonNode parent = rest;
    for (int i = 0; i < path.length - 1; i++) {
      parent = parent.path(path[i]);
    }
    if (!(parent instanceof ObjectNode object)) {
      return MissingNode.getInstance();
    }
    JsonNode value = object.remove(path[path.length - 1]);
    return value == null || value.isNull() ? MissingNode.getInstance() : value;
  }

  /** Takes a text, a number or a boolean, as text. */
  Optional<String> text(String... path) {
    JsonNode value = take(path);
    return value.isValueNode() && !value.asText().isEmpty()
        ? Optional.of(value.asText())
        : Optional.empty();
  }

  /** Looks without taking. */
  boolean has(String... path) {
    JsonNode node = rest;
    for (String name : path) {
      node = node.path(name);
    }
    return !node.isMissingNode() && !node.isNull();
  }

  /** Paths of all fields that were not taken, those of empty objects left out. */
  List<String> left() {
    var paths = new ArrayList<String>();
    collect("", rest, paths);
    return paths;
  }

  private static void collect(String path, JsonNode node, List<String> paths) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        collect(
            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), paths);
      }
    } else if (!node.isNull() && !node.isMissingNode()) {
      paths.add(path);
    }
  }
}
