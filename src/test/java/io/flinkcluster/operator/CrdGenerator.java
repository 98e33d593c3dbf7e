package io.flinkcluster.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.FlinkCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The CustomResourceDefinition of {@link FlinkCluster} as text, the same for the same types. What
 * the annotations cannot say (merge keys of lists, descriptions of Kubernetes' own types) is added
 * here, and what the generator says twice (CEL rules of record components) is said once.
 */
final class CrdGenerator {
  static final Path FILE = Path.of("crds", "flinkclusters.flinkcluster.io-v1.yml");

  /** The chart cannot read files outside its directory. */
  static final Path COPY =
      Path.of("helm", "flinkcluster-operator", "files", FILE.getFileName().toString());

  static final String REFRESH = "mvn -q test -Dtest=CrdTest -Dcrds.update=true";

  /** Columns of {@code kubectl get flc}, then those of {@code -o wide}. */
  static final List<String> COLUMNS =
      List.of(
          "READY",
          "PHASE",
          "JOB",
          "PARALLELISM",
          "TMS",
          "OPERATION",
          "AGE",
          "VERSION",
          "IMAGE",
          "JOBMANAGER",
          "LAST CHECKPOINT",
          "MESSAGE");

  /** Lists whose elements server-side apply merges by a key instead of replacing the list. */
  static final Map<String, String> MERGE_KEYS =
      Map.of(
          "spec.imagePullSecrets", "name",
          "spec.secretFiles", "mountPath",
          "status.conditions", "type",
          "status.savepoints", "path",
          "status.taskManagers.members", "pod");

  /**
   * A Kubernetes quantity that is not negative and fits a long: {@code 500m}, {@code 1.5}, {@code
   * 2Gi}.
   */
  private static final String QUANTITY =
      "^([0-9]{1,18}(\\.[0-9]{0,9})?|\\.[0-9]{1,9})([KMGTPE]i|[numkMGTPE]|[eE]\\+?[0-9]{1,2})?$";

  /**
   * Least number and pattern of values that may be a number or text; annotations have no effect.
   */
  private static final Map<String, Range> RANGES =
      Map.of(
          "spec.jobManager.resources.requests{}", new Range(0, QUANTITY),
          "spec.jobManager.resources.limits{}", new Range(0, QUANTITY),
          "spec.taskManager.resources.requests{}", new Range(0, QUANTITY),
          "spec.taskManager.resources.limits{}", new Range(0, QUANTITY));

  private record Range(int minimum, String pattern) {}

  private static final String PEER = "spec.networkPolicy.restFrom[].";
  private static final String SAME = " A change touches nothing that runs.";

  private static final Map<String, String> FOREIGN_DESCRIPTIONS = foreignDescriptions();

  private CrdGenerator() {}

  /** The file's whole text. */
  static String yaml() {
    return "# Generated from the Java types in package api; refresh with\n#   "
        + REFRESH
        + "\n"
        + text(tree());
  }

  /** The definition with sorted keys. */
  static ObjectNode tree() {
    ObjectNode crd = sorted(generated());
    ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
    ArrayNode columns = (ArrayNode) version.get("additionalPrinterColumns");
    var ordered =
        StreamSupport.stream(columns.spliterator(), false)
            .sorted(Comparator.comparing(column -> COLUMNS.indexOf(column.path("name").asText())))
            .toList();
    columns.removeAll().addAll(ordered);
    complete((ObjectNode) version.at("/schema/openAPIV3Schema"), "");
    return sorted(crd);
  }

  private static ObjectNode generated() {
    var out = new ByteArrayOutputStream();
    new io.fabric8.crdv2.generator.CRDGenerator()
        .customResourceClasses(FlinkCluster.class)
        .forCRDVersions("v1")
        .withParallelGenerationEnabled(false)
        .withOutput(new InMemory(out))
        .generate();
    return Serialization.unmarshal(out.toString(StandardCharsets.UTF_8), ObjectNode.class);
  }

  private static void complete(ObjectNode schema, String path) {
    if (!path.isEmpty() && !schema.has("description") && FOREIGN_DESCRIPTIONS.containsKey(path)) {
      schema.put("description", FOREIGN_DESCRIPTIONS.get(path));
    }
    if (schema.get("x-kubernetes-validations") instanceof ArrayNode rules) {
      var once = new LinkedHashSet<JsonNode>();
      rules.forEach(once::add);
      rules.removeAll().addAll(once);
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property ->
                complete(
                    (ObjectNode) property.getValue(),
                    path.isEmpty() ? property.getKey() : path + "." + property.getKey()));
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      schema.put("maxLength", 32);
    }
    if (RANGES.containsKey(path)) {
      Range range = RANGES.get(path);
      schema.put("minimum", range.minimum()).put("pattern", range.pattern());
    }
    if (schema.get("additionalProperties") instanceof ObjectNode values) {
      complete(values, path + "{}");
    }
    if (schema.get("items") instanceof ObjectNode items) {
      completeList(schema, items, path);
    }
  }

  private static void completeList(ObjectNode schema, ObjectNode items, String path) {
    String key = MERGE_KEYS.get(path);
    schema.put("x-kubernetes-list-type", key == null ? "atomic" : "map");
    if (key != null) {
      schema.putArray("x-kubernetes-list-map-keys").add(key);
      requireKey(items, key);
    }
    complete(items, path + "[]");
  }

  /** The API server wants a merge key to be required. */
  private static void requireKey(ObjectNode items, String key) {
    var required = new LinkedHashSet<String>();
    items.path("required").forEach(name -> required.add(name.asText()));
    required.add(key);
    ArrayNode array = items.putArray("required");
    required.stream().sorted().forEach(array::add);
  }

  private static ObjectNode sorted(JsonNode node) {
    return (ObjectNode) sortedCopy(node);
  }

  private static JsonNode sortedCopy(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = array.arrayNode();
      array.forEach(element -> copy.add(sortedCopy(element)));
      return copy;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = object.objectNode();
      object.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(field -> copy.set(field.getKey(), sortedCopy(field.getValue())));
      return copy;
    }
    return node;
  }

  private static String text(ObjectNode crd) {
    var mapper =
        YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
    try {
      return mapper.writeValueAsString(crd);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Size that counts against etcd's and kubectl's limits. */
  static int jsonBytes() {
    try {
      return new ObjectMapper().writeValueAsBytes(tree()).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> foreignDescriptions() {
    var texts = new HashMap<String, String>();
    texts.put("ipBlock", "A range of addresses.");
    texts.put("ipBlock.cidr", "The range, for instance 10.0.0.0/16.");
    texts.put("ipBlock.except", "Ranges within cidr that stay shut out.");
    for (String selector : List.of("namespaceSelector", "podSelector")) {
      String what = selector.equals("podSelector") ? "Pods" : "Namespaces";
      texts.put(selector, what + " selected by label.");
      texts.put(selector + ".matchLabels", "Labels that all must match.");
      texts.put(selector + ".matchExpressions", "Expressions that all must match.");
      texts.put(selector + ".matchExpressions[].key", "The label.");
      texts.put(selector + ".matchExpressions[].operator", "In, NotIn, Exists or DoesNotExist.");
      texts.put(selector + ".matchExpressions[].values", "The values of In and NotIn.");
    }
    return texts.entrySet().stream()
        .collect(Collectors.toMap(text -> PEER + text.getKey(), text -> text.getValue() + SAME));
  }

  private record InMemory(ByteArrayOutputStream out)
      implements io.fabric8.crdv2.generator.CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    @Override
    public ByteArrayOutputStream outputFor(String name) {
      return out;
    }

    @Override
    public void close() {
      // nothing to release
    }
  }
}
