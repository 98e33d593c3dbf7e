package io.flinkcluster.operator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.autoscale.SizingPolicy;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of a recording, and what is said of one that cannot be replayed. */
class RecordingTest {
  private static final String HEADER =
      "time,vertex,inputs,parallelism,busy,backpressured,records_in,pending\n";

  private static final String GOOD =
      HEADER
          + "2026-01-05T12:00:00Z,\"Source: in, out\",,2,0.1,0.2,1000,50\n"
          + "2026-01-05T12:00:00Z,map,\"Source: in, out\",2,0.6,0,1000,\n"
          + "# a remark\n"
          + "1767614415,\"Source: in, out\",,2,0.1,,1000,60\n"
          + "1767614415,map,\"Source: in, out\",2,0.6,0,1000,\n";

  @Test
  void readsATableOfCommaSeparatedValues() {
    Recording recording = CsvRecording.read(GOOD);

    assertThat(recording.notes()).isEmpty();
    assertThat(recording.moments()).hasSize(2);
    RecordedMoment second = recording.moments().get(1);
    assertThat(second.at()).isEqualTo(Instant.parse("2026-01-05T12:00:15Z"));
    LoadSample sample = second.sample().orElseThrow();
    assertThat(sample.over()).isEqualTo(Duration.ofSeconds(15));
    assertThat(sample.vertices())
        .extracting(Vertex::name)
        .containsExactly("Source: in, out", "map");
    assertThat(sample.vertices().get(0).backPressured()).isNaN();
    assertThat(sample.vertices().get(0).pending()).isEqualTo(OptionalLong.of(60));
    assertThat(sample.vertices().get(1).inputs()).containsExactly("Source: in, out");
    assertThat(sample.vertices().get(1).pending()).isEmpty();
  }

  /** Replaces the first text by the second in a good table. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "busy,back | bus,back | the first line names no column busy; needed are",
        "pending | lag | the column lag is not known; there are",
        "1767614415 | 2026-01-05T11:59:45Z | line 5: the clock goes back, from",
        "1767614415 | yesterday | line 5: time `yesterday` is no moment; write"
            + " 2026-01-05T12:00:00Z",
        "0.6,0 | -0.6,0 | busy of `map` is negative at 2026-01-05T12:00:00Z: -0.6",
        "0.6,0 | 60,0 | busy of `map` is 60.0 at 2026-01-05T12:00:00Z: it is a share of the time, 0"
            + " to 1",
        "1000,50 | 1000,-50 | pending of `Source: in, out` is negative",
        "1000,50 | 1e3x,50 | line 2: records_in `1e3x` is no number; write it as 12.5",
        "2,0.1 | 2.5,0.1 | line 2: parallelism `2.5` is no whole number",
        "2,0.1 | ,0.1 | `Source: in, out` has no tasks at 2026-01-05T12:00:00Z; leave out",
        "map,\"Source: in, out\" | map,none | line 3: inputs `none` names `none`, which no line of"
            + " this moment has before",
        "Z,map | Z,\"Source: in, out\" | line 3: vertex `Source: in, out` is there twice",
        "\"Source: in, out\",, | Source: in, out,, | line 2 has 9 cells, and there are 8 columns;"
            + " put names",
        "1767614415 | 2026-01-05T12:00:00Z | is there twice at 2026-01-05T12:00:00Z",
        "1767614415 | 2026-01-05T12:05:00Z | more than 2 min apart, the first from",
      })
  void saysWhatIsWrongWithATable(String from, String to, String words) {
    String bad = GOOD.replace(from, to);
    assertThat(bad).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> CsvRecording.read(bad))
        .isInstanceOf(RecordingException.class)
        .hasMessageContaining(words);
  }

  @Test
  void aRecordingOfOneMomentIsNone() {
    assertThatThrownBy(() -> CsvRecording.read("")).hasMessage("the recording is empty");
    assertThatThrownBy(() -> CsvRecording.read(HEADER))
        .hasMessageContaining("at fewer than two moments; record at least half an hour");
  }

  @Test
  void aGapIsToldAndWhatWasBeforeItIsForgotten() {
    Recording recording = CsvRecording.read(table(120, 60));

    assertThat(recording.notes())
        .singleElement()
        .asString()
        .startsWith(
            "nothing is recorded from 2026-01-05T12:29:45Z to 2026-01-05T12:45:00Z; behind");
    Replay replay = Replay.of(recording, settings(1));
    assertThat(rulesAt(replay, "2026-01-05T12:29:45Z")).isNotEqualTo("TooFewSamples");
    assertThat(rulesAt(replay, "2026-01-05T12:45:15Z")).isEqualTo("TooFewSamples");
    assertThat(replay.summary().hours()).isEqualTo((2 * 30 * 60 - 30) / 3600.0);
  }

  @Test
  void moreTasksThanSlotsContradictTheManifest() {
    String table = table(20, 0).replace("time,", "replicas,time,").replace("\n2026", "\n1,2026");
    Recording recording = CsvRecording.read(table);
    assertThatThrownBy(() -> Replay.of(recording, settings(1)))
        .hasMessageContaining("2 tasks of a vertex were recorded at 1 TaskManagers")
        .hasMessageContaining("give the manifest with the taskSlots that ran");
    assertThat(Replay.of(recording, settings(2)).decisions()).hasSize(20);
  }

  private static String rulesAt(Replay replay, String at) {
    return replay.decisions().stream()
        .map(Replay.Decision::evaluation)
        .filter(e -> e.at().equals(Instant.parse(at)))
        .findFirst()
        .orElseThrow()
        .rule();
  }

  private static ReplaySettings settings(int slots) {
    return new ReplaySettings(
        SizingPolicy.within(1, 8), slots, 128, 2, Duration.ofSeconds(10), Duration.ofSeconds(30));
  }

  /** So many moments, a pause from the 30th to the 45th minute, and as many again. */
  private static String table(int first, int pauseMoments) {
    var table = new StringBuilder(HEADER);
    for (int i = 0; i < (pauseMoments == 0 ? first : 2 * first); i++) {
      Instant at =
          Instant.parse("2026-01-05T12:00:00Z")
              .plusSeconds(15L * (i < first ? i : i + pauseMoments));
      table.append(at).append(",in,,2,0.1,0,1000,0\n").append(at).append(",map,in,2,0.6,0,1000,\n");
    }
    return table.toString();
  }

  private static final List<String> METRICS =
      List.of(
          "vertex_info",
          "vertex_parallelism",
          "vertex_busy_ratio",
          "vertex_backpressure_ratio",
          "vertex_records_in_per_second");

  private static String series(String metric, String labels, String values) {
    return """
    {"metric":{"__name__":"flinkcluster_%s","namespace":"streams","name":"orders","vertex_id":"a","vertex":"map","inputs":""%s},"values":[%s]}\
    """
        .formatted(metric, labels, values);
  }

  private static String answer(String... series) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[%s]}}"
        .formatted(String.join(",", series));
  }

  private static String good() {
    return answer(
        METRICS.stream()
            .map(m -> series(m, "", "[1767614400,\"1\"],[1767614415,\"1\"]"))
            .toArray(String[]::new));
  }

  private static Recording read(String... answers) throws JsonProcessingException {
    var all = new ArrayList<JsonNode>();
    for (String answer : answers) {
      all.add(new ObjectMapper().readTree(answer));
    }
    return PrometheusRecording.read(all, "streams", "orders");
  }

  @Test
  void mergesAnswersAndPodsAndRenamedLabels() throws JsonProcessingException {
    String later =
        answer(
            METRICS.stream()
                .map(
                    m ->
                        series(m, ",\"pod\":\"operator-2\"", "[1767614430,\"1\"]")
                            .replace(
                                "\"namespace\":\"streams\"",
                                "\"namespace\":\"operators\",\"exported_namespace\":\"streams\""))
                .toArray(String[]::new));
    Recording recording = read(good(), later);
    assertThat(recording.moments()).hasSize(3);
    assertThat(recording.moments()).allMatch(m -> m.sample().isPresent());
    assertThat(recording.notes()).isEmpty();
  }

  @Test
  void theSameFiguresAreNoFurtherSample() throws JsonProcessingException {
    String told =
        series(
                "load_timestamp_seconds",
                "",
                "[1767614400,\"1767614399\"],[1767614415,\"1767614399\"]")
            .replace("\"a\"", "\"\"");
    String third =
        answer(
            METRICS.stream().map(m -> series(m, "", "[1767614430,\"1\"]")).toArray(String[]::new));
    Recording recording = read(good(), answer(told), third);
    assertThat(recording.moments().stream().map(m -> m.sample().map(LoadSample::at)))
        .containsExactly(
            Optional.of(Instant.ofEpochSecond(1767614399)),
            Optional.empty(),
            Optional.of(Instant.ofEpochSecond(1767614430)));
  }

  @Test
  void whatStoodInTheWayIsAnObstacle() throws JsonProcessingException {
    String under =
        series("reconciling", "", "[1767614400,\"0\"],[1767614415,\"1\"]").replace("\"a\"", "\"\"");
    String stopped = series("job_running", "", "[1767614400,\"0\"]").replace("\"a\"", "\"\"");
    assertThat(read(good(), answer(under, stopped)).moments())
        .extracting(RecordedMoment::obstacle)
        .containsExactly(
            Optional.of("the job did not run all its tasks"),
            Optional.of("an operation was under way"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vertex_busy_ratio | other | lacks flinkcluster_vertex_busy_ratio; they are there while"
            + " spec.autoscaling.mode is Recommend or Apply; ask /api/v1/query_range for"
            + " {__name__=~",
        "vertex_records_in_per_second | other | lacks flinkcluster_vertex_records_in_per_second",
        "matrix | vector | is no answer to a range query; ask /api/v1/query_range with start, end"
            + " and step=15",
        "\"success\" | \"error\",\"error\":\"too many points\" | has refused the query: too many"
            + " points",
        "\"inputs\":\"\" | \"inputs\":\"b\" | flinkcluster_vertex_info lacks an input of `map`; ask"
            + " for the metrics of all vertices",
        "\"__name__\":\"flinkcluster_vertex_info\", | '' | a series has no name; ask for the"
            + " metrics as they are",
        "\"name\":\"orders\", | '' | holds no series of a FlinkCluster",
        "[1767614415,\"1\"] | [1767614415,\"-1\"] | is negative at 2026-01-05T12:00:15Z",
        "[1767614415,\"1\"] | [1767614415,\"x\"] | has the value `x`, which is no number",
        "1767614415 | 1767615415 | more than 2 min apart",
      })
  void saysWhatIsWrongWithAnAnswer(String from, String to, String words) {
    String bad = good().replace(from, to);
    assertThat(bad).isNotEqualTo(good());
    assertThatThrownBy(() -> read(bad))
        .isInstanceOf(RecordingException.class)
        .hasMessageContaining(words);
  }

  @Test
  void oneClusterOfSeveralIsChosenByItsName() throws JsonProcessingException {
    String other = good().replace("orders", "carts");
    assertThat(read(good(), other).moments()).hasSize(2);
    assertThat(read(other).notes())
        .containsExactly("the recording is of streams/carts, the settings are of orders");
    assertThatThrownBy(() -> read(other, good().replace("orders", "bills")))
        .hasMessageContaining("is of streams/bills, streams/carts, and none of them is orders");
  }
}
