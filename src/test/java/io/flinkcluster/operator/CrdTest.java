package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CrdTest {
  private static final JsonNode CRD = CrdGenerator.tree();
  private static final JsonNode VERSION = CRD.at("/spec/versions/0");
  private static final JsonNode SCHEMA = VERSION.at("/schema/openAPIV3Schema");

  /** What a description may say about a change of the field. */
  private static final Pattern CONSEQUENCE =
      Pattern.compile(
          "A change (alone )?(restarts the job with its state|touches nothing that runs|rescales the"
              + " job)|a change rescales the job|Later changes of it are ignored|it can change only"
              + " together with|stop the job with a savepoint and keep it");

  @Test
  void theCommittedDefinitionIsTheGeneratedOne() throws IOException {
    String generated = CrdGenerator.yaml();
    if (Boolean.getBoolean("crds.update")) {
      Files.writeString(CrdGenerator.FILE, generated);
      Files.writeString(CrdGenerator.COPY, generated);
    }
    List<String> wanted = generated.lines().toList();
    List<String> committed = Files.readAllLines(CrdGenerator.FILE);
    int same = 0;
    while (same < Math.min(wanted.size(), committed.size())
        && wanted.get(same).equals(committed.get(same))) {
      same++;
    }
    assertThat(committed.stream().skip(same).findFirst())
        .as(
            "%s, line %d is older than the Java types; refresh: %s",
            CrdGenerator.FILE, same + 1, CrdGenerator.REFRESH)
        .isEqualTo(wanted.stream().skip(same).findFirst());
  }

  @Test
  void everyFieldIsDescribed() {
    var silent = new ArrayList<String>();
    properties()
        .forEach(
            (path, schema) -> {
              if (schema.path("description").asText().isBlank()) {
                silent.add(path);
              }
            });
    assertThat(silent).isEmpty();
  }

  @Test
  void everySpecFieldSaysWhatItsChangeDoesToARunningJob() {
    var silent = new ArrayList<String>();
    properties()
        .forEach(
            (path, schema) -> {
              boolean leaf = !schema.has("properties") && !schema.at("/items").has("properties");
              if (path.startsWith("spec.")
                  && leaf
                  && !CONSEQUENCE.matcher(schema.path("description").asText()).find()) {
                silent.add(path);
              }
            });
    assertThat(silent).isEmpty();
  }

  @Test
  void theDefinitionFitsIntoAnAnnotation() {
    // kubectl's client-side apply keeps the whole object as JSON in one annotation
    int bytes = CrdGenerator.jsonBytes();
    System.out.println(CrdGenerator.FILE + ": " + bytes + " of 262144 bytes as JSON");
    assertThat(bytes).as("bytes of JSON").isLessThan(262_144 / 2);
  }

  @Test
  void theColumnsAreThoseOfTheContract() {
    var names = new ArrayList<String>();
    var wide = new ArrayList<String>();
    VERSION
        .path("additionalPrinterColumns")
        .forEach(
            column ->
                (column.path("priority").asInt(0) == 0 ? names : wide)
                    .add(column.path("name").asText()));
    assertThat(names)
        .containsExactly("READY", "PHASE", "JOB", "PARALLELISM", "TMS", "OPERATION", "AGE");
    assertThat(wide)
        .containsExactly("VERSION", "IMAGE", "JOBMANAGER", "LAST CHECKPOINT", "MESSAGE");
  }

  @Test
  void aResourceNobodyHasLookedAtIsNeverReady() {
    assertThat(SCHEMA.at("/properties/status/default/observedGeneration").asInt()).isEqualTo(-1);
    assertThat(SCHEMA.at("/properties/status/properties/observedGeneration/default").asInt())
        .isEqualTo(-1);
  }

  @Test
  void taskManagersAreTheTargetOfScaling() {
    JsonNode scale = VERSION.at("/subresources/scale");
    assertThat(scale.path("specReplicasPath").asText()).isEqualTo(".spec.taskManager.replicas");
    assertThat(scale.path("statusReplicasPath").asText())
        .isEqualTo(".status.taskManagers.replicas");
    assertThat(scale.path("labelSelectorPath").asText()).isEqualTo(".status.taskManagers.selector");
    assertThat(VERSION.at("/subresources").has("status")).isTrue();
  }

  @Test
  void noRuleIsWrittenTwice() {
    var lists = new ArrayList<JsonNode>();
    for (JsonNode schema : SCHEMA.findParents("x-kubernetes-validations")) {
      lists.add(schema.get("x-kubernetes-validations"));
    }
    assertThat(lists).hasSizeGreaterThan(3);
    assertThat(lists)
        .allSatisfy(
            rules -> {
              List<String> texts = rules.findValuesAsText("rule");
              assertThat(texts).doesNotHaveDuplicates();
            });
  }

  @Test
  void listsOfNamedThingsAreMergedByName() {
    var properties = properties();
    CrdGenerator.MERGE_KEYS.forEach(
        (path, key) -> {
          JsonNode list = properties.get(path);
          assertThat(list).as(path).isNotNull();
          assertThat(list.path("x-kubernetes-list-type").asText()).as(path).isEqualTo("map");
          assertThat(list.at("/x-kubernetes-list-map-keys/0").asText()).as(path).isEqualTo(key);
          assertThat(list.at("/items/required"))
              .as(path)
              .anySatisfy(name -> assertThat(name.asText()).isEqualTo(key));
        });
  }

  @Test
  void podTemplatesAreOpen() {
    var properties = properties();
    for (String path :
        List.of(
            "spec.podTemplate", "spec.jobManager.podTemplate", "spec.taskManager.podTemplate")) {
      JsonNode template = properties.get(path);
      assertThat(template.path("type").asText()).as(path).isEqualTo("object");
      assertThat(template.path("x-kubernetes-preserve-unknown-fields").asBoolean())
          .as(path)
          .isTrue();
      assertThat(template.has("properties")).as(path).isFalse();
    }
  }

  /** Schemas of all fields by path; elements of a list are {@code []}. */
  private static TreeMap<String, JsonNode> properties() {
    var found = new TreeMap<String, JsonNode>();
    collect(SCHEMA.at("/properties/spec"), "spec", found);
    collect(SCHEMA.at("/properties/status"), "status", found);
    return found;
  }

  private static void collect(JsonNode schema, String path, TreeMap<String, JsonNode> found) {
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String inner = path + "." + property.getKey();
              found.put(inner, property.getValue());
              collect(property.getValue(), inner, found);
            });
    if (schema.has("items")) {
      collect(schema.get("items"), path + "[]", found);
    }
  }
}
