package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script in a real shell, with a Java that prints what it is given, one argument a line. */
class StartScriptTest {

  private static final String JAVA =
      """
      #!/bin/bash
      if [[ "$*" == *BashJavaUtils* ]]; then
        echo "some log line"
        echo "BASH_JAVA_UTILS_EXEC_RESULT:-Xmx1 -Xms1"
        echo "BASH_JAVA_UTILS_EXEC_RESULT:-D jobmanager.memory.heap.size=1b"
        exit 0
      fi
      printf '%s\\n' "$@"
      """;

  @TempDir private Path home;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void layOutAnImage() throws IOException {
    for (String directory : List.of("bin", "conf", "lib", "log", "opt", "plugins", "jdk/bin")) {
      java.nio.file.Files.createDirectories(home.resolve(directory));
    }
    write("jdk/bin/java", JAVA).toFile().setExecutable(true);
    write("jdk/release", "JAVA_VERSION=\"17.0.1\"\n");
    write("lib/flink-dist-2.3.0.jar", "");
    write("lib/a.jar", "");
    write("conf/start.sh", Files.START);
    environment.put("FLINK_HOME", home.toString());
    environment.put("JAVA_HOME", home.resolve("jdk").toString());
    environment.put("HOSTNAME", "pod-1");
  }

  @Test
  void argumentsArriveLiterally() throws Exception {
    var args =
        List.of("job", "--job-id", "x", "--", "$HOME `date` $(date)", "*", "", "a\"b'c", "-D");

    var run = run(args.toArray(String[]::new));

    assertThat(run.lines()).endsWith("--", "$HOME `date` $(date)", "*", "", "a\"b'c", "-D");
    assertThat(run.code()).isZero();
  }

  @Test
  void theJobManagerIsStartedWithTheMemoryThatFlinkComputes() throws Exception {
    var lines = run("job", "--job-id", "x").lines();

    assertThat(lines)
        .containsSubsequence(
            "-Xmx1",
            "-Dlog.file=" + home + "/log/flink-flink-standalonejob-0-pod-1.log",
            "-classpath",
            home + "/lib/a.jar:" + home + "/lib/flink-dist-2.3.0.jar:::",
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
            "--configDir",
            home + "/conf",
            "-D",
            "jobmanager.memory.heap.size=1b",
            "--job-id",
            "x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "taskmanager"})
  void theOtherProcessesStartToo(String role) throws Exception {
    assertThat(run(role).lines()).anyMatch(line -> line.startsWith("org.apache.flink.runtime."));
  }

  @Test
  void aSecondStartInTheSamePodIsRefused() throws Exception {
    java.nio.file.Files.createDirectories(home.resolve("once"));
    environment.put("FLINKCLUSTER_ONCE_DIR", home.resolve("once").toString());

    environment.put("FLINKCLUSTER_REFUSAL_SECONDS", "0");

    assertThat(run("job").code()).isZero();
    var second = run("job");

    assertThat(second.code()).isEqualTo(75);
    assertThat(second.lines()).allMatch(line -> line.contains("newest checkpoint")).isNotEmpty();
  }

  @Test
  void aCheckpointThatIsNewerThanTheKnownOneIsTaken() throws Exception {
    write("state/job/chk-7/_metadata", "");
    write("state/job/chk-10/_metadata", "");
    write("state/job/chk-11/not-complete", "");
    write("state/job/shared/x", "");
    String known = "file://" + home + "/state/job/chk-7";
    environment.put("FLINKCLUSTER_SEARCHED", home + "/state/later\n" + home + "/state/job");

    assertThat(run("job", "--job-id", "x", "--fromSavepoint", known, "--", "a b").lines())
        .containsSubsequence("--fromSavepoint", "file:" + home + "/state/job/chk-10", "--", "a b");
  }

  @Test
  void aSavepointThatWasCompletedUntoldIsTaken() throws Exception {
    write("state/job/chk-7/_metadata", metadata(7));
    write("state/operation/savepoint-0123-ab/_metadata", metadata(9));
    searchesTheSavepointOfTheJob();

    assertThat(startedFrom("file://" + home + "/state/job/chk-7"))
        .isEqualTo("file:" + home + "/state/operation/savepoint-0123-ab");
    assertThat(startedFrom("file:/elsewhere/savepoint-1"))
        .isEqualTo("file:" + home + "/state/operation/savepoint-0123-ab");
  }

  @Test
  void aSavepointThatWasNotCompletedIsNot() throws Exception {
    write("state/job/chk-8/_metadata", metadata(8));
    write("state/operation/savepoint-0123-ab/part", "");
    searchesTheSavepointOfTheJob();

    assertThat(startedFrom("file://" + home + "/state/job/chk-7"))
        .isEqualTo("file:" + home + "/state/job/chk-8");
  }

  @Test
  void aSavepointAfterWhichTheJobWentOnIsNot() throws Exception {
    write("state/job/chk-301/_metadata", metadata(301));
    write("state/operation/savepoint-0123-ab/_metadata", metadata(300));
    searchesTheSavepointOfTheJob();

    assertThat(startedFrom("file://" + home + "/state/job/chk-7"))
        .isEqualTo("file:" + home + "/state/job/chk-301");
    assertThat(startedFrom("file://" + home + "/state/job/chk-301"))
        .isEqualTo("file://" + home + "/state/job/chk-301");
  }

  @Test
  void aSavepointThatTellsNoNumberStopsTheStart() throws Exception {
    write("state/operation/savepoint-0123-ab/_metadata", "short");
    searchesTheSavepointOfTheJob();

    var run = run("job", "--fromSavepoint", "file:/x/chk-1");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines()).anyMatch(line -> line.contains("tells no number"));
  }

  private void searchesTheSavepointOfTheJob() {
    environment.put("FLINKCLUSTER_SEARCHED", home + "/state/operation\n" + home + "/state/job");
  }

  private String startedFrom(String known) throws Exception {
    List<String> lines = run("job", "--fromSavepoint", known).lines();
    return lines.get(lines.indexOf("--fromSavepoint") + 1);
  }

  /** How Flink begins the file: a magic number, a version, and the number of the snapshot. */
  private static String metadata(long number) {
    return "I`g-\0\0\0\4" + "\0".repeat(6) + (char) (number / 256) + (char) (number % 256);
  }

  @Test
  void aRestorePointThatAUserNamedIsTakenAsItIs() throws Exception {
    write("state/job/chk-7/_metadata", "");
    write("state/job/chk-10/_metadata", "");
    String named = "file://" + home + "/state/job/chk-7";

    assertThat(run("job", "--fromSavepoint", named).lines())
        .containsSubsequence("--fromSavepoint", named);
  }

  @Test
  void aCheckpointOfAJobThatWasLostUnseenComesFirst() throws Exception {
    write("state/later/chk-1/_metadata", "");
    write("state/job/chk-10/_metadata", "");
    environment.put("FLINKCLUSTER_SEARCHED", home + "/state/later\n" + home + "/state/job");

    for (String known : List.of("file:/x/savepoint-1", "file://" + home + "/state/job/chk-7")) {
      assertThat(run("job", "--fromSavepoint", known, "--", "x").lines())
          .containsSubsequence("--fromSavepoint", "file:" + home + "/state/later/chk-1", "--", "x");
    }
  }

  @Test
  void aCheckpointOfAJobThatWasLostUnseenIsTakenWhereNothingElseIsKnown() throws Exception {
    write("state/later/chk-1/_metadata", "");
    environment.put("FLINKCLUSTER_SEARCHED", home + "/state/later");

    assertThat(run("job", "--jars", "a.jar", "--", "x").lines())
        .containsSubsequence(
            "--fromSavepoint", "file:" + home + "/state/later/chk-1", "--jars", "a.jar", "--", "x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///x/savepoints/savepoint-1", "s3://b/job/chk-7", "file:/nowhere/job/chk-7"})
  void aRestorePointWithoutANewerOneStaysAsItIs(String path) throws Exception {
    assertThat(run("job", "--fromSavepoint", path).lines())
        .containsSubsequence("--fromSavepoint", path);
  }

  @Test
  void theFetchedRestorePointIsTaken() throws Exception {
    write("fetched/restore-point", "s3://b/job/chk-9\n");
    environment.put("FLINKCLUSTER_FETCHED_DIR", home.resolve("fetched").toString());

    assertThat(run("job", "--fromSavepoint", "s3://b/job/chk-7", "--", "--fromSavepoint").lines())
        .containsSubsequence("--fromSavepoint", "s3://b/job/chk-9", "--", "--fromSavepoint");
  }

  @Test
  void withoutAFetchedRestorePointTheKnownOneIsTaken() throws Exception {
    write("fetched/job.jar", "");
    environment.put("FLINKCLUSTER_FETCHED_DIR", home.resolve("fetched").toString());

    assertThat(run("job", "--fromSavepoint", "s3://b/job/chk-7").lines())
        .containsSubsequence("--fromSavepoint", "s3://b/job/chk-7");
  }

  @Test
  void anArgumentOfTheJobIsNotTakenForARestorePoint() throws Exception {
    write("state/job/chk-10/_metadata", "");
    String text = "file:" + home + "/state/job/chk-7";
    environment.put("FLINKCLUSTER_SEARCHED", home + "/state/none");

    assertThat(run("job", "--", "--fromSavepoint", text).lines())
        .containsSubsequence("--", "--fromSavepoint", text);
  }

  @Test
  void theS3PluginIsFoundWhateverItsVersion() throws Exception {
    write("opt/flink-s3-fs-presto-2.3.7.jar", "");
    environment.put("FLINKCLUSTER_S3_PLUGIN", "flink-s3-fs-presto");

    assertThat(run("taskmanager").code()).isZero();
    assertThat(home.resolve("plugins/flink-s3-fs-presto-2.3.7/flink-s3-fs-presto-2.3.7.jar"))
        .exists();
    assertThat(run("taskmanager").code()).isZero();
  }

  @Test
  void anImageWithoutTheS3PluginSaysSo() throws Exception {
    environment.put("FLINKCLUSTER_S3_PLUGIN", "flink-s3-fs-presto");

    var run = run("taskmanager");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines()).singleElement().asString().contains("storage.s3Plugin: None");
  }

  @Test
  void pluginsAreEnabledAsInTheOfficialImage() throws Exception {
    write("opt/one.jar", "");
    environment.put("ENABLE_BUILT_IN_PLUGINS", "one.jar;");

    assertThat(run("taskmanager").code()).isZero();
    assertThat(home.resolve("plugins/one/one.jar")).exists();
  }

  @Test
  void javaOptionsMayQuoteBlanksAndNameVariables() throws Exception {
    environment.put("FLINK_ENV_JAVA_OPTS", "-Da=\"x y\" -Db=$HOSTNAME -Dc=* -Dd=$NOT_SET");

    assertThat(run("taskmanager").lines()).contains("-Da=x y", "-Db=pod-1", "-Dc=*", "-Dd=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"21.0.2", "17.0.1", "1.8.0_402", "25"})
  void theSecurityManagerIsAllowedOnTheJavaVersionsThatAskForIt(String version) throws Exception {
    write("jdk/release", "JAVA_VERSION=\"" + version + "\"\n");

    assertThat(run("taskmanager").lines().contains("-Djava.security.manager=allow"))
        .isEqualTo(version.startsWith("21"));
  }

  @Test
  void memoryThatCannotBeDividedShowsFlinksOwnWords() throws Exception {
    write("jdk/bin/java", "#!/bin/bash\necho too small\nexit 1\n").toFile().setExecutable(true);

    var run = run("taskmanager");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines()).contains("too small");
  }

  private record Run(int code, List<String> lines) {}

  private Run run(String... args) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("/bin/bash", home.resolve("conf/start.sh").toString()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.environment().putAll(environment);
    var process = builder.start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), lines);
  }

  private Path write(String name, String content) throws IOException {
    Path file = home.resolve(name);
    java.nio.file.Files.createDirectories(file.getParent());
    return java.nio.file.Files.writeString(file, content);
  }
}
