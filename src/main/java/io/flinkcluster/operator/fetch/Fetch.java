package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Content;
import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import io.flinkcluster.operator.fetch.Snapshots.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a {@link FetchTask}. */
public final class Fetch {

  private static final Logger LOG = LoggerFactory.getLogger(Fetch.class);
  private static final Duration SILENCE = Duration.ofSeconds(30);

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
   * Does all of it. The snapshots before the jar: they are small, and decide whether anything may
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
    if (task.unless().filter(Files::exists).isPresent()) {
      LOG.info("Flink has started in this pod before and does not a second time: nothing to do");
      return;
    }
    if (!task.searched().isEmpty()) {
      snapshots(task.searched(), task.snapshots().orElseThrow());
    }
    if (task.jar().isPresent()) {
      jar(task.jar().get(), task.into().get().resolve(FetchTask.JAR));
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
