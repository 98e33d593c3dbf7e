package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Times;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Whether, and how long, an action is waited for. */
final class WaitOptions {
  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Wait until it has ended, and tell how (default); --no-wait only asks for it.")
  private boolean wait = true;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "How long it is waited for, for instance 90s or 1h; default ${DEFAULT-VALUE}.")
  private String timeout = "15m";

  /**
   * Waits until the question is answered, and tells on the way what is being done.
   *
   * @param answer empty as long as it is under way
   * @return empty where it is not waited for
   */
  Optional<Outcome> await(
      Clusters clusters,
      String name,
      PrintWriter err,
      Function<FlinkCluster, Optional<Outcome>> answer) {
    if (!wait) {
      return Optional.empty();
    }
    var last = new AtomicReference<>("");
    FlinkCluster done =
        clusters.await(
            name,
            cluster -> {
              if (cluster == null) {
                throw new Failure(ExitCode.FAILED, name + " was deleted meanwhile");
              }
              tell(cluster, last, err);
              return answer.apply(cluster).isPresent();
            },
            duration());
    return answer.apply(done);
  }

  private Duration duration() {
    return duration("--timeout", timeout);
  }

  /** Reads what was given to an option; a failure says how it is written. */
  static Duration duration(String option, String text) {
    try {
      return Times.duration(text);
    } catch (IllegalArgumentException e) {
      throw new Failure(
          ExitCode.USAGE, option + " " + text + ": " + e.getMessage() + "; write 90s or 10m");
    }
  }

  private static void tell(FlinkCluster cluster, AtomicReference<String> last, PrintWriter err) {
    if (cluster.getStatus() == null || NextStep.unseen(cluster)) {
      return;
    }
    var status = cluster.getStatus();
    String words =
        status.operation() == null
            ? String.valueOf(status.phase())
            : status.operation().type() + ": " + status.operation().stage();
    String message =
        status.operation() == null || status.operation().message() == null
            ? ""
            : " (" + status.operation().message() + ")";
    if (!last.getAndSet(words + message).equals(words + message)) {
      err.println(words + message);
      err.flush();
    }
  }
}
