package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Why a container has ended, by its code and its last words. */
final class ContainerExit {
  /** Exit code of a JobManager's start script that refuses to start a second time. */
  private static final int SECOND_START = 75;

  /** Exit codes of a process that is ended by SIGKILL and by SIGTERM. */
  private static final List<Integer> SIGNALLED = List.of(137, 143);

  /**
   * What Flink says before it exits because an application has ended without a job (1.20 to 2.2,
   * ApplicationDispatcherBootstrap).
   */
  private static final String WITHOUT_JOB =
      "org.apache.flink.client.deployment.application.ApplicationExecutionException: ";

  /** What it says where there is no such jar or class (StandaloneApplicationClusterEntryPoint). */
  private static final String NOT_LOADED = "Could not create application program.";

  /** What its shutdown hook says where neither Flink nor a fatal error ends the process. */
  private static final String HOOK = "Cluster entrypoint has been closed externally";

  private ContainerExit() {}

  /** Code, reason and last words. */
  static String text(ContainerStateTerminated end) {
    String said = said(end);
    return codeAndReason(end) + (said.isEmpty() ? "" : ": " + said);
  }

  /** The same of a container that runs Flink, which has no reason to end with code 0. */
  static String ofFlink(ContainerStateTerminated end) {
    boolean byItself =
        code(end) == 0 || (message(end).contains(HOOK) && !SIGNALLED.contains(code(end)));
    return byItself
        ? codeAndReason(end)
            + ": the job's code has ended the JVM, as System.exit does; let its main method throw"
            + " an exception instead, which is told here"
        : text(end);
  }

  /** Why the application, not the process, has failed, where Flink says so. */
  static Optional<String> application(ContainerStateTerminated end) {
    return after(end, WITHOUT_JOB)
        .map(why -> "the application ended without a job: " + why)
        .or(() -> after(end, NOT_LOADED).map(why -> "the application cannot be loaded: " + why));
  }

  private static Optional<String> after(ContainerStateTerminated end, String words) {
    int at = message(end).indexOf(words);
    return at < 0
        ? Optional.empty()
        : message(end).substring(at + words.length()).lines().findFirst().map(String::strip);
  }

  /** The innermost cause of a stack trace, else the last line that is not a part of one. */
  static String said(ContainerStateTerminated end) {
    List<String> lines =
        message(end)
            .lines()
            .map(String::strip)
            .filter(l -> !l.matches("|at .*|\\.\\.\\. \\d+ .*"))
            .toList();
    Optional<String> cause =
        lines.stream().filter(l -> l.startsWith("Caused by: ")).reduce((a, b) -> b);
    return cause.orElse(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
  }

  private static String codeAndReason(ContainerStateTerminated end) {
    String reason = Objects.requireNonNullElse(end.getReason(), "Error");
    return "exited with code "
        + code(end)
        + " ("
        + (code(end) == SECOND_START ? "refused a second start" : reason)
        + ")";
  }

  private static int code(ContainerStateTerminated end) {
    return Objects.requireNonNullElse(end.getExitCode(), -1);
  }

  private static String message(ContainerStateTerminated end) {
    return Objects.requireNonNullElse(end.getMessage(), "");
  }
}
