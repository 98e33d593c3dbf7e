package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The pages that look things up are made from what they are about. */
class GoldenDocsTest {
  private static final String REFRESH = "mvn -q test -Dtest=GoldenDocsTest -Ddocs.update=true";
  private static final Path CRD = Path.of("crds", "flinkclusters.flinkcluster.io-v1.yml");
  private static final Pattern VALUE = Pattern.compile("^( *)([A-Za-z][A-Za-z0-9]*):(.*)$");
  private static final int CUT = 60;

  private static void compare(String name, String title, String from, String text)
      throws IOException {
    Path page = Path.of("docs", "reference", name);
    String whole =
        "# %s\n\nThis page is generated from %s; a test compares them. Refresh it with\n`%s`.\n%s"
            .formatted(title, from, REFRESH, text);
    if (Boolean.getBoolean("docs.update")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, whole);
    }
    assertThat(Files.exists(page) ? Files.readString(page) : "")
        .as("refresh: " + REFRESH)
        .isEqualTo(whole);
  }

  @Test
  void api() throws IOException {
    JsonNode schema =
        new YAMLMapper()
            .readTree(CRD.toFile())
            .at("/spec/versions/0/schema/openAPIV3Schema/properties");
    var page = new StringBuilder();
    Deque<Map.Entry<String, JsonNode>> open = new ArrayDeque<>();
    open.add(Map.entry("spec", schema.path("spec")));
    open.add(Map.entry("status", schema.path("status")));
    while (!open.isEmpty()) {
      var next = open.removeFirst();
      page.append(object(next.getKey(), next.getValue(), open));
    }
    compare("api.md", "API: flinkcluster.io/v1", "the resource definition", page.toString());
  }

  private static String object(
      String path, JsonNode schema, Deque<Map.Entry<String, JsonNode>> open) {
    var section = new StringBuilder("\n## ").append(path).append("\n\n");
    if (schema.hasNonNull("description")) {
      section.append(schema.path("description").asText()).append("\n\n");
    }
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(r -> required.add(r.asText()));
    section.append("| field | type | default | |\n|---|---|---|---|\n");
    var inner = new ArrayList<Map.Entry<String, JsonNode>>();
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      JsonNode type = field.getValue();
      String name = path + "." + field.getKey();
      JsonNode items = type.path("items");
      boolean nested = described(type);
      boolean list = described(items);
      if (nested || list) {
        inner.add(Map.entry(list ? name + "[]" : name, list ? items : type));
      }
      section.append(
          "| %s%s | %s | %s | %s |\n"
              .formatted(
                  nested || list
                      ? "[`%s`](#%s)".formatted(field.getKey(), anchor(list ? name + "[]" : name))
                      : "`" + field.getKey() + "`",
                  required.contains(field.getKey()) ? " **required**" : "",
                  cell(type(type)),
                  type.has("default") ? "`" + cell(cut(type.path("default").toString())) + "`" : "",
                  cell(type.path("description").asText())));
    }
    for (int i = inner.size() - 1; i >= 0; i--) {
      open.addFirst(inner.get(i));
    }
    return section.toString();
  }

  /** Whether it has fields of ours: what Kubernetes itself defines is not written out. */
  private static boolean described(JsonNode type) {
    return type.path("properties").properties().stream()
        .anyMatch(p -> p.getValue().hasNonNull("description"));
  }

  private static String type(JsonNode type) {
    if (type.has("enum")) {
      var values = new ArrayList<String>();
      type.path("enum").forEach(v -> values.add("`" + v.asText() + "`"));
      return String.join(", ", values);
    }
    if (type.path("x-kubernetes-int-or-string").asBoolean()) {
      return "int or string";
    }
    String name = type.path("type").asText();
    if (name.equals("array")) {
      return "list of " + type(type.path("items"));
    }
    if (type.has("additionalProperties")) {
      return "map to " + type(type.path("additionalProperties"));
    }
    if (type.has("minimum") || type.has("maximum")) {
      return "%s, %s to %s"
          .formatted(name, type.path("minimum").asText("…"), type.path("maximum").asText("…"));
    }
    return name;
  }

  private static String cut(String text) {
    return text.length() <= CUT ? text : text.substring(0, CUT) + "…";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;");
  }

  private static String anchor(String heading) {
    return DocumentationTest.anchor(heading);
  }

  @Test
  void helmValues() throws IOException {
    var rows = new StringBuilder("\n| value | default | |\n|---|---|---|\n");
    var path = new ArrayList<String>();
    var words = new ArrayList<String>();
    List<String> lines = Files.readAllLines(RenderedChart.DIRECTORY.resolve("values.yaml"));
    for (String line : lines) {
      String text = line.strip();
      if (text.startsWith("# -- ")) {
        words.clear();
        words.add(text.substring(5));
      } else if (text.startsWith("#") && !words.isEmpty()) {
        words.add(text.substring(1).strip());
      } else {
        Matcher value = VALUE.matcher(line);
        if (value.matches()) {
          int depth = value.group(1).length() / 2;
          while (path.size() > depth) {
            path.remove(path.size() - 1);
          }
          path.add(value.group(2));
          String is = value.group(3).replaceFirst(" +#.*$", "").strip();
          if (!is.isEmpty() || !words.isEmpty()) {
            rows.append(
                "| `%s` | %s | %s |\n"
                    .formatted(
                        String.join(".", path),
                        is.isEmpty() ? "" : "`" + cell(is) + "`",
                        cell(String.join(" ", words))));
          }
        }
        words.clear();
      }
    }
    compare("helm-values.md", "Helm values", "`values.yaml` of the chart", rows.toString());
  }

  @Test
  void kubectlPlugin() throws IOException {
    CommandLine root = Main.commands();
    var page = new StringBuilder(usage("kubectl flinkcluster", root));
    root.getSubcommands()
        .forEach(
            (name, command) -> {
              if (!command.getCommandSpec().usageMessage().hidden()) {
                page.append(usage(name, command));
              }
            });
    compare("kubectl.md", "kubectl flinkcluster", "the plugin's own help", page.toString());
  }

  private static String usage(String name, CommandLine command) {
    command.setUsageHelpWidth(80);
    String text = command.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing();
    return "\n## " + name + "\n\n```text\n" + text + "\n```\n";
  }
}
