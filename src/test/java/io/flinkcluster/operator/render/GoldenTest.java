package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dgolden.update=true} writes what is rendered now as what is expected from now on. */
class GoldenTest {

  private static final Path CASES = Path.of("src/test/resources/golden");
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());
  private static final OperatorIdentity OPERATOR =
      new OperatorIdentity(
          "flink-system",
          Map.of("app.kubernetes.io/name", "flinkcluster-operator"),
          "registry.example.com/flinkcluster-operator:0.1.0");

  static Stream<Path> cases() throws IOException {
    return Files.list(CASES).sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aResourceIsRenderedAsTheGoldenFilesSay(Path folder) throws IOException {
    var rendered = Rendered.of(folder);

    for (HasMetadata object : rendered.objects()) {
      String name = object.getKind().toLowerCase() + "-" + object.getMetadata().getName() + ".yaml";
      compare(folder.resolve(name), YAML.writeValueAsString(shown(object)));
    }
    compare(folder.resolve("config.yaml"), rendered.yaml());
    assertThat(Files.list(folder)).hasSize(rendered.objects().size() + 2);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void flinkReadsTheConfigurationBackAsItWasMeant(Path folder, @TempDir Path conf)
      throws IOException {
    var rendered = Rendered.of(folder);
    Files.writeString(conf.resolve("config.yaml"), rendered.yaml());

    var read = GlobalConfiguration.loadConfiguration(conf.toString()).toMap();

    assertThat(read).isEqualTo(rendered.values());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noObjectHasNullsOrEmptyLists(Path folder) throws IOException {
    for (HasMetadata object : Rendered.of(folder).objects()) {
      assertTidy(object.getMetadata().getName(), Json.tree(object));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameResourceIsRenderedTheSameTwice(Path folder) throws IOException {
    assertThat(Rendered.of(folder)).isEqualTo(Rendered.of(folder));
  }

  /** Argo CD that tracks by label would prune them. */
  @ParameterizedTest
  @MethodSource("cases")
  void noObjectWithoutAnOwnerLooksLikeOneOfAnApplication(Path folder) throws IOException {
    for (HasMetadata object : Rendered.of(folder).objects()) {
      if (object.getMetadata().getOwnerReferences().isEmpty()) {
        assertThat(object.getMetadata().getLabels())
            .as(object.getMetadata().getName())
            .doesNotContainKey(Labels.INSTANCE);
      }
    }
  }

  private static void assertTidy(String path, JsonNode node) {
    assertThat(node.isNull()).as(path).isFalse();
    assertThat(node.isArray() && node.isEmpty()).as(path).isFalse();
    node.properties().forEach(f -> assertTidy(path + "." + f.getKey(), f.getValue()));
    if (node.isArray()) {
      node.forEach(item -> assertTidy(path + "[]", item));
    }
  }

  private static void compare(Path file, String actual) throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, actual);
    }
    assertThat(file).exists();
    assertThat(actual).as(file.toString()).isEqualTo(Files.readString(file));
  }

  /** Without what would change every golden file with every word in a shared file. */
  private static JsonNode shown(HasMetadata object) {
    var tree = (ObjectNode) Json.sorted(Json.tree(object));
    var annotations = (ObjectNode) tree.get("metadata").get("annotations");
    annotations.put(Labels.RENDERED, "<hash>");
    if (annotations.has(Labels.TEMPLATE)) {
      annotations.put(Labels.TEMPLATE, "<hash>");
    }
    if (tree.get("data") instanceof ObjectNode data) {
      data.put("start.sh", "<start.sh>");
      data.put("fence.sh", "<fence.sh>");
      data.put("newest-snapshot.sh", "<newest-snapshot.sh>");
      if (data.has("released.sh")) {
        data.put("released.sh", "<released.sh>");
      }
      data.put("alive.sh", "<alive.sh>");
      data.put("config.yaml", "<config.yaml>");
      if (data.get("log4j-console.properties")
          .asText()
          .equals(io.flinkcluster.operator.render.Files.LOG4J)) {
        data.put("log4j-console.properties", "<log4j-console.properties>");
      }
    }
    if (tree.get("binaryData") instanceof ObjectNode binary) {
      binary.properties().forEach(f -> f.setValue(TextNode.valueOf("<" + f.getKey() + ">")));
    }
    return tree;
  }

  record Rendered(String yaml, Map<String, String> values, List<HasMetadata> objects) {

    static Rendered of(Path folder) throws IOException {
      var resource =
          YAML.readValue(Files.readString(folder.resolve("in.yaml")), FlinkCluster.class);
      var admission = AdmissionRules.check(resource);
      assertThat(admission).isInstanceOf(Admission.Accepted.class);
      CheckedCluster cluster = ((Admission.Accepted) admission).cluster();
      var annotations = Optional.ofNullable(resource.getMetadata().getAnnotations());
      long epoch = annotations.map(a -> a.get("golden/epoch")).map(Long::parseLong).orElse(1L);
      var launch =
          new Launch(
              epoch,
              cluster.job().map(job -> Ids.jobId(cluster.uid(), epoch)),
              annotations.map(a -> a.get("golden/restored-from")),
              List.of(),
              annotations.map(a -> a.get("golden/prepared")).isPresent());
      var config = FlinkConfigRenderer.render(cluster, launch);
      var objects = new ArrayList<HasMetadata>();
      objects.add(LaunchObjects.configMap(cluster, launch, config));
      objects.add(LaunchObjects.jobManagerService(cluster, launch));
      objects.add(LaunchObjects.jobManager(cluster, launch, config, OPERATOR));
      objects.add(LaunchObjects.taskManager(cluster, launch, config));
      objects.addAll(StableObjects.of(cluster, cluster, epoch, false, OPERATOR));
      if (cluster.highlyAvailable()) {
        objects.add(CleanupPod.of(cluster, launch, OPERATOR));
        objects.add(StorageCheckPod.of(cluster, launch, OPERATOR));
        if (cluster.dirs().checkpoints().isPresent()) {
          objects.add(leftovers(cluster, launch));
        }
      }
      objects.forEach(object -> ChildMetadata.put(object, cluster.spec().childMetadata()));
      return new Rendered(config.toYaml(), config.values(), objects);
    }

    private static HasMetadata leftovers(CheckedCluster cluster, Launch launch) {
      var question =
          new LeftoversPod.Question(
              launch.epoch(),
              List.of(launch.epoch()),
              List.of("s3://bucket/savepoints/savepoint-1"),
              Duration.ofDays(1),
              true,
              Duration.ofMinutes(15));
      return LeftoversPod.of("storage", cluster, launch, question, OPERATOR);
    }
  }
}
