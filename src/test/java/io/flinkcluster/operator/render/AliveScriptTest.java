package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The liveness probe, of a real JVM that does nothing but collect garbage; costs about 5 s. */
class AliveScriptTest {

  /** Listens on the loopback address and allocates for ever, in a heap that is almost full. */
  static final class Busy {
    private Busy() {}

    public static void main(String[] args) throws IOException {
      try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
        System.out.println(socket.getLocalPort());
        var kept = new ArrayList<byte[]>();
        for (long i = 0; ProcessHandle.current().parent().isPresent(); i++) {
          if (kept.size() < 18) {
            kept.add(new byte[1 << 20]);
          } else {
            kept.set((int) (i % 18), new byte[1 << 20]);
          }
        }
      }
    }
  }

  private record Answer(int code, String said) {}

  @TempDir private Path directory;
  private Path script;
  private Process jvm;
  private String port;

  @BeforeEach
  void startAJvm() throws IOException {
    script =
        Files.writeString(
            directory.resolve("alive.sh"), io.flinkcluster.operator.render.Files.ALIVE);
    jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Busy.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var out =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
    port = out.readLine();
    assertThat(port).isNotNull();
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    Files.deleteIfExists(counters());
    jvm.destroyForcibly().waitFor();
  }

  private Path counters() {
    return directory.resolve("hsperfdata_flink").resolve(Long.toString(jvm.pid()));
  }

  /** Of the machine's JVMs only this one is looked at. */
  private void showCounters() throws IOException {
    Files.createDirectories(counters().getParent());
    Files.createSymbolicLink(
        counters(),
        Path.of("/tmp", "hsperfdata_" + System.getProperty("user.name"), Long.toString(jvm.pid())));
  }

  private Answer ask() throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder("/bin/bash", script.toString(), port, directory.toString())
            .redirectErrorStream(true);
    builder.environment().put("POD_IP", "127.0.0.1");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Answer(process.exitValue(), said);
  }

  private void signal(String name) throws IOException, InterruptedException {
    // The one of the shell: a small machine has no program of this name.
    var kill = List.of("/bin/bash", "-c", "kill -" + name + " " + jvm.pid());
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
  }

  @Test
  void tellsAFrozenJvmFromABusyOne() throws Exception {
    showCounters();
    assertThat(ask()).isEqualTo(new Answer(0, ""));
    signal("STOP");
    Answer frozen = ask();
    assertThat(frozen.said()).contains("frozen");
    assertThat(frozen.code()).isEqualTo(1);
    signal("CONT");
    assertThat(ask().code()).isZero();
  }

  @Test
  void restsOnThePortAloneWhereThereAreNoCounters() throws Exception {
    assertThat(ask()).isEqualTo(new Answer(0, ""));
    Path dead = Files.createDirectories(directory.resolve("hsperfdata_dead"));
    Files.writeString(dead.resolve("999999999"), "left behind");
    assertThat(ask().code()).as("of a process that is gone").isZero();
    jvm.destroyForcibly().waitFor();
    Answer gone = ask();
    assertThat(gone.said()).contains("takes no connections");
    assertThat(gone.code()).isEqualTo(1);
  }
}
