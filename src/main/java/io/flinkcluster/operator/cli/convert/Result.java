package io.flinkcluster.operator.cli.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The FlinkCluster that is being made. */
final class Result {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final String OPTIONS = "spec.flinkConfiguration.";

  private final ObjectNode manifest = MAPPER.createObjectNode();
  private final List<Conversion.Note> notes = new ArrayList<>();

  /** Converts, judges the result by the operator's rules, and tells what was left. */
  static Conversion of(String source, JsonNode resource, BiConsumer<Source, Result> conversion) {
    var result = new Result();
    var from = new Source(resource);
    result.identity(from);
    conversion.accept(from, result);
    from.left().forEach(path -> result.note(path, "has no counterpart and was left out"));
    List<String> problems = result.judge();
    return new Conversion(source, result.manifest, List.copyOf(result.notes), problems);
  }

  private void identity(Source from) {
    manifest.put("apiVersion", "flinkcluster.io/v1").put("kind", "FlinkCluster");
    ObjectNode metadata = manifest.putObject("metadata");
    from.take("apiVersion");
    from.take("kind");
    for (String field : List.of("name", "namespace", "labels", "annotations")) {
      JsonNode value = from.take("metadata", field);
      if (value instanceof ObjectNode map) {
        map.remove("kubectl.kubernetes.io/last-applied-configuration");
      }
      if (!value.isMissingNode() && !(value.isContainerNode() && value.isEmpty())) {
        metadata.set(field, value);
      }
    }
    from.take("metadata"); // what the API server wrote into it
  }

  String name() {
    return manifest.path("metadata").path("name").asText();
  }

  /** Where none is written, the one that kubectl takes without being told. */
  String namespace() {
    return manifest.path("metadata").path("namespace").asText("default");
  }

  ObjectNode spec() {
    return manifest.withObject("/spec");
  }

  /** An object below the spec; made where there is none. */
  ObjectNode object(String... path) {
    ObjectNode object = spec();
    for (String name : path) {
      JsonNode next = object.get(name);
      object = next instanceof ObjectNode found ? found : object.putObject(name);
    }
    return object;
  }

  /** The container of Flink's process in a pod template. */
  ObjectNode flinkContainer(String... template) {
    ObjectNode pod = object(template).withObject("/spec");
    ArrayNode containers =
        pod.get("containers") instanceof ArrayNode found ? found : pod.putArray("containers");
    for (JsonNode container : containers) {
      if (container.path("name").asText().equals("flink")) {
        return (ObjectNode) container;
      }
    }
    return containers.addObject().put("name", "flink");
  }

  void note(String field, String text) {
    notes.add(new Conversion.Note(field, text));
  }

  /** What the operator says; options that it refuses go, and that is told. */
  private List<String> judge() {
    for (int round = 0; round < 100; round++) {
      Admission admission = AdmissionRules.check(cluster());
      if (!(admission instanceof Admission.Refused refused)) {
        return missing();
      }
      Optional<Problem> option =
          refused.problems().stream().filter(p -> isOption(p.field())).findFirst();
      if (option.isEmpty()) {
        var problems = new ArrayList<>(missing());
        refused.problems().forEach(p -> problems.add(p.message()));
        return problems;
      }
      object("flinkConfiguration").remove(option.get().field().substring(OPTIONS.length()));
      note(
          option.get().field().substring("spec.".length()),
          "was left out: " + option.get().reason() + "; " + option.get().remedy());
    }
    throw new IllegalStateException("the rules refuse an option that is not there");
  }

  private boolean isOption(String field) {
    return field.startsWith(OPTIONS)
        && object("flinkConfiguration").has(field.substring(OPTIONS.length()));
  }

  /** What the schema demands beside the operator's rules. */
  private List<String> missing() {
    ObjectNode spec = spec();
    var problems = new ArrayList<String>();
    JsonNode job = spec.path("job");
    JsonNode storage = spec.path("storage");
    boolean stateless = job.path("upgradeMode").asText("Savepoint").equals("Stateless");
    boolean stored =
        storage.has("baseURI") || storage.has("checkpoints") && storage.has("savepoints");
    if (!job.isMissingNode() && !stateless && !stored) {
      problems.add(
          "spec.storage: the job keeps its state, and no place for checkpoints and savepoints is"
              + " known; set storage.baseURI, or job.upgradeMode: Stateless if there is no state");
    }
    return problems;
  }

  private FlinkCluster cluster() {
    try {
      ObjectNode copy = manifest.deepCopy();
      if (!copy.path("metadata").has("namespace")) {
        copy.withObject("/metadata").put("namespace", "default");
      }
      return MAPPER.treeToValue(copy, FlinkCluster.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "a field has a value of another type than it may have: " + e.getOriginalMessage(), e);
    }
  }
}
