package io.flinkcluster.operator.flinkrest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.flinkrest.RemoteFailure.Kind;
import io.flinkcluster.operator.model.Bounds;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Resource requirements as Flink reads and writes them: {@code {VERTEX: {"parallelism":
 * {"lowerBound": 1, "upperBound": 8}}}} (1.20 to 2.3).
 */
final class Requirements {

  private Requirements() {}

  static SortedMap<String, Bounds> read(JsonNode answer) {
    var bounds = new TreeMap<String, Bounds>();
    answer
        .properties()
        .forEach(
            vertex -> {
              JsonNode parallelism = Fields.object(vertex.getValue(), "parallelism");
              if (!Fields.isId(vertex.getKey())) {
                throw new RemoteFailure(Kind.BROKEN_ANSWER, "not an answer of Flink: vertex id");
              }
              bounds.put(
                  vertex.getKey(),
                  new Bounds(
                      Fields.count(parallelism, "lowerBound"),
                      Fields.count(parallelism, "upperBound")));
            });
    return bounds;
  }

  static ObjectNode write(SortedMap<String, Bounds> bounds) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    bounds.forEach(
        (id, one) ->
            body.putObject(id)
                .putObject("parallelism")
                .put("lowerBound", one.lower())
                .put("upperBound", one.upper()));
    return body;
  }
}
