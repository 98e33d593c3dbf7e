package io.flinkcluster.operator;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.fetch.Fault;
import io.flinkcluster.operator.fetch.Fetch;
import io.flinkcluster.operator.fetch.FetchTask;
import io.flinkcluster.operator.fetch.UnusableStorage;
import io.flinkcluster.operator.model.StorageFinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what a JobManager needs before it starts; the main class of an init container that runs
 * the operator's image in the job's pod. How S3 is reached: the environment of AWS, and where the
 * cluster's Flink options say something, {@code FETCH_S3_ENDPOINT}, {@code FETCH_S3_REGION}, {@code
 * FETCH_S3_PATH_STYLE}, {@code FETCH_S3_ACCESS_KEY} and {@code FETCH_S3_SECRET_KEY_FILE}, a file.
 * With {@code FETCH_STORAGE_CHECK} set to {@code false} no directory is checked.
 */
public final class FetchMain {

  private static final Logger log = LoggerFactory.getLogger(FetchMain.class);

  /** What is written here becomes part of the pod's status, up to 4096 bytes. */
  private static final Path TERMINATION = Path.of("/dev/termination-log");

  private FetchMain() {}

  /** What ended well, or not, in the words of the container's status. */
  record Outcome(boolean well, String said) {}

  /**
   * Exit code 1 where something could not be fetched, or Flink cannot work in its directories; why
   * is in the container's status, and so is what else was found out about the directories.
   *
   * @param args see {@link FetchTask}
   */
  public static void main(String[] args) {
    Outcome outcome = run(System.getenv(), args);
    tell(outcome.said());
    Runtime.getRuntime().halt(outcome.well() ? 0 : 1);
  }

  /** Does it. */
  static Outcome run(Map<String, String> environment, String... args) {
    try {
      String pod = environment.getOrDefault("HOSTNAME", "pod");
      FetchTask task = FetchTask.parse(args);
      boolean checks = !"false".equals(environment.get("FETCH_STORAGE_CHECK"));
      List<StorageFinding> findings =
          new Fetch(access(environment), pod).run(checks ? task : task.withoutCheck());
      findings.forEach(finding -> log.info("{}", finding.line()));
      return new Outcome(true, StorageFinding.message(findings));
    } catch (UnusableStorage e) {
      e.findings().forEach(finding -> log.error("{}", finding.line()));
      return new Outcome(false, StorageFinding.message(e.findings()));
    } catch (Fault | IOException | RuntimeException e) {
      return new Outcome(false, failure(e));
    }
  }

  /** Why it cannot be done, in one line; the log has it in full. */
  static String failure(Exception e) {
    boolean known = e instanceof Fault;
    log.error("{}", known ? e.getMessage() : "Unexpected", known ? e.getCause() : e);
    return (known ? e.getMessage() : "unexpected: " + e).replaceAll("\\s+", " ");
  }

  /** How S3 is reached. */
  static S3Access access(Map<String, String> environment) throws IOException {
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

  /** Makes this part of the pod's status. */
  static void tell(String said) {
    if (said.isEmpty()) {
      return;
    }
    try {
      Files.writeString(TERMINATION, said);
    } catch (IOException e) {
      log.warn("{} cannot be written: {}", TERMINATION, e.getMessage());
    }
  }
}
