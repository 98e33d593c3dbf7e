package io.flinkcluster.operator;

import io.flinkcluster.operator.fetch.Fault;
import io.flinkcluster.operator.fetch.Leftovers;
import io.flinkcluster.operator.fetch.LeftoversTask;
import io.flinkcluster.operator.model.StartDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what earlier starts of a cluster have left in storage, and deletes it where that is asked
 * for; the main class of a pod with the identity of the job, which runs the operator's image. How
 * S3 is reached: see {@link FetchMain}.
 */
public final class LeftoversMain {

  private LeftoversMain() {}

  /**
   * A line of JSON for each directory, see {@link StartDirectory#line}. Exit code 1 where it cannot
   * be told what is needed, or something could not be deleted; why is in the container's status.
   *
   * @param args see {@link LeftoversTask}
   */
  public static void main(String[] args) {
    Optional<String> failure = run(System.getenv(), System.out, Instant.now(), args);
    failure.ifPresent(FetchMain::tell);
    System.out.flush();
    Runtime.getRuntime().halt(failure.isEmpty() ? 0 : 1);
  }

  /** Does it; why it cannot be done, or empty. */
  static Optional<String> run(
      Map<String, String> environment, PrintStream out, Instant now, String... args) {
    try {
      new Leftovers(FetchMain.access(environment), now)
          .run(LeftoversTask.parse(args), directory -> out.println(directory.line()));
      return Optional.empty();
    } catch (Fault | IOException | RuntimeException e) {
      return Optional.of(FetchMain.failure(e));
    }
  }
}
