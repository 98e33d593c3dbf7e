package io.flinkcluster.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The chart as Helm renders it, without a cluster. */
public record RenderedChart(String text, List<JsonNode> objects) {
  static final Path DIRECTORY = Path.of("helm", "flinkcluster-operator");

  private static final YAMLMapper YAML = new YAMLMapper();

  /**
   * Renders the chart as release {@code flink} in namespace {@code operators}.
   *
   * @param values YAML over the chart's own values
   * @throws RuntimeException with Helm's message where the values are refused
   */
  static RenderedChart with(String... values) {
    return in("operators", values);
  }

  /** Renders the chart as release {@code flink} in the namespace. */
  public static RenderedChart in(String namespace, String... values) {
    return of("flink", namespace, values);
  }

  /** Renders the chart as this release in the namespace. */
  static RenderedChart of(String release, String namespace, String... values) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, String.join("\n", values));
        return render(release, namespace, file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With what Helm would run before and after, which it otherwise leaves out of a template. */
  static RenderedChart withHooks(String... values) {
    try {
      Path chart = Files.createTempDirectory("chart");
      try (Stream<Path> files = Files.walk(DIRECTORY)) {
        for (Path file : files.toList()) {
          Path copy = chart.resolve(DIRECTORY.relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(copy);
          } else {
            Files.writeString(copy, Files.readString(file).replace("helm.sh/hook: ", "hook: "));
          }
        }
      }
      Path file = Files.writeString(chart.resolve("given.yaml"), String.join("\n", values));
      return render(chart, "flink", "operators", file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RenderedChart render(String release, String namespace, Path values)
      throws IOException {
    return render(DIRECTORY, release, namespace, values);
  }

  private static RenderedChart render(Path chart, String release, String namespace, Path values)
      throws IOException {
    String text =
        new Helm(chart)
            .template()
            .withName(release)
            .withNamespace(namespace)
            // Helm would otherwise assume 1.20, which the chart refuses
            .withKubeVersion("1.34.4")
            .withValuesFile(values)
            .call();
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      return new RenderedChart(
          text, documents.readAll().stream().filter(JsonNode::isObject).toList());
    }
  }

  /** All objects of the kind. */
  Stream<JsonNode> all(String kind) {
    return objects.stream().filter(o -> o.path("kind").asText().equals(kind));
  }

  /** The only object of the kind. */
  JsonNode the(String kind) {
    List<JsonNode> found = all(kind).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects of kind " + kind);
    }
    return found.get(0);
  }

  /** {@code Kind namespace/name} of every object. */
  List<String> ids() {
    return objects.stream()
        .map(
            o ->
                o.path("kind").asText()
                    + " "
                    + o.at("/metadata/namespace").asText("-")
                    + "/"
                    + o.at("/metadata/name").asText())
        .toList();
  }

  /** The operator's container. */
  JsonNode container() {
    return the("Deployment").at("/spec/template/spec/containers/0");
  }

  /** A variable of the operator's container; empty where it is not set to a literal. */
  String env(String name) {
    return StreamSupport.stream(container().path("env").spliterator(), false)
        .filter(e -> e.path("name").asText().equals(name))
        .map(e -> e.path("value").asText())
        .findFirst()
        .orElse("");
  }

  /** Every rule of every Role and ClusterRole. */
  List<JsonNode> rules() {
    return Stream.concat(all("Role"), all("ClusterRole"))
        .flatMap(role -> StreamSupport.stream(role.path("rules").spliterator(), false))
        .toList();
  }

  /**
   * {@code GROUP/RESOURCE VERB} of all that its Roles grant.
   *
   * @param except end of the name of a Role that is left out
   */
  public Set<String> rights(String except) {
    var rights = new TreeSet<String>();
    for (JsonNode role : all("Role").toList()) {
      if (!role.at("/metadata/name").asText().endsWith(except)) {
        role.path("rules").forEach(rule -> rights.addAll(rights(rule)));
      }
    }
    return rights;
  }

  private static Set<String> rights(JsonNode rule) {
    var rights = new TreeSet<String>();
    String group = rule.at("/apiGroups/0").asText();
    for (JsonNode resource : rule.path("resources")) {
      for (JsonNode verb : rule.path("verbs")) {
        rights.add(group + "/" + resource.asText() + " " + verb.asText());
      }
    }
    return rights;
  }
}
