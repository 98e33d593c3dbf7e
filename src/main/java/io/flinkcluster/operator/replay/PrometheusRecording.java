package io.flinkcluster.operator.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** A recording as Prometheus answers range queries of the operator's own metrics. */
public final class PrometheusRecording {

  private static final List<String> NEEDED =
      List.of(
          "flinkcluster_vertex_info",
          "flinkcluster_vertex_parallelism",
          "flinkcluster_vertex_busy_ratio",
          "flinkcluster_vertex_backpressure_ratio");

  private final Series series;
  private final List<VertexName> vertices;

  private record VertexName(String id, String name, List<String> inputs) {}

  private PrometheusRecording(Series series) {
    this.series = series;
    this.vertices = sorted(series.labels("flinkcluster_vertex_info"));
  }

  /** The query that asks for all of it. */
  public static String query(String namespace, String name) {
    return Series.query(namespace, name);
  }

  /**
   * Reads it.
   *
   * @param answers of Prometheus, each a whole answer
   * @param namespace of the cluster; empty: any
   * @param name of the cluster; where only one was recorded, it is that one
   * @throws RecordingException where it cannot be replayed
   */
  public static Recording read(List<JsonNode> answers, String namespace, String name) {
    var notes = new ArrayList<String>();
    Series series = Series.of(answers).of(namespace, name, notes);
    var missing = NEEDED.stream().filter(n -> !series.has(n)).toList();
    boolean rates =
        series.has("flinkcluster_vertex_records_in_per_second")
            || series.has("flinkcluster_vertex_records_out_per_second");
    if (!missing.isEmpty() || !rates) {
      var all = new ArrayList<>(missing);
      if (!rates) {
        all.add("flinkcluster_vertex_records_in_per_second");
      }
      throw new RecordingException(
          "the recording lacks %s; they are there while spec.autoscaling.mode is Recommend or Apply; ask /api/v1/query_range for %s"
              .formatted(String.join(", ", all), query(namespace, name)));
    }
    return Recording.of(new PrometheusRecording(series).moments(notes), notes);
  }

  private List<RecordedMoment> moments(List<String> notes) {
    var moments = new ArrayList<RecordedMoment>();
    Optional<Instant> before = Optional.empty();
    Optional<Instant> row = Optional.empty();
    boolean back = false;
    for (double second : series.times()) {
      Instant at = moment(second);
      // A scrape that comes between two looks finds the same figures again.
      Instant told =
          series.at("flinkcluster_load_timestamp_seconds", second).map(s -> moment(s)).orElse(at);
      boolean again = before.filter(told::equals).isPresent();
      back = back || before.filter(told::isBefore).isPresent();
      Duration since = Recording.over(row, at);
      Duration over =
          series
              .at("flinkcluster_load_duration_seconds", second)
              .map(s -> Duration.ofMillis(Math.round(1000 * s)))
              .filter(d -> d.compareTo(Duration.ZERO) > 0)
              .orElse(since);
      Optional<LoadSample> sample =
          again
              ? Optional.empty()
              : Optional.of(sample(second, told, over)).filter(s -> !s.vertices().isEmpty());
      moments.add(
          new RecordedMoment(
              at,
              whole("flinkcluster_taskmanagers_wanted", second),
              obstacle(second),
              series
                  .at("flinkcluster_job_tasks_running_timestamp_seconds", second)
                  .map(s -> moment(s)),
              sample));
      before = sample.isPresent() ? sample.map(LoadSample::at) : before;
      row = Optional.of(at);
    }
    if (back) {
      notes.add(
          "flinkcluster_load_timestamp_seconds goes back, as after another replica with another"
              + " clock took over: evaluations there find the metrics unusable");
    }
    return moments;
  }

  private Optional<String> obstacle(double second) {
    if (series.at("flinkcluster_reconciling", second).filter(v -> v == 1).isPresent()) {
      return Optional.of("an operation was under way");
    }
    boolean stopped =
        series.at("flinkcluster_job_running", second).filter(v -> v == 0).isPresent()
            || series.has("flinkcluster_job_tasks_running_timestamp_seconds")
                && series.at("flinkcluster_job_tasks_running_timestamp_seconds", second).isEmpty();
    return stopped ? Optional.of("the job did not run all its tasks") : Optional.empty();
  }

  private LoadSample sample(double second, Instant at, Duration over) {
    var told = new ArrayList<Vertex>();
    for (VertexName v : vertices) {
      OptionalInt parallelism = whole("flinkcluster_vertex_parallelism", v, second);
      if (parallelism.isPresent()) {
        Optional<Double> pending = value("pending_records", v, second);
        told.add(
            new Vertex(
                v.id(),
                v.name(),
                v.inputs(),
                parallelism.getAsInt(),
                whole("flinkcluster_vertex_max_parallelism", v, second)
                    .orElse(Recording.MOST_TASKS),
                value("busy_ratio", v, second).orElse(Double.NaN),
                value("idle_ratio", v, second).orElse(Double.NaN),
                value("backpressure_ratio", v, second).orElse(Double.NaN),
                value("records_in_per_second", v, second).orElse(Double.NaN),
                value("records_out_per_second", v, second).orElse(Double.NaN),
                pending.map(p -> OptionalLong.of(Math.round(p))).orElse(OptionalLong.empty()),
                whole("flinkcluster_vertex_partitions", v, second)));
      }
    }
    long restarts = series.at("flinkcluster_job_restarts", second).map(Math::round).orElse(0L);
    return new LoadSample(at, over, restarts, told);
  }

  private Optional<Double> value(String what, VertexName v, double second) {
    return series.at("flinkcluster_vertex_" + what, v.id(), second);
  }

  private OptionalInt whole(String metric, VertexName v, double second) {
    return whole(series.at(metric, v.id(), second));
  }

  private OptionalInt whole(String metric, double second) {
    return whole(series.at(metric, second));
  }

  private static OptionalInt whole(Optional<Double> value) {
    return value.map(v -> OptionalInt.of((int) Math.round(v))).orElse(OptionalInt.empty());
  }

  private static Instant moment(double second) {
    return Instant.ofEpochMilli(Math.round(1000 * second));
  }

  /** Sources first, each behind all that it reads from. */
  private static List<VertexName> sorted(List<JsonNode> infos) {
    var open = new ArrayList<VertexName>();
    var ids = new TreeSet<String>();
    for (JsonNode labels : infos) {
      String id = labels.path("vertex_id").asText();
      if (ids.add(id)) {
        List<String> inputs =
            Arrays.stream(labels.path("inputs").asText().split(" "))
                .filter(i -> !i.isEmpty())
                .toList();
        open.add(new VertexName(id, labels.path("vertex").asText(), inputs));
      }
    }
    var sorted = new ArrayList<VertexName>();
    Set<String> done = new HashSet<>();
    while (!open.isEmpty()) {
      Optional<VertexName> next =
          open.stream().filter(v -> done.containsAll(v.inputs())).findFirst();
      VertexName v =
          next.orElseThrow(
              () ->
                  new RecordingException(
                      "flinkcluster_vertex_info lacks an input of `%s`; ask for the metrics of all vertices"
                          .formatted(open.get(0).name())));
      open.remove(v);
      sorted.add(v);
      done.add(v.id());
    }
    return sorted;
  }
}
