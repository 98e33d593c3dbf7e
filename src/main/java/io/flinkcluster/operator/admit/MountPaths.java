package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Paths of a Flink container at which something is mounted that nothing else may take. */
final class MountPaths {

  /** Nothing may be mounted over, at or below these. */
  private static final Map<String, String> WHOLE =
      Map.of(
          "/opt/flink/conf", "Flink's configuration",
          "/flinkcluster", "what the operator mounts");

  /** A single file may be mounted into these, but nothing in their place. */
  private static final Map<String, String> IN_PLACE =
      Map.of("/opt/flink/lib", "Flink's own jars", "/opt/flink/bin", "Flink's own scripts");

  private MountPaths() {}

  /** One spelling of an absolute path. */
  static String normal(String path) {
    var parts = new ArrayDeque<String>();
    for (String part : path.split("/+")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  /** What of Flink and the operator a mount at this path would hide. */
  static Optional<String> reserved(String path) {
    if (path.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    String at = normal(path);
    return Optional.<String>empty()
        .or(() -> find(WHOLE, at, true))
        .or(() -> find(IN_PLACE, at, false));
  }

  /** As {@link #reserved}, and what fields of the spec have mounted. */
  static Optional<String> hidden(FlinkClusterSpec spec, String path) {
    return reserved(path)
        .or(
            () ->
                mounted(spec).entrySet().stream()
                    .filter(mount -> Mounts.covers(mount.getKey(), normal(path)))
                    .map(Map.Entry::getValue)
                    .findFirst());
  }

  private static Map<String, String> mounted(FlinkClusterSpec spec) {
    var paths = new LinkedHashMap<String, String>();
    if (spec.hadoopConf() != null && spec.hadoopConf().mountPath() != null) {
      paths.put(normal(spec.hadoopConf().mountPath()), "the files of spec.hadoopConf");
    }
    for (int i = 0; i < spec.secretFiles().size(); i++) {
      String path = spec.secretFiles().get(i).mountPath();
      if (path != null) {
        paths.put(normal(path), "the files of spec.secretFiles[" + i + "]");
      }
    }
    return paths;
  }

  private static Optional<String> find(Map<String, String> paths, String at, boolean below) {
    return paths.entrySet().stream()
        .filter(
            entry ->
                Mounts.covers(at, entry.getKey()) || below && Mounts.covers(entry.getKey(), at))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
