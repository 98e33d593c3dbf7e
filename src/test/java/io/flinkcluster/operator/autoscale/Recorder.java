package io.flinkcluster.operator.autoscale;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records a simulated job as CSV and as Prometheus does, while somebody sizes it. */
public final class Recorder implements Sizer {
  private static final String NAMES =
      "time,replicas,obstacle,running_since,restarts,seconds,vertex,inputs,parallelism,"
          + "max_parallelism,busy,idle,backpressured,records_in,records_out,pending,partitions";

  private final Sizer sizer;
  private final List<String> lines = new ArrayList<>(List.of(NAMES));
  private final Map<String, ObjectNode> series = new LinkedHashMap<>();
  private Pipeline job;

  private Recorder(Sizer sizer) {
    this.sizer = sizer;
  }

  /** A change of size, as the simulated model made it. */
  public record Made(Instant at, int from, int to, String rule, String why) {}

  /**
   * What was recorded.
   *
   * @param made the changes that the model made meanwhile
   */
  public record Result(String csv, String prometheus, List<Made> made, double podHours) {}

  /** One scenario with the model that sizes it. */
  public static Result withModel(String scenario, int minReplicas, int maxReplicas) {
    var model = new Model(SizingPolicy.within(minReplicas, maxReplicas));
    return run(Scenario.named(scenario), model, model, false);
  }

  /** One scenario with a size for its peak, or that of its beginning. */
  public static Result fixed(String scenario, boolean forPeak) {
    return run(Scenario.named(scenario), Sizer.fixed(), new Model(), forPeak);
  }

  private static Result run(Scenario scenario, Sizer sizer, Model model, boolean forPeak) {
    var recorder = new Recorder(sizer);
    var figures = Comparison.run(scenario, recorder, forPeak, 1);
    var made = model.changes.stream().map(Recorder::made).toList();
    return new Result(
        String.join("\n", recorder.lines) + "\n", recorder.prometheus(), made, figures.podHours());
  }

  /** The change that an evaluation asks for. */
  public static Made made(Evaluation e) {
    return new Made(e.at(), e.replicas(), e.wanted().getAsInt(), e.rule(), e.why());
  }

  @Override
  public void look(Pipeline pipeline) {
    job = pipeline;
    if (job.second() % 15 == 0) {
      LoadSample sample = job.samples().get(job.samples().size() - 1);
      sample.vertices().forEach(v -> csv(sample, v));
      prometheus(sample);
    }
    sizer.look(job);
  }

  private void csv(LoadSample s, Vertex v) {
    lines.add(
        String.join(
            ",",
            job.at().toString(),
            "" + job.replicas(),
            job.changing() ? "a change is under way" : "",
            job.runningSince().map(Instant::toString).orElse(""),
            "" + s.restarts(),
            "" + s.over().toSeconds(),
            v.name(),
            v.source() ? "" : name(s, v.inputs().get(0)),
            "" + v.parallelism(),
            "" + v.maxParallelism(),
            "" + v.busy(),
            "" + v.idle(),
            "" + v.backPressured(),
            "" + v.recordsIn(),
            "" + v.recordsOut(),
            v.pending().isPresent() ? "" + v.pending().getAsLong() : "",
            v.partitions().isPresent() ? "" + v.partitions().getAsInt() : ""));
  }

  private static String name(LoadSample s, String id) {
    return s.vertices().stream().filter(v -> v.id().equals(id)).findFirst().orElseThrow().name();
  }

  private void prometheus(LoadSample s) {
    value("reconciling", Optional.empty(), job.changing() ? 1 : 0);
    value("job_running", Optional.empty(), job.stands() ? 0 : 1);
    value("job_restarts", Optional.empty(), s.restarts());
    value("taskmanagers_wanted", Optional.empty(), job.replicas());
    value("load_timestamp_seconds", Optional.empty(), s.at().getEpochSecond());
    value("load_duration_seconds", Optional.empty(), s.over().toSeconds());
    job.runningSince()
        .ifPresent(
            at ->
                value(
                    "job_tasks_running_timestamp_seconds", Optional.empty(), at.getEpochSecond()));
    for (Vertex v : s.vertices()) {
      Optional<Vertex> of = Optional.of(v);
      value("vertex_info", of, 1);
      value("vertex_parallelism", of, v.parallelism());
      value("vertex_max_parallelism", of, v.maxParallelism());
      value("vertex_busy_ratio", of, v.busy());
      value("vertex_idle_ratio", of, v.idle());
      value("vertex_backpressure_ratio", of, v.backPressured());
      value("vertex_records_in_per_second", of, v.recordsIn());
      value("vertex_records_out_per_second", of, v.recordsOut());
      v.pending().ifPresent(p -> value("vertex_pending_records", of, p));
      v.partitions().ifPresent(p -> value("vertex_partitions", of, p));
    }
  }

  private void value(String metric, Optional<Vertex> vertex, double value) {
    var json = JsonNodeFactory.instance;
    var one =
        series.computeIfAbsent(
            metric + vertex.map(Vertex::id).orElse(""),
            k -> {
              var labels = json.objectNode().put("__name__", "flinkcluster_" + metric);
              labels.put("namespace", "streams").put("name", "orders").put("pod", "operator-1");
              vertex.ifPresent(v -> labels.put("vertex", v.name()).put("vertex_id", v.id()));
              if (metric.equals("vertex_info")) {
                labels.put("inputs", String.join(" ", vertex.orElseThrow().inputs()));
              }
              var node = json.objectNode();
              node.set("metric", labels);
              node.set("values", json.arrayNode());
              return node;
            });
    one.withArray("values")
        .add(json.arrayNode().add(job.at().getEpochSecond()).add(Double.toString(value)));
  }

  private String prometheus() {
    var json = JsonNodeFactory.instance;
    var data = json.objectNode().put("resultType", "matrix");
    var result = data.putArray("result");
    // Not in topological order: Prometheus sorts by labels.
    new ArrayList<>(series.values())
        .stream()
            .sorted(
                (a, b) -> -1 * a.path("metric").toString().compareTo(b.path("metric").toString()))
            .forEach(result::add);
    var answer = json.objectNode().put("status", "success");
    answer.set("data", data);
    return answer.toString();
  }
}
