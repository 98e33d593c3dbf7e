package io.flinkcluster.operator.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** kubectl as a user runs it. */
public final class Kubectl {
  /**
   * After it a program is ended: the stream of a command in a container that dies may never end.
   */
  private static final int LONGEST_MINUTES = 3;

  private final String program;
  private final Path kubeconfig;
  private final String namespace;

  /** The program, as the user of the kubeconfig, in the namespace. */
  public Kubectl(String program, Path kubeconfig, String namespace) {
    this.program = program;
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
  }

  /** The program. */
  public String program() {
    return program;
  }

  /** What it connects by. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /**
   * What kubectl said.
   *
   * @param code its exit code
   * @param output standard output and standard error, in the order they came
   */
  public record Result(int code, String output) {}

  /** Runs it and returns what it said, whatever the exit code. */
  public Result run(String... arguments) {
    return runWithInput("", arguments);
  }

  /** Runs it with text on standard input, for {@code -f -}. */
  public Result runWithInput(String input, String... arguments) {
    return run(builder(arguments), input);
  }

  /** Runs it with a file on standard input. */
  public Result runWithFile(Path input, String... arguments) {
    return run(builder(arguments).redirectInput(input.toFile()), "");
  }

  private ProcessBuilder builder(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(program, "--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private static Result run(ProcessBuilder builder, String input) {
    try {
      Process process = builder.start();
      process
          .onExit()
          .orTimeout(LONGEST_MINUTES, TimeUnit.MINUTES)
          .exceptionally(late -> process.destroyForcibly());
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Runs it, expects exit code 0 and returns the output. */
  public String ok(String... arguments) {
    Result result = run(arguments);
    assertThat(result.code()).as("kubectl %s\n%s", List.of(arguments), result.output()).isZero();
    return result.output();
  }

  /** Applies manifests as a user does and expects success. */
  public String apply(String manifests) {
    Result result = runWithInput(manifests, "apply", "--server-side", "-f", "-");
    assertThat(result.code()).as("kubectl apply\n%s", result.output()).isZero();
    return result.output();
  }
}
