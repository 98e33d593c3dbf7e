package io.flinkcluster.operator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs from the project's directory. */
final class Shell {
  private Shell() {}

  /**
   * What a program said.
   *
   * @param code its exit code
   * @param output standard output, and standard error where both were asked for
   */
  record Result(int code, String output) {}

  /** Runs it and returns both its outputs as one, whatever the exit code. */
  static Result run(String... command) {
    return run(new ProcessBuilder(command).redirectErrorStream(true));
  }

  /** Runs it, expects exit code 0 and returns its standard output; the rest goes to the console. */
  static String ok(String... command) {
    Result result = run(new ProcessBuilder(command).redirectError(Redirect.INHERIT));
    if (result.code() != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + " ended with " + result.code() + "\n" + result.output());
    }
    return result.output().strip();
  }

  /** Whether there is such a program. */
  static boolean has(String program) {
    return run("sh", "-c", "command -v " + program).code() == 0;
  }

  private static Result run(ProcessBuilder builder) {
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", List.copyOf(builder.command())), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
