package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.flinkconf.ReleasedConfiguration;
import io.flinkcluster.operator.model.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a Secret reaches Flink's configuration, and nothing else. */
class SecretOptionsTest {

  private static final String CHANGE =
      "{flinkConfiguration: {s3.secret-key: '${secret:s3/key}', security.ssl.rest.key-password:"
          + " '${secret:tls/password}', s3.endpoint: x}}";

  /** Prints its arguments and its environment. */
  private static final String JAVA =
      """
      #!/bin/bash
      printf 'argument %s\\n' "$@"
      tr '\\0' '\\n' < /proc/self/environ
      """;

  @TempDir private Path home;

  @BeforeEach
  void layOutAnImage() throws IOException {
    for (String folder : List.of("conf", "lib", "log", "jdk/bin", "options", "copy")) {
      Files.createDirectories(home.resolve(folder));
    }
    write("jdk/bin/java", JAVA).toFile().setExecutable(true);
    write("jdk/release", "JAVA_VERSION=\"17.0.1\"\n");
    write("lib/flink-dist-2.3.0.jar", "");
    write("conf/start.sh", io.flinkcluster.operator.render.Files.START);
    write("conf/fence.sh", io.flinkcluster.operator.render.Files.FENCE);
    write("conf/config.yaml", "s3.endpoint: \"x\"\n");
    write("conf/log4j-console.properties", "rootLogger.level = INFO\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "a b  c ",
        "'\"'\"",
        "\\",
        "\\n",
        "a\\\\b",
        "&",
        "\\&",
        "$HOME `date` $(date)",
        "a: b # c",
        "*",
        "%",
        "{x}",
        "tab\there",
        "two\nlines",
        "ünïcode \ud83d\ude00",
        "~",
        "-n",
        ""
      })
  void flinkReadsTheValueAsItStandsInTheSecret(String value) throws Exception {
    write("options/s3.secret-key", value);

    var run = run();

    assertThat(run.code()).isZero();
    Path copy = home.resolve("copy/config.yaml");
    for (FlinkVersion version : List.of(FlinkVersion.V1_20, FlinkVersion.V2_3)) {
      var expected = new TreeMap<>(Map.of("s3.endpoint", "x", "s3.secret-key", value));
      assertThat(ReleasedConfiguration.read(version, Files.readString(copy)).toMap())
          .isEqualTo(expected);
    }
  }

  @Test
  void onlyFlinksUserMayReadTheCopyAndNoProcessIsGivenTheValue() throws Exception {
    write("options/s3.secret-key", "hunter2\n");

    var run = run();

    assertThat(run.lines()).noneMatch(line -> line.contains("hunter2"));
    assertThat(run.lines()).contains("argument " + home.resolve("copy"));
    try (var copies = Files.list(home.resolve("copy"))) {
      assertThat(copies)
          .hasSize(4)
          .allSatisfy(
              copy ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                      .isEqualTo("r--------"));
    }
  }

  @Test
  void aSecondStartOfTheContainerTakesTheValueOfToday() throws Exception {
    write("options/s3.secret-key", "old");
    assertThat(run().code()).isZero();
    write("options/s3.secret-key", "new");

    assertThat(run().code()).isZero();

    assertThat(Files.readString(home.resolve("copy/config.yaml")))
        .contains("\"new\"")
        .doesNotContain("old");
  }

  @Test
  void aValueThatNoLineCanHoldEndsTheStartWithTheNameOfTheOptionAlone() throws Exception {
    write("options/s3.secret-key", "hunter2\u0001");

    var run = run();

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .singleElement()
        .asString()
        .contains("s3.secret-key has a control character")
        .doesNotContain("hunter2");
  }

  @Test
  void theValueIsMountedAsAFileNamedAfterTheOptionAndStandsInNoObject() {
    var cluster = Resource.checked(CHANGE);
    var launch = new Launch(1, Optional.of("0".repeat(32)), Optional.empty());
    var config = FlinkConfigRenderer.render(cluster, launch);

    assertThat(config.toYaml()).contains("s3.endpoint").doesNotContain("secret", "password");
    var pod = LaunchObjects.taskManager(cluster, launch, config).getSpec().getTemplate().getSpec();
    var volume =
        pod.getVolumes().stream()
            .filter(v -> v.getName().equals(SecretOptions.VOLUME))
            .findFirst()
            .orElseThrow();
    assertThat(volume.getProjected().getDefaultMode()).isEqualTo(0440);
    assertThat(volume.getProjected().getSources())
        .extracting(source -> source.getSecret().getName())
        .containsExactly("s3", "tls");
    assertThat(volume.getProjected().getSources().get(0).getSecret().getItems())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.getKey()).isEqualTo("key");
              assertThat(item.getPath()).isEqualTo("s3.secret-key");
            });
    assertThat(pod.getContainers().get(0).getEnv())
        .extracting(env -> env.getName())
        .contains("FLINKCLUSTER_OPTIONS_DIR", "FLINKCLUSTER_CONF_DIR");
  }

  private record Run(int code, List<String> lines) {}

  private Run run() throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder("/bin/bash", home.resolve("conf/start.sh").toString(), "taskmanager")
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder
        .environment()
        .putAll(
            Map.of(
                "FLINK_HOME", home.toString(),
                "JAVA_HOME", home.resolve("jdk").toString(),
                "FLINKCLUSTER_JVM_MEMORY", "-Xmx1",
                "FLINKCLUSTER_MEMORY", "-D a=1b",
                "FLINKCLUSTER_OPTIONS_DIR", home.resolve("options").toString(),
                "FLINKCLUSTER_CONF_DIR", home.resolve("copy").toString()));
    var process = builder.start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), lines);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(home.resolve(name), content);
  }
}
