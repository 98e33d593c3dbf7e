package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.flinkcluster.operator.api.FlinkCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of Kubernetes objects, as YAML or JSON. */
final class Manifest {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
              .disable(YAMLGenerator.Feature.SPLIT_LINES));

  private Manifest() {}

  /**
   * All objects in it; those of a List one by one.
   *
   * @param file {@code -} for standard input
   */
  static List<JsonNode> objects(String file) {
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      var objects = new ArrayList<JsonNode>();
      try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
        while (values.hasNextValue()) {
          collect(values.nextValue(), objects);
        }
      }
      return objects;
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.USAGE, file + ": there is no such file");
    } catch (IOException e) {
      String words = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new Failure(ExitCode.USAGE, file + " cannot be read as YAML: " + words);
    }
  }

  private static void collect(JsonNode object, List<JsonNode> objects) {
    if (object == null || object.isNull() || object.isMissingNode()) {
      return;
    }
    if (object.path("items").isArray()) {
      object.get("items").forEach(item -> collect(item, objects));
    } else {
      objects.add(object);
    }
  }

  /** The FlinkClusters of the operator in it; at least one. */
  static List<JsonNode> clusters(String file) {
    List<JsonNode> clusters =
        objects(file).stream()
            .filter(o -> o.path("kind").asText().equals("FlinkCluster"))
            .filter(o -> o.path("apiVersion").asText().startsWith(FlinkCluster.GROUP + "/"))
            .toList();
    if (clusters.isEmpty()) {
      throw new Failure(
          ExitCode.USAGE, file + " holds no FlinkCluster of " + FlinkCluster.GROUP + "/v1");
    }
    return clusters;
  }

  static String yaml(JsonNode object) {
    try {
      return YAML.writeValueAsString(object);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
