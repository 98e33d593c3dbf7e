package io.flinkcluster.operator.metrics;

import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.StorageSpec;
import io.flinkcluster.operator.api.TaskManagersStatus;
import io.flinkcluster.operator.metrics.ClusterGauges.Row;
import io.flinkcluster.operator.model.Times;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What specs and statuses of all clusters say, as gauges with the labels {@code namespace} and
 * {@code name}. They are read from the cache when somebody asks for metrics: a cluster that is gone
 * is gone from the metrics too, and nothing is counted twice after a restart. Only the replica that
 * leads has them, so that sums over replicas are true and no alert fires twice.
 */
public final class ClusterMetrics {
  private final ClusterGauges gauges;

  /**
   * Registers the gauges; they are read from the cache at each scrape.
   *
   * @param clusters all FlinkClusters as the cache holds them
   * @param leads whether this process is the one that acts
   */
  public ClusterMetrics(
      PrometheusMeterRegistry registry,
      Supplier<List<FlinkCluster>> clusters,
      BooleanSupplier leads) {
    this.gauges = ClusterGauges.in(registry, clusters, leads);
    add("phase", "1 for the phase that the cluster is in", ClusterMetrics::phase);
    conditions();
    operations();
    job();
    checkpoints();
    taskManagers();
    autoscaling();
    status(
        "restore_point_timestamp_seconds",
        "When the state was taken that a restart would continue from, seconds since 1970",
        s -> Optional.ofNullable(s.restorePoint()).flatMap(p -> epoch(p.takenAt())));
  }

  private static Optional<Row> phase(FlinkCluster c) {
    return status(c)
        .map(FlinkClusterStatus::phase)
        .map(phase -> new Row(ClusterGauges.labels(c).add("phase", phase.name()), 1));
  }

  private void conditions() {
    condition("ready", "Ready", "1: the job runs as the spec says");
    condition("reconciling", "Reconciling", "1: something is under way");
    condition("stalled", "Stalled", "1: nothing happens until a person acts");
    condition("config_valid", "ConfigValid", "0: the spec is refused");
    condition("state_safe", "StateSafe", "0: a restart now would lose state");
    known(
        "cloud_identity_ready",
        "CloudIdentityReady",
        "0: the pods have no identity of their own on AWS; absent where that is not known");
    known(
        "storage_ready",
        "StorageReady",
        "0: Flink's directories on S3 cannot be used, or what is written there may be lost; absent"
            + " where there are none, or they were not checked");
  }

  private void operations() {
    add(
        "operation_info",
        "1 for the operation under way, with the rule that decided last on it",
        c -> status(c).map(FlinkClusterStatus::operation).map(o -> new Row(labels(c, o), 1)));
    status(
        "operation_start_timestamp_seconds",
        "When the operation under way began, seconds since 1970",
        s -> Optional.ofNullable(s.operation()).flatMap(o -> epoch(o.startedAt())));
    add(
        "last_operation_info",
        "1 for the newest operation that has ended, with its result",
        c -> status(c).flatMap(ClusterMetrics::last).map(o -> new Row(labels(c, o), 1)));
    status(
        "last_operation_downtime_seconds",
        "Downtime of the last operation that had one",
        s -> ended(s).stream().flatMap(o -> Seconds.of(o.downtime()).stream()).findFirst());
  }

  private static Labels labels(FlinkCluster c, OperationStatus o) {
    return ClusterGauges.labels(c)
        .add("operation", String.valueOf(o.type()))
        .add("stage", String.valueOf(o.stage()))
        .add("trigger", String.valueOf(o.triggerKind()))
        .add("rule", o.rule() == null ? "" : o.rule());
  }

  private static Labels labels(FlinkCluster c, OperationRecord o) {
    return ClusterGauges.labels(c)
        .add("operation", String.valueOf(o.type()))
        .add("result", String.valueOf(o.result()))
        .add("reason", o.reason() == null ? "" : o.reason().name());
  }

  private static List<OperationRecord> ended(FlinkClusterStatus status) {
    return status.operations() == null ? List.of() : status.operations();
  }

  private static Optional<OperationRecord> last(FlinkClusterStatus status) {
    return ended(status).stream().findFirst();
  }

  private void job() {
    job("running", "1: Flink reports the job as RUNNING", j -> "RUNNING".equals(j.state()) ? 1 : 0);
    job("parallelism", "Largest parallelism of the job's vertices", JobStatus::parallelism);
    job("restarts", "Restarts of the job since its start", JobStatus::restarts);
    job(
        "start_timestamp_seconds",
        "When the job began, seconds since 1970",
        j -> epoch(j.startedAt()).orElse(null));
    job(
        "backpressure_ratio",
        "Share of time that the most back-pressured vertex was held up, 0 to 1",
        j -> j.backPressure() == null ? null : Double.valueOf(j.backPressure().ratio()));
    job("source_lag_records", "Records pending at the sources", JobStatus::sourceLag);
  }

  private void checkpoints() {
    value(
        "job_checkpointed",
        "1: the spec says where checkpoints are kept, so that some are to be expected",
        c ->
            c.getSpec() == null || c.getSpec().job() == null
                ? Optional.empty()
                : Optional.of(keepsCheckpoints(c.getSpec().storage()) ? 1 : 0));
    checkpoints("completed", "Checkpoints completed since the start", c -> c.completed());
    checkpoints("failed", "Checkpoints failed since the start", c -> c.failed());
    checkpoints("size_bytes", "Size of the last completed checkpoint", c -> c.lastSize());
    checkpoints(
        "duration_seconds",
        "How long the last completed checkpoint took",
        c -> Seconds.of(c.lastDuration()).orElse(null));
    checkpoints(
        "timestamp_seconds",
        "When the last completed checkpoint was triggered, seconds since 1970",
        c -> epoch(c.lastAt()).orElse(null));
  }

  private static boolean keepsCheckpoints(StorageSpec storage) {
    return storage != null && (storage.baseURI() != null || storage.checkpoints() != null);
  }

  private void taskManagers() {
    taskManagers(
        "taskmanagers_wanted",
        "TaskManagers that the present start should have",
        TaskManagersStatus::wanted);
    taskManagers("taskmanagers", "TaskManager pods that exist", TaskManagersStatus::replicas);
    taskManagers(
        "taskmanagers_ready",
        "TaskManagers that are registered with the JobManager",
        TaskManagersStatus::ready);
  }

  private void autoscaling() {
    status(
        "autoscaling_taskmanagers_wanted",
        "TaskManagers that the last evaluation wants; those that there are where it wants no"
            + " change",
        s ->
            Optional.ofNullable(s.autoscaling())
                .map(AutoscalingStatus::evaluations)
                .flatMap(all -> all.stream().findFirst())
                .map(e -> e.wanted() == null ? e.replicas() : e.wanted()));
    status(
        "autoscaling_lag_seconds",
        "How far behind the sources are, where autoscaling follows the load",
        s -> lag(s).map(AutoscalingStatus.Lag::secondsBehind));
    status(
        "autoscaling_lag_trend",
        "Records per second by which the lag grows; below 0: it falls",
        s -> lag(s).map(AutoscalingStatus.Lag::trend));
  }

  private static Optional<AutoscalingStatus.Lag> lag(FlinkClusterStatus status) {
    return Optional.ofNullable(status.autoscaling()).map(AutoscalingStatus::lag);
  }

  private void taskManagers(
      String name, String description, Function<TaskManagersStatus, Integer> value) {
    status(name, description, s -> Optional.ofNullable(s.taskManagers()).map(value));
  }

  private void condition(String name, String type, String description) {
    status(name, description, s -> conditionStatus(s, type).map(status -> value(status)));
  }

  /** A condition that may well be Unknown: then there is nothing to be warned of. */
  private void known(String name, String type, String description) {
    status(
        name,
        description,
        s ->
            conditionStatus(s, type)
                .filter(status -> !status.equals("Unknown"))
                .map(status -> value(status)));
  }

  private static int value(String conditionStatus) {
    return conditionStatus.equals("True") ? 1 : 0;
  }

  private static Optional<String> conditionStatus(FlinkClusterStatus status, String type) {
    return Optional.ofNullable(status.conditions()).stream()
        .flatMap(List::stream)
        .filter(c -> c.type().equals(type))
        .map(Condition::status)
        .findFirst();
  }

  private void job(String name, String description, Function<JobStatus, Number> value) {
    status("job_" + name, description, s -> Optional.ofNullable(s.job()).map(value));
  }

  private void checkpoints(
      String name, String description, Function<JobStatus.Checkpoints, Number> value) {
    job(
        "checkpoints_" + name,
        description,
        j -> j.checkpoints() == null ? null : value.apply(j.checkpoints()));
  }

  private void status(
      String name,
      String description,
      Function<FlinkClusterStatus, Optional<? extends Number>> value) {
    value(name, description, c -> status(c).flatMap(value));
  }

  private void value(
      String name, String description, Function<FlinkCluster, Optional<? extends Number>> value) {
    add(
        name,
        description,
        c -> value.apply(c).map(v -> new Row(ClusterGauges.labels(c), v.doubleValue())));
  }

  private void add(String name, String description, Function<FlinkCluster, Optional<Row>> row) {
    gauges.add(name, description, c -> row.apply(c).stream());
  }

  private static Optional<FlinkClusterStatus> status(FlinkCluster cluster) {
    return Optional.ofNullable(cluster.getStatus());
  }

  private static Optional<Long> epoch(String moment) {
    return Times.moment(moment).map(Instant::getEpochSecond);
  }
}
