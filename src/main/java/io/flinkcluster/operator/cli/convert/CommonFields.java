package io.flinkcluster.operator.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What both kinds of resources have. */
final class CommonFields {

  private CommonFields() {}

  /** The version, or the nearest that is served; a job's savepoint can be taken along upwards. */
  static void version(String field, String written, Result to) {
    String minor = Values.minor(written).orElse("");
    List<String> served = Arrays.stream(FlinkVersion.values()).map(FlinkVersion::minor).toList();
    if (served.contains(minor)) {
      to.spec().put("flinkVersion", minor);
      return;
    }
    String nearest = minor.startsWith("1.") ? served.get(0) : served.get(served.size() - 1);
    to.spec().put("flinkVersion", nearest);
    to.note(
        field,
        "Flink "
            + written
            + " is not served; "
            + nearest
            + " was written: take an image of it, and rebuild the job with it");
  }

  /**
   * Slots and parallelism, from which the number of TaskManagers follows where none is given.
   *
   * @param replicasGiven whether the number of TaskManagers is meant as it is written; the job then
   *     takes all their slots where no parallelism is given
   */
  static void size(Result to, boolean replicasGiven) {
    JsonNode job = to.spec().path("job");
    if (job.isMissingNode()) {
      return;
    }
    ObjectNode object = (ObjectNode) job;
    int slots = to.object("taskManager").path("taskSlots").asInt(1);
    int replicas = to.object("taskManager").path("replicas").asInt(1);
    int parallelism = object.path("parallelism").asInt(replicasGiven ? replicas * slots : 1);
    int needed = (parallelism + Math.max(1, slots) - 1) / Math.max(1, slots);
    if (!replicasGiven || replicas < needed) {
      to.object("taskManager").put("replicas", needed);
    }
    object.put("parallelism", parallelism);
    if (!object.has("maxParallelism")) {
      int derived = Values.derivedMaxParallelism(parallelism);
      object.put("maxParallelism", derived);
      to.note(
          "pipeline.max-parallelism",
          "was not set: Flink derived "
              + derived
              + " from parallelism "
              + parallelism
              + ", and the state is fixed to it. A job without state can have another");
    }
  }

  /**
   * A pod template: Flink's container has another name here, and the template itself no identity.
   *
   * @param main name of Flink's container in the other world
   */
  static void podTemplate(String field, JsonNode template, String main, Result to, String... path) {
    if (!(template instanceof ObjectNode pod)) {
      return;
    }
    pod.remove(List.of("apiVersion", "kind"));
    if (pod.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("name");
      if (metadata.isEmpty()) {
        pod.remove("metadata");
      }
    }
    if (pod.get("spec") instanceof ObjectNode spec) {
      account(spec, to);
      if (spec.get("containers") instanceof ArrayNode containers) {
        containers.forEach(c -> rename(c, main));
      }
      if (spec.isEmpty()) {
        pod.remove("spec");
      }
    }
    if (pod.has("status")) {
      pod.remove("status");
      to.note(field + ".status", "means nothing in a template and was left out");
    }
    if (!pod.isEmpty()) {
      to.object(parent(path)).set(path[path.length - 1], pod);
    }
  }

  private static String[] parent(String... path) {
    return Arrays.copyOf(path, path.length - 1);
  }

  private static void account(ObjectNode pod, Result to) {
    for (String name : List.of("serviceAccountName", "serviceAccount")) {
      JsonNode account = pod.remove(name);
      if (account != null && !to.spec().has("serviceAccountName")) {
        to.spec().put("serviceAccountName", account.asText());
      }
    }
  }

  private static void rename(JsonNode container, String main) {
    if (container instanceof ObjectNode object && object.path("name").asText().equals(main)) {
      object.put("name", "flink");
    }
  }

  /** Files of the log configuration; the operator knows two. */
  static void logging(String field, JsonNode files, Result to) {
    for (var file : new ArrayList<>(files.properties())) {
      if (List.of("log4j-console.properties", "logback-console.xml").contains(file.getKey())) {
        to.object("logConfiguration").set(file.getKey(), file.getValue());
      } else {
        to.note(
            field + "." + file.getKey(), "was left out: Flink's processes in pods do not read it");
      }
    }
  }
}
