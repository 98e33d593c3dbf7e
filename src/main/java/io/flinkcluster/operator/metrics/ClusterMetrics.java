package io.flinkcluster.operator.metrics;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.model.Times;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the statuses of all clusters say, as gauges with the labels {@code namespace} and {@code
 * name}. They are read from the cache when somebody asks for metrics: a cluster that is gone is
 * gone from the metrics too, and nothing is counted twice after a restart.
 */
public final class ClusterMetrics {
  /** One gauge: its name, and its value for a cluster; empty where the cluster has none. */
  private record Reading(MultiGauge gauge, Function<FlinkClusterStatus, Optional<Number>> value) {}

  private final Supplier<List<FlinkCluster>> clusters;
  private final Map<String, Reading> readings = new LinkedHashMap<>();
  private final MultiGauge phases;
  private final MultiGauge rules;
  private final MeterRegistry registry;

  /**
   * Registers the gauges; they are empty until the first {@link #refresh}.
   *
   * @param clusters all FlinkClusters as the cache holds them
   */
  public ClusterMetrics(MeterRegistry registry, Supplier<List<FlinkCluster>> clusters) {
    this.registry = registry;
    this.clusters = clusters;
    this.phases =
        MultiGauge.builder("flinkcluster.phase")
            .description("1 for the phase that the cluster is in")
            .register(registry);
    this.rules =
        MultiGauge.builder("flinkcluster.operation.rule")
            .description("1 for the rule that decided last on the operation under way")
            .register(registry);
    conditions();
    job();
    checkpoints();
    add(
        "taskmanagers.wanted",
        "TaskManagers that the present start should have",
        s -> Optional.ofNullable(s.taskManagers()).map(t -> t.wanted()));
    add(
        "taskmanagers.ready",
        "TaskManagers that are registered with the JobManager",
        s -> Optional.ofNullable(s.taskManagers()).map(t -> t.ready()));
    add(
        "operation.downtime.seconds",
        "Downtime of the last operation that had one",
        s -> lastDowntime(s));
  }

  private void conditions() {
    condition("ready", "Ready", "1: the job runs as the spec says");
    condition("stalled", "Stalled", "1: nothing happens until a person acts");
    condition("config.valid", "ConfigValid", "0: the spec is refused");
    condition("state.safe", "StateSafe", "0: a restart now would lose state");
  }

  private void job() {
    job("running", "1: Flink reports the job as RUNNING", j -> "RUNNING".equals(j.state()) ? 1 : 0);
    job("parallelism", "Largest parallelism of the job's vertices", JobStatus::parallelism);
    job("restarts", "Restarts of the job since its start", JobStatus::restarts);
    job(
        "backpressure.ratio",
        "Share of time that the most back-pressured vertex was held up, 0 to 1",
        j -> j.backPressure() == null ? null : Double.valueOf(j.backPressure().ratio()));
    job("source.lag.records", "Records pending at the sources", JobStatus::sourceLag);
  }

  private void checkpoints() {
    checkpoints("completed", "Checkpoints completed since the start", c -> c.completed());
    checkpoints("failed", "Checkpoints failed since the start", c -> c.failed());
    checkpoints("size.bytes", "Size of the last completed checkpoint", c -> c.lastSize());
    checkpoints(
        "timestamp.seconds",
        "When the last completed checkpoint was triggered, seconds since 1970",
        c -> Times.moment(c.lastAt()).map(Instant::getEpochSecond).orElse(null));
  }

  private void condition(String name, String type, String description) {
    add(
        name,
        description,
        s ->
            Optional.ofNullable(s.conditions()).stream()
                .flatMap(List::stream)
                .filter(c -> c.type().equals(type))
                .map(Condition::status)
                .findFirst()
                .map(status -> status.equals("True") ? 1 : 0));
  }

  private void job(String name, String description, Function<JobStatus, Number> value) {
    add("job." + name, description, s -> Optional.ofNullable(s.job()).map(value));
  }

  private void checkpoints(
      String name, String description, Function<JobStatus.Checkpoints, Number> value) {
    job(
        "checkpoints." + name,
        description,
        j -> j.checkpoints() == null ? null : value.apply(j.checkpoints()));
  }

  private void add(
      String name,
      String description,
      Function<FlinkClusterStatus, Optional<? extends Number>> value) {
    String full = "flinkcluster." + name;
    MultiGauge gauge = MultiGauge.builder(full).description(description).register(registry);
    readings.put(full, new Reading(gauge, s -> value.apply(s).map(Number.class::cast)));
  }

  private static Optional<Number> lastDowntime(FlinkClusterStatus status) {
    return Optional.ofNullable(status.operations()).stream()
        .flatMap(List::stream)
        .map(OperationRecord::downtime)
        .filter(text -> text != null && text.endsWith("s"))
        .findFirst()
        .map(text -> Double.valueOf(text.substring(0, text.length() - 1)));
  }

  /** Reads all clusters anew. */
  public synchronized void refresh() {
    List<FlinkCluster> all = clusters.get().stream().filter(c -> c.getStatus() != null).toList();
    readings.values().forEach(reading -> reading.gauge().register(rows(all, reading), true));
    rules.register(rules(all), true);
    phases.register(
        all.stream()
            .filter(c -> c.getStatus().phase() != null)
            .map(c -> Row.of(tags(c).and("phase", c.getStatus().phase().name()), 1))
            .toList(),
        true);
  }

  private static List<Row<?>> rules(List<FlinkCluster> all) {
    return all.stream()
        .filter(c -> c.getStatus().operation() != null)
        .filter(c -> c.getStatus().operation().rule() != null)
        .<Row<?>>map(
            c ->
                Row.of(
                    tags(c)
                        .and("operation", String.valueOf(c.getStatus().operation().type()))
                        .and("rule", c.getStatus().operation().rule()),
                    1))
        .toList();
  }

  private static List<Row<?>> rows(List<FlinkCluster> all, Reading reading) {
    return all.stream()
        .<Row<?>>mapMulti(
            (c, rows) ->
                reading.value().apply(c.getStatus()).ifPresent(v -> rows.accept(row(c, v))))
        .toList();
  }

  private static Row<?> row(FlinkCluster cluster, Number value) {
    return Row.of(tags(cluster), value);
  }

  private static Tags tags(FlinkCluster cluster) {
    var meta = cluster.getMetadata();
    return Tags.of("namespace", meta.getNamespace(), "name", meta.getName());
  }
}
