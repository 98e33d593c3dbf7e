package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Content;
import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import io.flinkcluster.operator.fetch.NewestCheckpoint.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a {@link FetchTask}. */
public final class Fetch {

  private static final Logger LOG = LoggerFactory.getLogger(Fetch.class);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Pattern CHECKPOINT = Pattern.compile("(.*)/chk-([0-9]{1,18})/?");

  private final S3Access access;
  private final Attempts attempts;
  private final Https https;
  private final JarFetch jars;

  /** As it is done in a pod. */
  public Fetch(S3Access access) {
    this(access, Attempts.USUAL, new Https(SILENCE), new JarFetch());
  }

  Fetch(S3Access access, Attempts attempts, Https https, JarFetch jars) {
    this.access = access;
    this.attempts = attempts;
    this.https = https;
    this.jars = jars;
  }

  /**
   * Does all of it. The restore point before the jar: it is small, and decides whether anything may
   * start.
   *
   * @throws Fault where a part of it cannot be done now; then the JobManager must not start
   */
  public void run(FetchTask task) throws Fault {
    for (String prefix : task.removed()) {
      new Removal(access, attempts).of(prefix);
    }
    if (task.into().isEmpty()) {
      return;
    }
    Path into = task.into().get();
    if (!task.searched().isEmpty()) {
      restorePoint(task, into.resolve(FetchTask.RESTORE_POINT));
    }
    if (task.jar().isPresent()) {
      jar(task.jar().get(), into.resolve(FetchTask.JAR));
    }
  }

  private void restorePoint(FetchTask task, Path file) throws Fault {
    Optional<String> newest;
    try (var objects = S3Objects.connect(access)) {
      newest = newest(task, new NewestCheckpoint(objects));
    }
    try {
      Files.deleteIfExists(file);
      if (newest.isPresent()) {
        LOG.info("{} is newer than the restore point that was known", newest.get());
        Files.writeString(file, newest.get() + "\n");
      }
    } catch (IOException e) {
      throw new Fault("the pod's volume cannot be written: " + e.getMessage(), false, e);
    }
  }

  private Optional<String> newest(FetchTask task, NewestCheckpoint checkpoints) throws Fault {
    Optional<Matcher> known = task.known().map(CHECKPOINT::matcher).filter(Matcher::matches);
    Optional<Snapshot> savepoint = Optional.empty();
    for (String directory : task.searched()) {
      long last =
          known
              .filter(path -> path.group(1).equals(directory))
              .map(path -> Long.parseLong(path.group(2)))
              .orElse(-1L);
      savepoint = savepoint.filter(s -> s.number() > last); // else its job went on after it
      long above = savepoint.map(Snapshot::number).orElse(last);
      Optional<Snapshot> found = attempts.of(() -> checkpoints.in(directory, above));
      if (savepoint.isEmpty() && found.filter(Snapshot::savepoint).isPresent()) {
        savepoint = found; // the directory of its job comes next
      } else if (found.isPresent() || savepoint.isPresent()) {
        return (found.isPresent() ? found : savepoint).map(Snapshot::path);
      }
    }
    return savepoint.map(Snapshot::path);
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
