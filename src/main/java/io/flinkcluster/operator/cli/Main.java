package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** {@code kubectl flinkcluster}. */
public final class Main {

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Before the first logger is made: the client's own words would stand between the answers.
    System.setProperty("logback.configurationFile", "io/flinkcluster/operator/cli/logback.xml");
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, arguments));
  }

  /**
   * Runs a command.
   *
   * @return its exit code, see {@code kubectl flinkcluster --help}
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return commands()
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((e, command, parsed) -> explain(e, command.getErr()))
        .execute(arguments);
  }

  /** The commands as picocli knows them. */
  public static CommandLine commands() {
    return new CommandLine(new Plugin()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static int explain(Exception e, PrintWriter err) throws Exception {
    if (e instanceof Failure failure) {
      err.println(failure.getMessage());
      return failure.code();
    }
    if (e instanceof KubernetesClientTimeoutException) {
      err.println("it is still under way after --timeout, and goes on; look at it with status");
      return ExitCode.TIMED_OUT;
    }
    if (e instanceof KubernetesClientException refused) {
      err.println(
          refused.getStatus() == null || refused.getStatus().getMessage() == null
              ? "the API server cannot be asked: " + refused.getMessage()
              : "the API server refuses it: " + refused.getStatus().getMessage());
      return ExitCode.REFUSED;
    }
    throw e;
  }
}
