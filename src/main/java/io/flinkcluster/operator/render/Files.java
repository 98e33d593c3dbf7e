package io.flinkcluster.operator.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Files that are part of the operator and go into every cluster's ConfigMap. */
final class Files {

  /** Starts one Flink process. */
  static final String START = read("start.sh");

  /** The part of it that finds the snapshot from which a job begins. */
  static final String NEWEST_SNAPSHOT = read("newest-snapshot.sh");

  /** The liveness probe of a Flink process. */
  static final String ALIVE = read("alive.sh");

  /** Logging to the console and to a small file that Flink's web UI shows. */
  static final String LOG4J = read("log4j-console.properties");

  private Files() {}

  private static String read(String name) {
    try (var in = Files.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the operator's own archive lacks " + name, e);
    }
  }
}
