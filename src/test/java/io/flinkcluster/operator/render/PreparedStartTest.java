package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JobManager that is prepared begins when it is released, and once: the scripts, and a JVM. */
class PreparedStartTest {
  private static final String JOB = "0123456789abcdef0123456789abcdef";

  /** Stands for Flink. */
  public static final class Main {
    private Main() {}

    public static void main(String[] args) {
      System.out.println("begun with " + List.of(args));
    }
  }

  @TempDir private Path home;
  private final Map<String, String> environment = new HashMap<>();
  private ImageDirectory image;

  @BeforeEach
  void layOutAnImage() throws IOException {
    image = ImageDirectory.in(home, environment);
    Files.createDirectories(home.resolve("mark"));
    image.write("release/release", "");
    environment.put("FLINKCLUSTER_START_MARK_DIR", home.resolve("mark").toString());
    environment.put("FLINKCLUSTER_RELEASE", home + "/release/release");
    environment.put("FLINKCLUSTER_REFUSAL_SECONDS", "0");
    environment.put("FLINKCLUSTER_POD_UID", "uid-1");
  }

  private void release(String... lines) throws IOException {
    Path next = image.write("release/next", String.join("\n", lines) + "\n");
    Files.move(next, home.resolve("release/release"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void theLauncherIsStartedInThePlaceOfFlinkAndLeavesNoMark() throws Exception {
    image.write("mark/prepared", "");

    var run = image.run("job", "--job-id", JOB);

    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .containsSubsequence(
            "io.flinkcluster.launcher.Launcher",
            home + "/conf/jobmanager.classes",
            home + "/mark/prepared",
            home + "/release/release",
            home + "/conf/released.sh",
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
            "--configDir",
            home + "/conf",
            "--job-id",
            JOB);
    assertThat(home.resolve("mark")).isEmptyDirectory();
  }

  @Test
  void aPodInWhichFlinkHasStartedDoesNotWaitForItAgain() throws Exception {
    Files.createDirectories(home.resolve("mark/started"));

    var run = image.run("job", "--job-id", JOB);

    assertThat(run.code()).isEqualTo(75);
    assertThat(run.text()).contains("already run").doesNotContain("Launcher");
  }

  @Test
  void flinkIsToldWhatTheReleaseSays() throws Exception {
    release("uid-1", "s3://b/savepoint-1");

    var run = image.released("--job-id", JOB, "--", "--fromSavepoint", "x y");

    assertThat(run.code()).isZero();
    assertThat(run.text())
        .isEqualTo(
            "--fromSavepoint\0s3://b/savepoint-1\0--job-id\0"
                + JOB
                + "\0--\0--fromSavepoint\0x y\0");
    assertThat(home.resolve("mark/started")).exists();
  }

  @Test
  void withoutARestorePointItBeginsWithEmptyState() throws Exception {
    release("uid-1", "");

    assertThat(image.released("--job-id", JOB).text()).isEqualTo("--job-id\0" + JOB + "\0");
  }

  @Test
  void itBeginsOnce() throws Exception {
    release("uid-1", "");
    assertThat(image.released().code()).isZero();

    assertThat(image.released("--job-id", JOB).code()).isEqualTo(75);
  }

  @ParameterizedTest
  @ValueSource(strings = {"uid-2", ""})
  void theReleaseOfAnotherPodIsNotTaken(String uid) throws Exception {
    release(uid, "");

    var run = image.released("--job-id", JOB);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.text()).contains("meant for another one", "Flink is not started");
    assertThat(home.resolve("mark/started")).doesNotExist();
  }

  @Test
  void aJobThatHasRunIsRefused() throws Exception {
    image.write("state/" + JOB + "/chk-1/_metadata", "");
    environment.put("FLINKCLUSTER_OWN_DIRECTORY", home + "/state/" + JOB);
    environment.put("FLINKCLUSTER_SNAPSHOT_DIRECTORIES", home + "/state/" + JOB);
    release("uid-1", "");

    assertThat(image.released("--job-id", JOB).code()).isEqualTo(75);
  }

  @Test
  void aNewerSnapshotIsLookedForWhereTheReleaseSays() throws Exception {
    image.write("state/" + JOB + "/chk-7/_metadata", "");
    release("uid-1", "file:" + home + "/state/" + JOB + "/chk-3", home + "/state/" + JOB);

    assertThat(image.released("--job-id", "b").text())
        .contains("--fromSavepoint\0file:" + home + "/state/" + JOB + "/chk-7\0");
  }

  @Test
  void theLauncherLoadsWaitsAndBeginsInTheSameJvm() throws Exception {
    image.write("numbers", "");
    Files.write(
        home.resolve("numbers"),
        Base64.getDecoder().decode(io.flinkcluster.operator.render.Files.CLASSES));
    var jvm = launcher();
    try {
      Path prepared = home.resolve("mark/prepared");
      while (!Files.exists(prepared)) {
        assertThat(jvm.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
      }
      assertThat(home.resolve("mark/started")).doesNotExist();
      release("uid-1", "s3://b/savepoint-1");
      assertThat(jvm.inputReader().readLine())
          .isEqualTo("begun with [--fromSavepoint, s3://b/savepoint-1, a b]");
      assertThat(jvm.waitFor()).isZero();
    } finally {
      jvm.destroyForcibly();
    }
  }

  @Test
  void theLauncherEndsWithTheCodeOfTheScript() throws Exception {
    image.write("numbers", "");
    release("uid-2", "");
    var jvm = launcher();
    assertThat(jvm.inputReader().lines()).noneMatch(line -> line.contains("begun"));
    assertThat(jvm.waitFor()).isEqualTo(1);
  }

  private Process launcher() throws IOException {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.flinkcluster.launcher.Launcher",
                home + "/numbers",
                home + "/mark/prepared",
                home + "/release/release",
                home + "/conf/released.sh",
                Main.class.getName(),
                "a b")
            .redirectErrorStream(false)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
