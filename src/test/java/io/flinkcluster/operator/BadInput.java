package io.flinkcluster.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of {@code src/test/resources/bad}: manifests of which the last is refused, by the layer
 * and with the words that its first lines say.
 *
 * @param layer schema: types, ranges, enums, patterns; cel: rules over several fields; api: the API
 *     server's own rules; admit: the operator's rules, after the API server has accepted it
 * @param before what is applied first; empty for a case about creation
 */
public record BadInput(
    String id, Layer layer, Pattern message, List<ObjectNode> before, ObjectNode refused) {

  /** Who refuses it. */
  public enum Layer {
    SCHEMA,
    CEL,
    API,
    ADMIT
  }

  static List<BadInput> all() {
    return Manifests.in(Path.of("src", "test", "resources", "bad")).stream()
        .map(BadInput::read)
        .toList();
  }

  static List<BadInput> refusedByTheServer() {
    return all().stream().filter(input -> input.layer() != Layer.ADMIT).toList();
  }

  /** Those that only the operator can refuse. */
  public static List<BadInput> refusedByTheOperator() {
    return all().stream().filter(input -> input.layer() == Layer.ADMIT).toList();
  }

  private static BadInput read(Path file) {
    String text = Manifests.text(file);
    List<ObjectNode> objects = Manifests.objects(file);
    return new BadInput(
        file.getFileName().toString().replace(".yaml", ""),
        Layer.valueOf(header(text, "expectLayer").toUpperCase(java.util.Locale.ROOT)),
        Pattern.compile(header(text, "expectMessage"), Pattern.DOTALL),
        objects.subList(0, objects.size() - 1),
        objects.get(objects.size() - 1));
  }

  private static String header(String text, String key) {
    Matcher matcher = Pattern.compile("(?m)^# " + key + ": (.+)$").matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no line '# " + key + ": …' in\n" + text);
    }
    return matcher.group(1).strip();
  }

  /** Whether its fault is in the spec, so that an existing cluster can be changed to it. */
  boolean fitsAnExistingCluster() {
    return before.isEmpty() && refused.at("/metadata/name").asText().equals("demo");
  }

  @Override
  public String toString() {
    return id;
  }
}
