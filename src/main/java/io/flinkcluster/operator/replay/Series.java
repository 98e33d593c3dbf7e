package io.flinkcluster.operator.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Series of Prometheus' answers, by metric and vertex. */
final class Series {

  /**
   * @param labels as Prometheus has them
   */
  private record One(JsonNode labels, Map<Double, Double> values) {

    String metric() {
      return labels.path("__name__").asText();
    }

    /** Where the scrape does not honour labels, those of the cluster are renamed. */
    String label(String name) {
      return labels.path("exported_" + name).asText(labels.path(name).asText());
    }

    String cluster() {
      return label("namespace") + "/" + label("name");
    }
  }

  private final List<One> all;
  private final Map<String, Map<Double, Double>> byKey = new HashMap<>();
  private final SortedSet<Double> times = new TreeSet<>();

  private Series(List<One> all) {
    this.all = all;
    // Several pods of the operator tell of one cluster one after the other.
    for (One one : all) {
      byKey
          .computeIfAbsent(key(one.metric(), one.label("vertex_id")), k -> new HashMap<>())
          .putAll(one.values());
      times.addAll(one.values().keySet());
    }
  }

  /** What asks for all that is needed of one cluster. */
  static String query(String namespace, String name) {
    return ("{__name__=~\"flinkcluster_(vertex_.+|load_.+|job_(running|restarts|tasks_running_.+)|"
            + "reconciling|taskmanagers_wanted)\",namespace=\"%s\",name=\"%s\"}")
        .formatted(namespace, name);
  }

  private static String key(String metric, String vertex) {
    return metric + " " + vertex;
  }

  static Series of(List<JsonNode> answers) {
    var all = new ArrayList<One>();
    for (JsonNode answer : answers) {
      if (!answer.path("status").asText("success").equals("success")) {
        throw new RecordingException(
            "Prometheus has refused the query: " + answer.path("error").asText("it says not why"));
      }
      JsonNode data = answer.has("data") ? answer.path("data") : answer;
      if (!data.path("resultType").asText().equals("matrix")) {
        throw new RecordingException(
            "the recording is no answer to a range query; ask /api/v1/query_range with start, end"
                + " and step=15");
      }
      data.path("result").forEach(r -> all.add(one(r)));
    }
    return new Series(all);
  }

  private static One one(JsonNode result) {
    JsonNode labels = result.path("metric");
    if (!labels.has("__name__")) {
      throw new RecordingException(
          "a series has no name; ask for the metrics as they are, without functions around them");
    }
    var values = new TreeMap<Double, Double>();
    for (JsonNode value : result.path("values")) {
      String text = value.path(1).asText();
      values.put(
          value.path(0).asDouble(),
          switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> number(labels, text);
          });
    }
    return new One(labels, values);
  }

  private static double number(JsonNode labels, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new RecordingException(
          "%s has the value `%s`, which is no number; save what Prometheus answered as it is"
              .formatted(labels.path("__name__").asText(), text));
    }
  }

  /** Those of one cluster; where only one was recorded, of that. */
  Series of(String namespace, String name, List<String> notes) {
    var clusters = new TreeSet<String>();
    all.stream().filter(o -> !o.label("name").isEmpty()).forEach(o -> clusters.add(o.cluster()));
    if (clusters.isEmpty()) {
      throw new RecordingException(
          "the recording holds no series of a FlinkCluster; ask /api/v1/query_range for "
              + query(namespace, name));
    }
    var fitting =
        clusters.stream()
            .filter(c -> c.endsWith("/" + name))
            .filter(c -> namespace.isEmpty() || c.startsWith(namespace + "/"))
            .toList();
    if (fitting.size() != 1 && clusters.size() != 1) {
      throw new RecordingException(
          "the recording is of %s, and %s of them is %s; record that one alone, with %s"
              .formatted(
                  String.join(", ", clusters),
                  fitting.isEmpty() ? "none" : "more than one",
                  name,
                  query(namespace, name)));
    }
    String chosen = fitting.size() == 1 ? fitting.get(0) : clusters.first();
    if (fitting.isEmpty()) {
      notes.add("the recording is of %s, the settings are of %s".formatted(chosen, name));
    }
    return new Series(all.stream().filter(o -> o.cluster().equals(chosen)).toList());
  }

  boolean has(String metric) {
    return all.stream().anyMatch(o -> o.metric().equals(metric) && !o.values().isEmpty());
  }

  List<JsonNode> labels(String metric) {
    return all.stream().filter(o -> o.metric().equals(metric)).map(One::labels).toList();
  }

  /** All seconds since 1970 of which something is told, in their order. */
  SortedSet<Double> times() {
    return times;
  }

  Optional<Double> at(String metric, double second) {
    return at(metric, "", second);
  }

  /** What it was; empty: not told. */
  Optional<Double> at(String metric, String vertex, double second) {
    return Optional.ofNullable(byKey.get(key(metric, vertex)))
        .map(values -> values.get(second))
        .filter(Double::isFinite);
  }
}
