package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Content;
import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import io.flinkcluster.operator.fetch.Snapshots.Snapshot;
import io.flinkcluster.operator.model.StorageFinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a {@link FetchTask}. */
public final class Fetch {

  private static final Logger LOG = LoggerFactory.getLogger(Fetch.class);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final S3Access access;
  private final Attempts attempts;
  private final StorageCheck check;
  private final Https https;
  private final JarFetch jars;

  /**
   * As it is done in a pod.
   *
   * @param pod its name
   */
  public Fetch(S3Access access, String pod) {
    this(
        access,
        Attempts.USUAL,
        new StorageCheck(access, Attempts.USUAL, StorageCheck.Limits.USUAL, pod),
        new Https(SILENCE),
        new JarFetch());
  }

  Fetch(S3Access access, Attempts attempts, StorageCheck check, Https https, JarFetch jars) {
    this.access = access;
    this.attempts = attempts;
    this.check = check;
    this.https = https;
    this.jars = jars;
  }

  /**
   * Does all of it. The snapshots before the jar: they are small, and decide whether anything may
   * start. Meanwhile the directories are checked; what is wrong with them comes before what cannot
   * be fetched for that reason, and does not wait for it.
   *
   * @return what was found out about the directories, the worst first; empty: nothing was checked
   * @throws UnusableStorage where Flink cannot work in them; something may still be fetched then
   * @throws Fault where a part of it cannot be done now; then the JobManager must not start
   */
  public List<StorageFinding> run(FetchTask task) throws Fault {
    for (String prefix : task.removed()) {
      new Removal(access, attempts).of(prefix);
    }
    if (task.unless().filter(Files::exists).isPresent()) {
      LOG.info("Flink has started in this pod before and does not a second time: nothing to do");
      return List.of();
    }
    ExecutorService meanwhile = Executors.newSingleThreadExecutor();
    try {
      Future<Optional<Fault>> fetched = meanwhile.submit(() -> fetched(task));
      List<StorageFinding> findings = checked(task.checked());
      Optional<Fault> unfetched = outcome(fetched);
      if (unfetched.isPresent()) {
        throw unfetched.get();
      }
      return findings;
    } finally {
      meanwhile.shutdownNow();
    }
  }

  private List<StorageFinding> checked(List<String> directories) throws Fault {
    if (directories.isEmpty()) {
      return List.of();
    }
    StorageCheck.Result result = check.of(directories);
    if (!result.usable()) {
      throw new UnusableStorage(result.findings());
    }
    return result.findings();
  }

  private static Optional<Fault> outcome(Future<Optional<Fault>> fetched) throws Fault {
    try {
      return fetched.get();
    } catch (ExecutionException e) {
      throw new Fault("unexpected: " + e.getCause(), false, e.getCause());
    } catch (InterruptedException e) {
      throw new Fault("interrupted", false, e);
    }
  }

  /** Why it could not be fetched; empty: it was. */
  private Optional<Fault> fetched(FetchTask task) {
    try {
      if (!task.searched().isEmpty()) {
        snapshots(task.searched(), task.snapshots().orElseThrow());
      }
      if (task.jar().isPresent()) {
        jar(task.jar().get(), task.into().orElseThrow().resolve(FetchTask.JAR));
      }
      return Optional.empty();
    } catch (Fault fault) {
      return Optional.of(fault);
    }
  }

  /** Which of them is the newest, the start script decides, with those on mounted volumes. */
  private void snapshots(List<String> directories, Path file) throws Fault {
    var lines = new ArrayList<String>();
    try (var objects = S3Objects.connect(access)) {
      var snapshots = new Snapshots(objects);
      for (String directory : directories) {
        for (Snapshot found : attempts.of(() -> snapshots.in(directory))) {
          lines.add(found.directory() + "\t" + found.number() + "\t" + found.path());
        }
      }
    }
    try {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      Files.write(part, lines);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Fault("the pod's volume cannot be written: " + e.getMessage(), false, e);
    }
  }

  private void jar(String uri, Path target) throws Fault {
    long size;
    if (uri.startsWith("https://")) {
      String name = uri.replaceFirst("[?#].*", "");
      size = attempts.of(() -> jars.fetch(name, () -> https.open(uri), target));
    } else {
      S3Uri object = S3Uri.parse(uri);
      try (var objects = S3Objects.connect(access)) {
        size = attempts.of(() -> jars.fetch(uri, () -> download(objects, object), target));
      }
    }
    LOG.info("Fetched {} bytes of the job's jar", size);
  }

  private static Download download(S3Objects objects, S3Uri object) throws Fault {
    try {
      S3Content content = objects.open(object);
      return new Download(content.body(), content.length());
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }
}
