package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JobManager starts once in its pod, and a job once: the script in a real shell. */
class StartMarkTest {
  private static final String JOB = "0123456789abcdef0123456789abcdef";

  @TempDir private Path home;
  private final Map<String, String> environment = new HashMap<>();
  private ImageDirectory image;

  @BeforeEach
  void layOutAnImage() throws IOException {
    image = ImageDirectory.in(home, environment);
    Files.createDirectories(home.resolve("mark"));
    environment.put("FLINKCLUSTER_START_MARK_DIR", home.resolve("mark").toString());
    environment.put("FLINKCLUSTER_REFUSAL_SECONDS", "0");
  }

  private ImageDirectory.Run start() throws Exception {
    return image.run("job", "--job-id", JOB);
  }

  private void ownDirectory(String directory) {
    environment.put("FLINKCLUSTER_OWN_DIRECTORY", directory);
    environment.put("FLINKCLUSTER_SNAPSHOT_DIRECTORIES", directory);
  }

  @Test
  void refusesASecondStartInTheSamePod() throws Exception {
    assertThat(start().code()).isZero();
    var second = start();

    assertThat(second.code()).isEqualTo(75);
    assertThat(second.lines()).allMatch(line -> line.contains("newest checkpoint")).isNotEmpty();
  }

  @Test
  void writesTheMarkToTheDiskBeforeFlinkStarts() throws Exception {
    program("sync", "printf '%s\\n' \"$@\" > " + home + "/synced");

    assertThat(start().code()).isZero();

    assertThat(home.resolve("synced")).hasContent(home + "/mark/started\n" + home + "/mark");
  }

  @Test
  void doesNotStartWithAMarkThatDoesNotReachTheDisk() throws Exception {
    program("sync", "echo 'sync: error syncing: Input/output error' >&2; exit 1");

    for (int attempt = 1; attempt <= 2; attempt++) {
      var run = start();
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.text())
          .contains("cannot be written", "Input/output error", "Flink is not started")
          .contains("flinkcluster-start-mark")
          .doesNotContain(JOB, "already run");
    }
  }

  @Test
  void doesNotStartWhereTheMarkCannotBeWritten() throws Exception {
    environment.put("FLINKCLUSTER_START_MARK_DIR", home + "/not-mounted");

    var run = start();

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines()).singleElement().asString().contains("No such file or directory");
  }

  @Test
  void startsWhereTheJobHasNoDirectoryYet() throws Exception {
    ownDirectory(home + "/state/" + JOB);

    assertThat(start().code()).isZero();
  }

  @Test
  void refusesAJobWhoseDirectoryHasACheckpointThoughTheMarkIsLost() throws Exception {
    image.write("state/" + JOB + "/chk-10/_metadata", "");
    ownDirectory(home + "/state/" + JOB);

    var run = start();

    assertThat(run.code()).isEqualTo(75);
    assertThat(run.lines())
        .singleElement()
        .asString()
        .contains("this job has already run", home + "/state/" + JOB, "newest checkpoint");
  }

  /** Flink makes it when the job starts, and removes the checkpoints of a job that has finished. */
  @Test
  void refusesAJobWhoseDirectoryIsThereWithoutACheckpoint() throws Exception {
    Files.createDirectories(home.resolve("state/" + JOB + "/shared"));
    ownDirectory(home + "/state/" + JOB);

    assertThat(start().code()).isEqualTo(75);
  }

  @Test
  void refusesAJobOfWhichAnythingIsOnS3() throws Exception {
    String directory = "s3://b/checkpoints/" + JOB;
    found(directory + "\t-1\t" + directory + "\n");
    ownDirectory(directory);

    var run = start();

    assertThat(run.code()).isEqualTo(75);
    assertThat(run.text()).contains("this job has already run: " + directory);
  }

  @Test
  void oneLookOnS3IsGoodForOneStart() throws Exception {
    found("");
    ownDirectory("s3://b/checkpoints/" + JOB);
    assertThat(start().code()).isZero();
    Files.delete(home.resolve("mark/started"));

    var second = start();

    assertThat(second.code()).isEqualTo(75);
    assertThat(second.text()).contains("flinkcluster-fetch has not looked").doesNotContain(JOB);
  }

  private void found(String lines) throws IOException {
    image.write("mark/snapshots", lines);
    environment.put("FLINKCLUSTER_SNAPSHOTS_FILE", home + "/mark/snapshots");
  }

  private void program(String name, String script) throws IOException {
    image.write("programs/" + name, "#!/bin/bash\n" + script + "\n").toFile().setExecutable(true);
    environment.put("PATH", home + "/programs:" + System.getenv("PATH"));
  }
}
