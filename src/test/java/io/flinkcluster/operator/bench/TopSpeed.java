package io.flinkcluster.operator.bench;

import io.flinkcluster.operator.e2e.E2eNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The cluster that is measured: the first example, with frequent checkpoints.
 *
 * @param flink version of Flink, as in an image's tag
 */
record TopSpeed(String flink) {
  static final String NAME = "top-speed";

  private static final Path EXAMPLE = Path.of("examples", "01-stateful-streaming.yaml");
  private static final String KIND = "kind: FlinkCluster\n";

  /** The FlinkCluster itself. */
  String cluster() {
    return documents(true);
  }

  /** What its user makes before it. */
  String surroundings() {
    return documents(false);
  }

  private String documents(boolean cluster) {
    try {
      String example =
          Files.readString(EXAMPLE)
              .replace("\"2.3\"", "\"" + flink + "\"")
              .replace("flink:2.3", "flink:" + flink);
      return Arrays.stream(example.split("(?m)^---\n"))
          .filter(document -> document.contains(KIND) == cluster)
          .map(d -> d.replaceAll("checkpointInterval: .*", "checkpointInterval: 2s"))
          .collect(Collectors.joining("---\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects that the operator has made of it, as manifests of a user's own. */
  static String plain(E2eNamespace space) {
    return PlainManifests.of(
        space
            .kubectl()
            .ok(
                "get",
                "configmap,service,networkpolicy,poddisruptionbudget,deployment",
                "-l",
                "flinkcluster.io/cluster=" + NAME,
                "-o",
                "json"));
  }
}
