package io.flinkcluster.operator.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Options of Flink that are fields of a FlinkCluster; the others stay options. */
final class FlinkOptionFields {
  /** Takes a value; false: it is not one that can be carried. */
  private interface Field extends BiFunction<String, Result, Boolean> {}

  private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

  static {
    text("storage", "checkpoints", "state.checkpoints.dir", "execution.checkpointing.dir");
    text("storage", "savepoints", "state.savepoints.dir", "execution.checkpointing.savepoint-dir");
    text("storage", "highAvailability", "high-availability.storageDir");
    duration("storage", "checkpointInterval", "execution.checkpointing.interval");
    duration("storage", "savepointInterval", "kubernetes.operator.periodic.savepoint.interval");
    number("job", "parallelism", "parallelism.default");
    number("job", "maxParallelism", "pipeline.max-parallelism");
    number("taskManager", "taskSlots", "taskmanager.numberOfTaskSlots");
    number("ports", "jobManagerRpc", "jobmanager.rpc.port");
    number("ports", "blob", "blob.server.port");
    number("ports", "rest", "rest.port");
    number("ports", "taskManagerRpc", "taskmanager.rpc.port");
    number("ports", "taskManagerData", "taskmanager.data.port");
    number("ports", "queryService", "metrics.internal.query-service.port");
    number("ports", "metrics", "metrics.reporter.prom.port");
    FIELDS.put("kubernetes.service-account", FlinkOptionFields::account);
    FIELDS.put("execution.buffer-timeout", FlinkOptionFields::bufferTimeout);
    FIELDS.put("execution.buffer-timeout.interval", FlinkOptionFields::bufferTimeout);
    FIELDS.put("high-availability", FlinkOptionFields::highAvailability);
    FIELDS.put("high-availability.type", FlinkOptionFields::highAvailability);
    FIELDS.put("state.backend", FlinkOptionFields::stateBackend);
    FIELDS.put("state.backend.type", FlinkOptionFields::stateBackend);
    FIELDS.put("jobmanager.scheduler", FlinkOptionFields::scheduler);
    FIELDS.put("scheduler-mode", FlinkOptionFields::reactive);
    FIELDS.put(
        "kubernetes.operator.savepoint.history.max.count",
        (value, to) -> history("maxCount", value, to));
    FIELDS.put(
        "kubernetes.operator.savepoint.history.max.age",
        (value, to) -> history("maxAge", value, to));
  }

  private FlinkOptionFields() {}

  /**
   * Carries options over.
   *
   * @param field where they stand in the other resource
   * @param options an object; nested objects are names with dots
   */
  static void carry(String field, JsonNode options, Result to) {
    var flat = new LinkedHashMap<String, String>();
    flatten("", options, flat);
    flat.forEach((key, value) -> carry(field, key, value, to));
  }

  private static void flatten(String path, JsonNode node, Map<String, String> flat) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              f ->
                  flatten(
                      path.isEmpty() ? f.getKey() : path + "." + f.getKey(), f.getValue(), flat));
    } else if (!node.isMissingNode() && !path.isEmpty()) {
      flat.put(path, node.isValueNode() ? node.asText() : node.toString());
    }
  }

  private static void carry(String field, String key, String value, Result to) {
    Field known = FIELDS.get(key);
    if (known != null) {
      if (!known.apply(value, to)) {
        to.note(field + "." + key, "was left out: its value cannot be carried into a field");
      }
    } else if (key.contains("autoscaler")) {
      to.note(
          field + "." + key,
          "was left out: let an HPA or KEDA scale the FlinkCluster, with rescale.mode Auto");
    } else if (key.startsWith("kubernetes.operator.")) {
      to.note(field + "." + key, "was left out: it is a setting of the other operator");
    } else {
      to.object("flinkConfiguration").put(key, value);
    }
  }

  private static void text(String object, String name, String... keys) {
    for (String key : keys) {
      FIELDS.put(
          key,
          (value, to) -> {
            to.object(object).put(name, value);
            return true;
          });
    }
  }

  private static void duration(String object, String name, String key) {
    FIELDS.put(
        key,
        (value, to) -> Values.duration(value).map(d -> to.object(object).put(name, d)).isPresent());
  }

  private static void number(String object, String name, String key) {
    FIELDS.put(
        key,
        (value, to) -> {
          boolean number = value.matches("[0-9]{1,6}");
          boolean job = object.equals("job") && !to.spec().has("job");
          if (number && !job && !to.object(object).has(name)) {
            to.object(object).put(name, Integer.parseInt(value));
          }
          return number;
        });
  }

  private static boolean account(String value, Result to) {
    if (!to.spec().has("serviceAccountName")) {
      to.spec().put("serviceAccountName", value);
    }
    return true;
  }

  private static boolean bufferTimeout(String value, Result to) {
    Optional<String> millis =
        value.trim().startsWith("-") ? Optional.of("-1") : Values.duration(value);
    millis.ifPresent(m -> to.spec().put("bufferTimeout", m));
    return millis.isPresent();
  }

  private static boolean highAvailability(String value, Result to) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.equals("none")) {
      return true;
    }
    boolean kubernetes = lower.contains("kubernetes");
    if (kubernetes) {
      to.object("highAvailability").put("enabled", true);
    }
    return kubernetes;
  }

  private static boolean stateBackend(String value, Result to) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.contains("rocksdb")) {
      to.object("storage").put("stateBackend", "RocksDB");
      return true;
    }
    return lower.matches("hashmap|filesystem|jobmanager");
  }

  private static boolean scheduler(String value, Result to) {
    if (value.equalsIgnoreCase("adaptive")) {
      to.object("rescale").put("mode", "Auto");
    }
    return value.toLowerCase(Locale.ROOT).matches("adaptive|default|ng");
  }

  private static boolean reactive(String value, Result to) {
    to.object("rescale").put("mode", "InPlace");
    to.note(
        "scheduler-mode",
        "REACTIVE became rescale.mode InPlace: without job.parallelism the job takes all slots of"
            + " taskManager.replicas, which an HPA may change");
    return value.equalsIgnoreCase("REACTIVE");
  }

  private static boolean history(String name, String value, Result to) {
    ObjectNode history = to.object("storage", "savepointHistory");
    if (name.equals("maxCount") && value.matches("[0-9]{1,3}")) {
      history.put(name, Math.max(1, Math.min(Integer.parseInt(value), 100)));
      return true;
    }
    Optional<String> age = name.equals("maxAge") ? Values.duration(value) : Optional.empty();
    age.ifPresent(a -> history.put(name, a));
    return age.isPresent();
  }
}
