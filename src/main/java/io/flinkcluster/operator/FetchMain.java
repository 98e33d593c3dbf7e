package io.flinkcluster.operator;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.fetch.Fault;
import io.flinkcluster.operator.fetch.Fetch;
import io.flinkcluster.operator.fetch.FetchTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what a JobManager needs before it starts; the main class of an init container that runs
 * the operator's image in the job's pod. How S3 is reached: the environment of AWS, and where the
 * cluster's Flink options say something, {@code FETCH_S3_ENDPOINT}, {@code FETCH_S3_REGION}, {@code
 * FETCH_S3_PATH_STYLE}, {@code FETCH_S3_ACCESS_KEY} and {@code FETCH_S3_SECRET_KEY_FILE}, a file.
 */
public final class FetchMain {

  private static final Logger log = LoggerFactory.getLogger(FetchMain.class);

  /** What is written here becomes part of the pod's status, up to 4096 bytes. */
  private static final Path TERMINATION = Path.of("/dev/termination-log");

  private FetchMain() {}

  /**
   * Exit code 1 where something could not be fetched; why is in the container's status.
   *
   * @param args see {@link FetchTask}
   */
  public static void main(String[] args) {
    Optional<String> problem = run(System.getenv(), args);
    problem.ifPresent(FetchMain::tell);
    Runtime.getRuntime().halt(problem.isPresent() ? 1 : 0);
  }

  /** Does it; what went wrong, in one line. */
  static Optional<String> run(Map<String, String> environment, String... args) {
    try {
      new Fetch(access(environment)).run(FetchTask.parse(args));
      return Optional.empty();
    } catch (Fault e) {
      log.error("{}", e.getMessage(), e.getCause());
      return Optional.of(e.getMessage());
    } catch (IOException | RuntimeException e) {
      log.error("Unexpected", e);
      return Optional.of("unexpected: " + e);
    }
  }

  private static S3Access access(Map<String, String> environment) throws IOException {
    return new S3Access(
        text(environment, "FETCH_S3_ENDPOINT"),
        text(environment, "FETCH_S3_REGION"),
        "true".equals(environment.get("FETCH_S3_PATH_STYLE")),
        text(environment, "FETCH_S3_ACCESS_KEY"),
        file(environment, "FETCH_S3_SECRET_KEY_FILE"));
  }

  private static Optional<String> text(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static Optional<String> file(Map<String, String> environment, String name)
      throws IOException {
    Optional<String> path = text(environment, name);
    return path.isEmpty()
        ? Optional.empty()
        : Optional.of(Files.readString(Path.of(path.get())).strip());
  }

  private static void tell(String problem) {
    try {
      Files.writeString(TERMINATION, problem.replaceAll("\\s+", " "));
    } catch (IOException e) {
      log.warn("{} cannot be written: {}", TERMINATION, e.getMessage());
    }
  }
}
