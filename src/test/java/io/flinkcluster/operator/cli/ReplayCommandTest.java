package io.flinkcluster.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings and a recording in, lines for people out. */
class ReplayCommandTest {
  private static final Path GOLDEN =
      Path.of("src", "test", "resources", "replay", "rise-and-fall.txt");

  private static final String MANIFEST =
      """
      apiVersion: flinkcluster.io/v1
      kind: FlinkCluster
      metadata: {name: orders}
      spec:
        flinkVersion: "2.3"
        image: example.com/orders:1
        job: {jarURI: local:///opt/flink/usrlib/orders.jar}
        storage: {baseURI: s3://example/flink}
        taskManager: {replicas: 2, taskSlots: 1}
        rescale: {mode: Auto}
        autoscaling: {mode: Off, maxReplicas: 3}
      """;

  @TempDir private Path directory;

  private record Run(int code, String out, String err) {}

  private Run run(String manifest, String recording, String... more) throws IOException {
    Path settings = Files.writeString(directory.resolve("cluster.yaml"), manifest);
    Path metrics = Files.writeString(directory.resolve("load.csv"), recording);
    var arguments =
        new ArrayList<>(List.of("replay", "-f", settings.toString(), "-m", metrics.toString()));
    arguments.addAll(List.of(more));
    return command(arguments.toArray(String[]::new));
  }

  private static Run command(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Run(code, out.toString(), err.toString());
  }

  /** Two hours at two TaskManagers: 1000 records a second, from 20 to 50 minutes 2400. */
  private static String table() {
    var table =
        new StringBuilder(
            "time,replicas,vertex,inputs,parallelism,busy,idle,backpressured,records_in,records_out,pending\n");
    long lag = 0;
    for (int i = 0; i < 480; i++) {
      int arriving = i >= 80 && i < 200 ? 2400 : 1000;
      double read = Math.min(2000, arriving + lag / 15.0);
      lag = Math.max(0, Math.round(lag + 15 * (arriving - read)));
      double busy = read / 2000;
      double pressed = lag > 0 ? 0.8 : 0;
      Instant at = Instant.parse("2026-01-05T12:00:00Z").plusSeconds(15L * i);
      table.append(
          "%s,2,in,,2,%s,%s,%s,%s,%s,%d\n"
              .formatted(at, busy / 5, 1 - busy / 5 - pressed, pressed, read, read, lag));
      table.append("%s,2,map,in,2,%s,%s,0,%s,0,\n".formatted(at, busy, 1 - busy, read));
    }
    return table.toString();
  }

  @Test
  void tellsEachDecisionAndWhatItComesTo() throws IOException {
    Run run = run(MANIFEST, table());
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, run.out());
    }
    assertThat(run.out()).isEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void tellsEachEvaluationAndTellsProgramsTheSame() throws IOException {
    JsonNode some = new ObjectMapper().readTree(run(MANIFEST, table(), "-o", "json").out());
    JsonNode all = new ObjectMapper().readTree(run(MANIFEST, table(), "-o", "json", "--all").out());
    assertThat(all.path("decisions")).hasSize(480);
    assertThat(some.path("decisions").size()).isBetween(5, 60);
    assertThat(some.path("summary")).isEqualTo(all.path("summary"));
    assertThat(some.path("summary").path("rescales").asInt()).isPositive();
    assertThat(some.path("summary").path("fixedPodHours").asDouble()).isBetween(3.9, 4.0);
  }

  @Test
  void modeDoesNotMatterAndTimesOfARescaleDo() throws IOException {
    Run off = run(MANIFEST, table());
    assertThat(run(MANIFEST.replace("Off", "Apply"), table())).isEqualTo(off);
    assertThat(run(MANIFEST, table(), "--downtime", "15s", "--pod-start", "30s")).isEqualTo(off);
    assertThat(run(MANIFEST, table(), "--downtime", "3m").out()).isNotEqualTo(off.out());
    assertThat(run(MANIFEST, table(), "--pod-start", "5m").out()).isNotEqualTo(off.out());
  }

  /** Replaces the first text by the second in a good manifest. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maxReplicas: 3 | maxReplicas: 3, minReplicas: 5 | spec.autoscaling.minReplicas (5): is"
            + " above maxReplicas 3; lower it",
        "'  autoscaling: {mode: Off, maxReplicas: 3}' | '' | orders has no spec.autoscaling; write"
            + " the settings that are to be tried",
        "maxReplicas: 3 | maxReplicas: three | the manifest is not as the schema says",
        "name: orders | namespace: orders | the manifest has no metadata.name",
        "kind: FlinkCluster | kind: FlinkThing | holds no FlinkCluster of",
        "taskSlots: 1 | taskSlots: 1}} | cannot be read as YAML",
      })
  void saysWhatIsWrongWithTheSettings(String from, String to, String words) throws IOException {
    assertThat(MANIFEST).contains(from);
    Run run = run(MANIFEST.replace(from, to), table());
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(words);
    assertThat(run.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replay -m x | give the name of a FlinkCluster, or its manifest with --filename: one of"
            + " both",
        "replay orders -f y -m x | one of both",
        "replay -f - -m - | cannot both be standard input; save one first",
        "replay orders | Missing required option: '--metrics=FILE'",
      })
  void saysWhatIsWrongWithTheArguments(String arguments, String words) {
    Run run = command(arguments.split(" "));
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains(words);
  }

  @Test
  void saysWhatIsWrongWithTheRecording() throws IOException {
    assertThat(run(MANIFEST, "{\"status\"").err())
        .contains("begins as JSON and cannot be read as that; save the whole answer");
    assertThat(run(MANIFEST, "{}").err())
        .contains("load.csv: the recording is no answer to a range");
    assertThat(run(MANIFEST, "a,b\n").err()).contains("load.csv: the first line names no column");
    assertThat(run(MANIFEST, table(), "--downtime", "soon").err())
        .contains("--downtime soon is not a duration; write it as 12s or 2m");
    assertThat(run(MANIFEST, table().replace(",2,in", ",1,in")).err())
        .contains("give the manifest with the taskSlots that ran");
  }
}
