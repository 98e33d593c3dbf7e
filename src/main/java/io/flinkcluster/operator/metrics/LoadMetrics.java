package io.flinkcluster.operator.metrics;

import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.EvaluationStatus;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import io.flinkcluster.operator.model.ObservedJob;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
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
   * Registers the gauges; they are empty until the first {@link #refresh}.
   *
   * @param clusters all FlinkClusters as the cache holds them
   * @param seen the last look at the JobManager of a cluster
   * @param leads whether this process is the one that acts
   */
  public LoadMetrics(
      MeterRegistry registry,
      Supplier<List<FlinkCluster>> clusters,
      Function<FlinkCluster, Optional<FlinkObservation>> seen,
      BooleanSupplier leads) {
    this.gauges = new ClusterGauges(registry, clusters, leads);
    this.seen = seen;
    gauges.add("autoscaling.evaluation.info", EVALUATION, c -> evaluation(c).stream());
    load();
    vertices();
  }

  private static Optional<Row<?>> evaluation(FlinkCluster c) {
    return Optional.ofNullable(c.getStatus())
        .map(FlinkClusterStatus::autoscaling)
        .map(AutoscalingStatus::evaluations)
        .flatMap(all -> all.stream().findFirst())
        .map(e -> Row.of(ClusterGauges.tags(c).and("rule", e.rule()).and("answer", answer(e)), 1));
  }

  private static String answer(EvaluationStatus e) {
    int by = e.wanted() == null ? 0 : Integer.compare(e.wanted(), e.replicas());
    return by > 0 ? "Up" : by < 0 ? "Down" : "Keep";
  }

  private void load() {
    gauges.add(
        "load.timestamp.seconds",
        "Until when the load of the vertices was measured, seconds since 1970",
        c -> last(c).map(s -> Row.of(ClusterGauges.tags(c), seconds(s.at()))).stream());
    gauges.add(
        "load.duration.seconds",
        "Over which time the load of the vertices was measured",
        c ->
            last(c).map(s -> Row.of(ClusterGauges.tags(c), s.over().toMillis() / 1000.0)).stream());
    gauges.add(
        "job.tasks.running.timestamp.seconds",
        "Since when all tasks run, seconds since 1970; absent while they do not, and without"
            + " autoscaling",
        c ->
            seen
                .apply(c)
                .filter(o -> !o.loads().isEmpty())
                .flatMap(FlinkObservation::job)
                .flatMap(ObservedJob::tasksRunningSince)
                .map(at -> Row.of(ClusterGauges.tags(c), seconds(at)))
                .stream());
  }

  private void vertices() {
    gauges.add(
        "vertex.info",
        "1 for each vertex of the job graph; inputs: ids of those that it reads from, none: it is a"
            + " source",
        c ->
            vertices(c)
                .map(v -> Row.of(tags(c, v).and("inputs", String.join(" ", v.inputs())), 1)));
    vertex("parallelism", "Tasks of the vertex", Vertex::parallelism);
    vertex(
        "max.parallelism",
        "Key groups of the vertex: most tasks it can have",
        Vertex::maxParallelism);
    vertex(
        "busy.ratio", "Share of time in which the tasks of the vertex work, 0 to 1", Vertex::busy);
    vertex(
        "idle.ratio", "Share of time in which its tasks have nothing to do, 0 to 1", Vertex::idle);
    vertex(
        "backpressure.ratio",
        "Share of time in which its tasks cannot send what they have made, 0 to 1",
        Vertex::backPressured);
    vertex(
        "records.in.per.second",
        "Records that the vertex reads per second; of a source from outside",
        Vertex::recordsIn);
    vertex("records.out.per.second", "Records that it sends per second", Vertex::recordsOut);
    vertex(
        "pending.records",
        "Records that wait at a source; absent where it does not tell",
        v -> v.pending().isPresent() ? v.pending().getAsLong() : Double.NaN);
    vertex(
        "partitions",
        "Partitions of what a source reads; absent where they are not known",
        v -> v.partitions().isPresent() ? v.partitions().getAsInt() : Double.NaN);
  }

  private void vertex(String name, String description, ToDoubleFunction<Vertex> value) {
    gauges.add(
        "vertex." + name,
        description,
        c ->
            vertices(c)
                .filter(v -> Double.isFinite(value.applyAsDouble(v))) // else it is not told
                .map(v -> Row.of(tags(c, v), value.applyAsDouble(v))));
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

  /** Reads all clusters anew. */
  public void refresh() {
    gauges.refresh();
  }

  private static double seconds(Instant moment) {
    return moment.toEpochMilli() / 1000.0;
  }

  private static Tags tags(FlinkCluster cluster, Vertex vertex) {
    return ClusterGauges.tags(cluster).and("vertex", vertex.name()).and("vertex_id", vertex.id());
  }
}
