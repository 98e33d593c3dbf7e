package io.flinkcluster.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.api.FlinkCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files with manifests. */
public final class Manifests {
  private Manifests() {}

  /** The YAML files of a directory, by name. */
  public static List<Path> in(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every object in the file, in order. */
  public static List<ObjectNode> objects(Path file) {
    var yaml = new YAMLMapper();
    try (var values = yaml.readerFor(ObjectNode.class).<ObjectNode>readValues(text(file))) {
      return values.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** The FlinkClusters in the file. */
  static List<FlinkCluster> clusters(Path file) {
    return objects(file).stream()
        .filter(object -> object.path("kind").asText().equals("FlinkCluster"))
        .map(object -> new ObjectMapper().convertValue(object, FlinkCluster.class))
        .toList();
  }
}
