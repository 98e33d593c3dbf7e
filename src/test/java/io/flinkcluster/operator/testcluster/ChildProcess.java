package io.flinkcluster.operator.testcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that never outlives this JVM, however the JVM ends: a shell between them waits for the
 * end of its standard input, which the kernel closes with the JVM, and then ends the program.
 */
public final class ChildProcess implements AutoCloseable {
  private static final String SHELL =
      "trap '' INT HUP; \"$@\" & child=$!; cat >/dev/null; kill -KILL $child; wait $child";

  private final String name;
  private final Path log;
  private final Process shell;

  private ChildProcess(String name, Path log, Process shell) {
    this.name = name;
    this.log = log;
    this.shell = shell;
  }

  /**
   * Starts a program.
   *
   * @param logs directory in which all that it prints goes into a file of its name
   * @throws IOException where there is no shell, or no such directory
   */
  public static ChildProcess start(Path logs, String program, List<String> arguments)
      throws IOException {
    String name = Path.of(program).getFileName().toString();
    Path log = logs.resolve(name + ".log");
    var command = new ArrayList<>(List.of("sh", "-c", SHELL, "sh", program));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // Programs in Go: a seventh of what the API server does under tests is collecting garbage.
    builder.environment().putIfAbsent("GOGC", "400");
    Process shell = builder.start();
    return new ChildProcess(name, log, shell);
  }

  /** Whether the program itself, not only its shell, lives. */
  boolean alive() {
    return program().isPresent();
  }

  /** The program itself; empty where it has ended. */
  public Optional<ProcessHandle> program() {
    return shell
        .children()
        .filter(child -> !child.info().command().orElse("").endsWith("/cat"))
        .min(Comparator.comparing(ProcessHandle::pid));
  }

  /** All that the program has printed. */
  public String words() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return name + ": no log, " + e;
    }
  }

  /** The end of what the program has printed. */
  public String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return name
          + ":\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return name + ": no log, " + e;
    }
  }

  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    try {
      if (!shell.waitFor(10, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (InterruptedException e) {
      shell.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
