package io.flinkcluster.operator.metrics;

import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.EvaluationStatus;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.metrics.ClusterGauges.Row;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import io.flinkcluster.operator.model.ObservedJob;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the last evaluation of a job's size says, and what evaluations rest on, vertex by vertex:
 * recorded, it can be replayed with other settings. Only of clusters with autoscaling, whose load
 * is followed. They are the figures of the operator's last look, not of the moment of the scrape;
 * {@code flinkcluster_load_timestamp_seconds} says of when they are.
 */
public final class LoadMetrics {

  /** What is older tells nothing of a job that may have stopped meanwhile. */
  private static final Duration FRESH = Duration.ofMinutes(2);

  private static final String EVALUATION =
      "1 for the last evaluation: its rule, and whether it wants Up, Down or Keep";

  private final ClusterGauges gauges;
  private final Function<FlinkCluster, Optional<FlinkObservation>> seen;

  /**
   * Registers the gauges; they are read from the cache at each scrape.
   *
   * @param clusters all FlinkClusters as the cache holds them
   * @param seen the last look at the JobManager of a cluster
   * @param leads whether this process is the one that acts
   */
  public LoadMetrics(
      PrometheusMeterRegistry registry,
      Supplier<List<FlinkCluster>> clusters,
      Function<FlinkCluster, Optional<FlinkObservation>> seen,
      BooleanSupplier leads) {
    this.gauges = ClusterGauges.in(registry, clusters, leads);
    this.seen = seen;
    gauges.add("autoscaling_evaluation_info", EVALUATION, c -> evaluation(c).stream());
    load();
    vertices();
  }

  private static Optional<Row> evaluation(FlinkCluster c) {
    return Optional.ofNullable(c.getStatus())
        .map(FlinkClusterStatus::autoscaling)
        .map(AutoscalingStatus::evaluations)
        .flatMap(all -> all.stream().findFirst())
        .map(
            e ->
                new Row(ClusterGauges.labels(c).add("rule", e.rule()).add("answer", answer(e)), 1));
  }

  private static String answer(EvaluationStatus e) {
    int by = e.wanted() == null ? 0 : Integer.compare(e.wanted(), e.replicas());
    return by > 0 ? "Up" : by < 0 ? "Down" : "Keep";
  }

  private void load() {
    gauges.add(
        "load_timestamp_seconds",
        "Until when the load of the vertices was measured, seconds since 1970",
        c -> last(c).map(s -> new Row(ClusterGauges.labels(c), seconds(s.at()))).stream());
    gauges.add(
        "load_duration_seconds",
        "Over which time the load of the vertices was measured",
        c ->
            last(c)
                .map(s -> new Row(ClusterGauges.labels(c), s.over().toMillis() / 1000.0))
                .stream());
    gauges.add(
        "job_tasks_running_timestamp_seconds",
        "Since when all tasks run, seconds since 1970; absent while they do not, and without"
            + " autoscaling",
        c ->
            seen
                .apply(c)
                .filter(o -> !o.loads().isEmpty())
                .flatMap(FlinkObservation::job)
                .flatMap(ObservedJob::tasksRunningSince)
                .map(at -> new Row(ClusterGauges.labels(c), seconds(at)))
                .stream());
  }

  private void vertices() {
    gauges.add(
        "vertex_info",
        "1 for each vertex of the job graph; inputs: ids of those that it reads from, none: it is a"
            + " source",
        c ->
            vertices(c)
                .map(v -> new Row(labels(c, v).add("inputs", String.join(" ", v.inputs())), 1)));
    vertex("parallelism", "Tasks of the vertex", Vertex::parallelism);
    vertex(
        "max_parallelism",
        "Key groups of the vertex: most tasks it can have",
        Vertex::maxParallelism);
    vertex(
        "busy_ratio", "Share of time in which the tasks of the vertex work, 0 to 1", Vertex::busy);
    vertex(
        "idle_ratio", "Share of time in which its tasks have nothing to do, 0 to 1", Vertex::idle);
    vertex(
        "backpressure_ratio",
        "Share of time in which its tasks cannot send what they have made, 0 to 1",
        Vertex::backPressured);
    vertex(
        "records_in_per_second",
        "Records that the vertex reads per second; of a source from outside",
        Vertex::recordsIn);
    vertex("records_out_per_second", "Records that it sends per second", Vertex::recordsOut);
    vertex(
        "pending_records",
        "Records that wait at a source; absent where it does not tell",
        v -> v.pending().isPresent() ? v.pending().getAsLong() : Double.NaN);
    vertex(
        "partitions",
        "Partitions of what a source reads; absent where they are not known",
        v -> v.partitions().isPresent() ? v.partitions().getAsInt() : Double.NaN);
  }

  private void vertex(String name, String description, ToDoubleFunction<Vertex> value) {
    gauges.add(
        "vertex_" + name,
        description,
        c ->
            vertices(c)
                .filter(v -> Double.isFinite(value.applyAsDouble(v))) // else it is not told
                .map(v -> new Row(labels(c, v), value.applyAsDouble(v))));
  }

  private Stream<Vertex> vertices(FlinkCluster cluster) {
    return last(cluster).stream().flatMap(s -> s.vertices().stream());
  }

  private Optional<LoadSample> last(FlinkCluster cluster) {
    return seen.apply(cluster)
        .filter(o -> o.reachable() && !o.loads().isEmpty())
        .flatMap(
            o ->
                Optional.of(o.loads().get(o.loads().size() - 1))
                    .filter(s -> s.at().plus(FRESH).isAfter(o.at())));
  }

  private static double seconds(Instant moment) {
    return moment.toEpochMilli() / 1000.0;
  }

  private static Labels labels(FlinkCluster cluster, Vertex vertex) {
    return ClusterGauges.labels(cluster).add("vertex", vertex.name()).add("vertex_id", vertex.id());
  }
}
