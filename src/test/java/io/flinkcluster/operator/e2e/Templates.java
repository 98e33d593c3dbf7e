package io.flinkcluster.operator.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Manifests of these tests, with words to be replaced. */
final class Templates {
  private Templates() {}

  /** The file {@code e2e/FILE.yaml} for a cluster of this name and Flink version. */
  static String read(String file, String name, String version) {
    try (InputStream in = Templates.class.getResourceAsStream("/e2e/" + file + ".yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("NAME", name)
          .replace("VERSION", version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The first example, for this Flink version; with frequent checkpoints, and with JVMs that start
   * quickly rather than run fast. It asks for so little that the old and the new pods of several
   * stories find room on a node of two cores.
   */
  static String firstExample(String version) {
    return example("01-stateful-streaming", version);
  }

  /** The same of the example with two JobManagers. */
  static String highlyAvailable(String version) {
    return example("09-high-availability", version);
  }

  private static String example(String file, String version) {
    try {
      return Files.readString(Path.of("examples", file + ".yaml"))
          .replace("\"2.3\"", "\"" + version + "\"")
          .replace("flink:2.3", "flink:" + version)
          .replace("checkpointInterval: 10s", "checkpointInterval: 2s")
          .replace("cpu: 200m", "cpu: 50m")
          .replace(
              "  storage:\n    base",
              "  flinkConfiguration: {env.java.opts.all: -XX:TieredStopAtLevel=1}\n"
                  + "  storage:\n    base");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one manifest with JSON, with single quotes for double ones, merged into it. */
  static String merged(String manifest, String merge) {
    try {
      var yaml = new YAMLMapper();
      JsonNode whole = yaml.readTree(manifest);
      yaml.setDefaultMergeable(true)
          .readerForUpdating(whole)
          .readValue(new ObjectMapper().readTree(merge.replace('\'', '"')));
      return yaml.writeValueAsString(whole);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
