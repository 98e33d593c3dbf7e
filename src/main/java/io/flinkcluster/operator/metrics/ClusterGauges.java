package io.flinkcluster.operator.metrics;

import io.flinkcluster.operator.api.FlinkCluster;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Gauges with rows for each cluster, made from the cache when somebody asks for metrics and kept
 * nowhere: a cluster that is gone is gone from the metrics too. Only the replica that leads has
 * any.
 */
final class ClusterGauges implements MultiCollector {
  private static final String PREFIX = "flinkcluster_";

  /**
   * One value of a gauge.
   *
   * @param labels of {@link #labels}, and more
   */
  record Row(Labels labels, double value) {}

  private record Reading(MetricMetadata about, Function<FlinkCluster, Stream<Row>> rows) {}

  private final Supplier<List<FlinkCluster>> clusters;
  private final BooleanSupplier leads;
  private final List<Reading> readings = new CopyOnWriteArrayList<>();

  private ClusterGauges(Supplier<List<FlinkCluster>> clusters, BooleanSupplier leads) {
    this.clusters = clusters;
    this.leads = leads;
  }

  /**
   * Gauges that are in each scrape of the registry from now on.
   *
   * @param clusters all FlinkClusters as the cache holds them
   * @param leads whether this process is the one that acts
   */
  static ClusterGauges in(
      PrometheusMeterRegistry registry,
      Supplier<List<FlinkCluster>> clusters,
      BooleanSupplier leads) {
    var gauges = new ClusterGauges(clusters, leads);
    registry.getPrometheusRegistry().register(gauges);
    return gauges;
  }

  /** Adds {@code flinkcluster_NAME}. Of rows with the same labels the first counts. */
  void add(String name, String description, Function<FlinkCluster, Stream<Row>> rows) {
    readings.add(new Reading(new MetricMetadata(PREFIX + name, description), rows));
  }

  @Override
  public MetricSnapshots collect() {
    List<FlinkCluster> all = leads.getAsBoolean() ? clusters.get() : List.of();
    return new MetricSnapshots(
        readings.stream()
            .map(reading -> read(reading, all))
            .filter(snapshot -> !snapshot.getDataPoints().isEmpty())
            .toList());
  }

  private static MetricSnapshot read(Reading reading, Collection<FlinkCluster> all) {
    var points = new LinkedHashMap<Labels, GaugeDataPointSnapshot>();
    all.stream()
        .flatMap(reading.rows())
        .forEach(
            row ->
                points.putIfAbsent(
                    row.labels(), new GaugeDataPointSnapshot(row.value(), row.labels(), null)));
    return new GaugeSnapshot(reading.about(), points.values());
  }

  /** The labels that say which cluster it is. */
  static Labels labels(FlinkCluster cluster) {
    var meta = cluster.getMetadata();
    return Labels.of("namespace", meta.getNamespace(), "name", meta.getName());
  }
}
