package io.flinkcluster.operator.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Files that are part of the operator and go into every cluster's ConfigMap. */
final class Files {

  /** Starts one Flink process. */
  static final String START = read("start.sh");

  /** The part of it that finds the snapshot from which a job begins. */
  static final String NEWEST_SNAPSHOT = read("newest-snapshot.sh");

  /** The part of it that lets Flink start only once in a pod. */
  static final String FENCE = read("fence.sh");

  /** What goes on from there in a JobManager that was prepared, once it is released. */
  static final String RELEASED = read("released.sh");

  /** The main class of a JobManager that is prepared: Java 8. */
  static final String LAUNCHER = binary("/io/flinkcluster/launcher/Launcher.class");

  /** By which Flink finds the RPC system that the launcher has loaded. */
  static final String WARM_RPC = binary("/io/flinkcluster/launcher/WarmRpc.class");

  /**
   * The classes that the start of a JobManager needs, as the launcher reads them: recorded with
   * Flink 2.3 ({@code dev/images/classes}). Most are in every version, and others are ignored.
   */
  static final String CLASSES = binary("jobmanager.classes");

  /** The liveness probe of a Flink process. */
  static final String ALIVE = read("alive.sh");

  /** Logging to the console and to a small file that Flink's web UI shows. */
  static final String LOG4J = read("log4j-console.properties");

  private Files() {}

  private static String read(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static String binary(String name) {
    return Base64.getEncoder().encodeToString(bytes(name));
  }

  private static byte[] bytes(String name) {
    try (var in = Files.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the operator's own archive lacks " + name, e);
    }
  }
}
