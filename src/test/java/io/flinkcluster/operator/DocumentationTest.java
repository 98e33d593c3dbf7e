package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.cli.Main;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the documentation says is so: its links, its commands, its manifests, its runbooks. */
class DocumentationTest {
  private static final Path DOCS = Path.of("docs");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern FENCE = Pattern.compile("(?s)```(\\w+)\n(.*?)\n```");
  private static final Pattern INCLUDED = Pattern.compile("--8<-- \"([^\"]+)\"");
  private static final YAMLMapper YAML = new YAMLMapper();

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(DOCS)) {
      return Stream.concat(
              files.filter(f -> f.toString().endsWith(".md")).sorted(),
              Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
                  .map(Path::of))
          .toList();
    }
  }

  private static List<String> headings(Path page) throws IOException {
    String text = FENCE.matcher(Files.readString(page)).replaceAll("");
    return text.lines()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.replaceFirst("^#+ ", "").strip())
        .toList();
  }

  /** As MkDocs and GitHub make it of a heading. */
  static String anchor(String heading) {
    return heading
        .toLowerCase(java.util.Locale.ROOT)
        .replaceAll("[^\\w\\s-]", "")
        .strip()
        .replaceAll("[-\\s]+", "-");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) throws IOException {
    var broken = new ArrayList<String>();
    Matcher links = LINK.matcher(FENCE.matcher(Files.readString(page)).replaceAll(""));
    while (links.find()) {
      String link = links.group(1);
      if (!link.matches("^(https?|mailto):.*")) {
        String file = link.replaceFirst("#.*", "");
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        boolean there = Files.exists(target);
        boolean found =
            !link.contains("#")
                || there
                    && headings(target).stream()
                        .map(DocumentationTest::anchor)
                        .anyMatch(link.replaceFirst(".*#", "")::equals);
        if (!there || !found) {
          broken.add(link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void manifestsAreAccepted(Path page) throws IOException {
    Matcher fences = FENCE.matcher(Files.readString(page));
    while (fences.find()) {
      if (fences.group(1).equals("yaml")) {
        Matcher included = INCLUDED.matcher(fences.group(2));
        if (included.matches()) {
          assertThat(Path.of(included.group(1))).exists();
        } else {
          check(page, fences.group(2));
        }
      } else if (fences.group(1).equals("json")) {
        assertThat(new ObjectMapper().readTree(fences.group(2)).isObject()).isTrue();
      }
    }
  }

  private static void check(Path page, String text) throws IOException {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (documents.hasNextValue()) {
        JsonNode manifest = documents.nextValue();
        if (manifest.path("kind").asText().equals("FlinkCluster")) {
          FlinkCluster cluster = YAML.treeToValue(manifest, FlinkCluster.class);
          cluster.getMetadata().setNamespace("default");
          assertThat(AdmissionRules.check(cluster))
              .as("%s: %s", page, text)
              .isInstanceOf(Admission.Accepted.class);
          JsonNode known =
              YAML.valueToTree(YAML.treeToValue(manifest.get("spec"), FlinkClusterSpec.class));
          manifest
              .get("spec")
              .fieldNames()
              .forEachRemaining(field -> assertThat(known.has(field)).as(field).isTrue());
        }
      }
    }
  }

  /** Lines that are commands: in a block of commands, or indented by four. */
  private static List<String> commands(Path page) throws IOException {
    String text = Files.readString(page).replace("\\\n", " ");
    var commands = new ArrayList<String>();
    Matcher inline = Pattern.compile("`(kubectl flinkcluster [^`]+)`").matcher(text);
    while (inline.find()) {
      commands.add(inline.group(1));
    }
    text.lines()
        .map(String::strip)
        .flatMap(line -> Arrays.stream(line.split(" \\| ")))
        .map(line -> line.replaceFirst(" +#.*", "").replaceFirst(" > .*", ""))
        .filter(line -> line.startsWith("kubectl flinkcluster ") && !line.contains("`"))
        .forEach(commands::add);
    return commands;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandsOfThePluginExist(Path page) throws IOException {
    for (String command : commands(page)) {
      String[] words = command.split("\\s+");
      String[] arguments = Arrays.copyOfRange(words, 2, words.length);
      if (arguments.length > 0 && arguments[0].matches("[a-z-]+")) {
        CommandLine root = Main.commands();
        if (arguments.length == 1 && root.getSubcommands().containsKey(arguments[0])) {
          continue; // the name of a command, in a sentence
        }
        assertThat(root.parseArgs(arguments).subcommand()).as("%s: %s", page, command).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void scriptsAndAnnotationsExist(Path page) throws IOException {
    String text = Files.readString(page);
    Matcher scripts =
        Pattern.compile("`(?:\\./)?(dev/[a-z/-]+|demo|verify)(?: [^`]*)?`").matcher(text);
    while (scripts.find()) {
      assertThat(Path.of(scripts.group(1))).as(page.toString()).exists();
    }
    Set<String> known =
        Set.of(
            Labels.PAUSE,
            Labels.PLAN,
            Labels.SAVEPOINT,
            Labels.RESTART,
            Labels.UID,
            Labels.CLUSTER,
            Labels.EPOCH,
            Labels.FINALIZER,
            Labels.PROTECTED,
            "flinkcluster.io/v1");
    Matcher keys = Pattern.compile("\\bflinkcluster\\.io/[a-z0-9-]*[a-z0-9]").matcher(text);
    while (keys.find()) {
      assertThat(known).as(page.toString()).contains(keys.group());
    }
  }

  @Test
  void everyReasonHasItsRunbook() throws IOException {
    List<String> headings = headings(DOCS.resolve("runbooks.md"));
    assertThat(headings.subList(1, headings.size()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values()).map(Enum::name).toList());
  }

  @Test
  void everyExampleIsShown() throws IOException {
    String guides = Files.readString(DOCS.resolve("guides.md"));
    var missing = new TreeSet<String>();
    Manifests.in(Path.of("examples")).stream()
        .map(Path::toString)
        .filter(example -> !guides.contains("--8<-- \"" + example + "\""))
        .forEach(missing::add);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyPageIsInTheNavigation() throws IOException {
    String navigation = Files.readString(Path.of("mkdocs.yml"));
    try (Stream<Path> files = Files.walk(DOCS)) {
      assertThat(
              files
                  .filter(f -> f.toString().endsWith(".md"))
                  .map(f -> DOCS.relativize(f).toString())
                  .filter(f -> !navigation.contains("- " + f + "\n")))
          .isEmpty();
    }
  }
}
