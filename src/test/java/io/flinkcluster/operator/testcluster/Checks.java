package io.flinkcluster.operator.testcluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that check what others read: alerts as Prometheus does, statuses as Flux and Helm do.
 * They are built from their Go modules once, by {@code dev/checks/build}.
 */
public final class Checks {
  private static final Path BUILD = Path.of("dev", "checks", "build").toAbsolutePath();

  private Checks() {}

  /** What promtool says, on standard output and standard error. */
  public static String promtool(String... arguments) throws IOException, InterruptedException {
    return run("", "promtool", arguments);
  }

  /**
   * Statuses as kstatus computes them: one line for each object, status and message with a tab
   * between.
   *
   * @param objects JSON objects, one a line
   */
  public static List<String> kstatus(String objects) throws IOException, InterruptedException {
    return run(objects, "kstatus").lines().toList();
  }

  private static String run(String input, String program, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(built(program)));
    command.addAll(List.of(arguments));
    Path in = Files.createTempFile(program, ".in");
    try {
      Files.writeString(in, input);
      return output(
          new ProcessBuilder(command).redirectInput(in.toFile()).redirectErrorStream(true).start());
    } finally {
      Files.delete(in);
    }
  }

  /** The path of this program, which is built where it was not yet. */
  public static String built(String program) throws IOException, InterruptedException {
    Process build =
        new ProcessBuilder(BUILD.toString(), program)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String path = output(build).strip();
    if (build.waitFor() != 0) {
      throw new IOException(BUILD + " ended with " + build.exitValue());
    }
    return path;
  }

  private static String output(Process process) throws IOException {
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
