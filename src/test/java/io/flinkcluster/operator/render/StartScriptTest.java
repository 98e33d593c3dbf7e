package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script in a real shell, with a Java that prints what it is given, one argument a line. */
class StartScriptTest {

  @TempDir private Path home;
  private final Map<String, String> environment = new HashMap<>();
  private ImageDirectory image;

  @BeforeEach
  void layOutAnImage() throws IOException {
    image = ImageDirectory.in(home, environment);
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
  void theJobManagerIsStartedWithTheMemoryThatWasDividedForIt() throws Exception {
    var lines = run("job", "--job-id", "x").lines();

    assertThat(lines)
        .containsSubsequence(
            "-Xmx1",
            "-Xms1",
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
  @ValueSource(strings = {"etc/hadoop", "conf"})
  void configurationIsFoundInTheHomesOfHadoopAndHbaseAsByFlinksScripts(String where)
      throws Exception {
    write("hadoop/" + where + "/core-site.xml", "");
    write("hbase/conf/hbase-site.xml", "");
    environment.put("HADOOP_HOME", home + "/hadoop");
    environment.put("HBASE_HOME", home + "/hbase");

    assertThat(run("taskmanager").lines())
        .contains(
            home
                + "/lib/a.jar:"
                + home
                + "/lib/flink-dist-2.3.0.jar::"
                + home
                + "/hadoop/"
                + where
                + "::"
                + home
                + "/hbase/conf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "taskmanager"})
  void theOtherProcessesStartToo(String role) throws Exception {
    assertThat(run(role).lines()).anyMatch(line -> line.startsWith("org.apache.flink.runtime."));
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

  /** Java has them since 13; an older one would take the file for an archive of another kind. */
  @ParameterizedTest
  @CsvSource({
    "job, jobmanager, 17.0.1, true",
    "session, jobmanager, 21.0.2, true",
    "taskmanager, taskmanager, 17.0.1, true",
    "taskmanager, jobmanager, 17.0.1, false",
    "job, jobmanager, 11.0.22, false",
    "job, jobmanager, 1.8.0_402, false"
  })
  void theArchiveOfClassesThatTheImageHasIsTaken(
      String role, String archive, String java, boolean taken) throws Exception {
    write("jdk/release", "JAVA_VERSION=\"" + java + "\"\n");
    write(archive + ".jsa", "");
    environment.put("FLINK_ENV_JAVA_OPTS", "-XX:SharedArchiveFile=mine");

    List<String> expected = new ArrayList<>();
    if (taken) {
      expected.add("-XX:SharedArchiveFile=" + home + "/" + archive + ".jsa");
    }
    expected.add("-XX:SharedArchiveFile=mine"); // the last one counts
    assertThat(run(role).lines())
        .filteredOn(line -> line.startsWith("-XX:SharedArchiveFile"))
        .isEqualTo(expected);
  }

  @Test
  void noOtherJvmIsStartedBeforeFlink() throws Exception {
    write("jdk/bin/java", "#!/bin/bash\necho started\n").toFile().setExecutable(true);

    assertThat(run("taskmanager").lines()).containsExactly("started");
  }

  private ImageDirectory.Run run(String... args) throws IOException, InterruptedException {
    return image.run(args);
  }

  private Path write(String name, String content) throws IOException {
    return image.write(name, content);
  }
}
