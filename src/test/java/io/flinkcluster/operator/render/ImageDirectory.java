package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A directory that looks to the start script like Flink's image, with a Java that prints what it is
 * given, one argument a line.
 */
final class ImageDirectory {
  private static final String JAVA =
      """
      #!/bin/bash
      printf '%s\\n' "$@"
      """;

  private final Path home;
  private final Map<String, String> environment;

  private ImageDirectory(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = environment;
  }

  /**
   * Lays it out.
   *
   * @param environment of the script; a test may add to it
   */
  static ImageDirectory in(Path home, Map<String, String> environment) throws IOException {
    var image = new ImageDirectory(home, environment);
    for (String directory : List.of("bin", "conf", "lib", "log", "opt", "plugins", "jdk/bin")) {
      Files.createDirectories(home.resolve(directory));
    }
    image.write("jdk/bin/java", JAVA).toFile().setExecutable(true);
    image.write("jdk/release", "JAVA_VERSION=\"17.0.1\"\n");
    image.write("lib/flink-dist-2.3.0.jar", "");
    image.write("lib/a.jar", "");
    image.write("conf/start.sh", io.flinkcluster.operator.render.Files.START);
    image.write("conf/released.sh", io.flinkcluster.operator.render.Files.RELEASED);
    image.write("conf/fence.sh", io.flinkcluster.operator.render.Files.FENCE);
    image.write("conf/newest-snapshot.sh", io.flinkcluster.operator.render.Files.NEWEST_SNAPSHOT);
    environment.put("FLINK_HOME", home.toString());
    environment.put("JAVA_HOME", home.resolve("jdk").toString());
    environment.put("HOSTNAME", "pod-1");
    environment.put("FLINKCLUSTER_JVM_MEMORY", "-Xmx1 -Xms1");
    environment.put("FLINKCLUSTER_MEMORY", "-D jobmanager.memory.heap.size=1b");
    return image;
  }

  /** How it ended, and what it printed. */
  record Run(int code, List<String> lines) {
    /** All that it printed. */
    String text() {
      return String.join("\n", lines);
    }

    /** What Flink is told to begin from; empty: nothing. */
    String restorePoint() {
      int at = lines.indexOf("--fromSavepoint");
      return at < 0 ? "" : lines.get(at + 1);
    }
  }

  /** Runs the script. */
  Run run(String... args) throws IOException, InterruptedException {
    return run(List.of("/bin/bash"), args);
  }

  /**
   * Runs the script.
   *
   * @param shell the command that is given it
   */
  Run run(List<String> shell, String... args) throws IOException, InterruptedException {
    return run(shell, "start.sh", args);
  }

  /** Runs the script of a JobManager that was prepared and is released. */
  Run released(String... args) throws IOException, InterruptedException {
    return run(List.of("/bin/bash"), "released.sh", args);
  }

  private Run run(List<String> shell, String script, String... args)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(shell);
    command.add(home.resolve("conf").resolve(script).toString());
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    String path = environment.getOrDefault("PATH", System.getenv("PATH"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("PATH", path);
    var process = builder.start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), lines);
  }

  /** Writes a file of it, and the directories above. */
  Path write(String name, String content) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
