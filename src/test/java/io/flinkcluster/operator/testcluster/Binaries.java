package io.flinkcluster.operator.testcluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The programs of the control plane. They come from {@code FLINKCLUSTER_BIN_DIR} (environment or
 * system property of that name), else from {@code dev/cluster/cluster binaries}, which builds them
 * once into a cache of the user.
 */
final class Binaries {
  private static final String SETTING = "FLINKCLUSTER_BIN_DIR";
  private static final List<String> NEEDED =
      List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl");

  private final Path dir;

  private Binaries(Path dir) {
    this.dir = dir;
  }

  /** Finds them; may take many minutes the first time, with progress on standard error. */
  static Binaries find() throws IOException, InterruptedException {
    String given = System.getProperty(SETTING, System.getenv(SETTING));
    Path dir = given == null ? built() : Path.of(given);
    for (String name : NEEDED) {
      if (!Files.isExecutable(dir.resolve(name))) {
        throw new IOException(
            dir
                + " has no program "
                + name
                + "; build it with dev/cluster/cluster binaries "
                + String.join(" ", NEEDED));
      }
    }
    return new Binaries(dir);
  }

  private static Path built() throws IOException, InterruptedException {
    Path script = Path.of("dev", "cluster", "cluster").toAbsolutePath();
    if (!Files.isExecutable(script)) {
      throw new IOException(
          script + " is missing; set " + SETTING + " to a directory with " + NEEDED);
    }
    var command = new java.util.ArrayList<>(List.of(script.toString(), "binaries"));
    command.addAll(NEEDED);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0 || out.isEmpty()) {
      throw new IOException(
          script + " binaries ended with " + process.exitValue() + "; its messages are above");
    }
    return Path.of(out.substring(out.lastIndexOf('\n') + 1).strip());
  }

  String path(String name) {
    return dir.resolve(name).toString();
  }
}
