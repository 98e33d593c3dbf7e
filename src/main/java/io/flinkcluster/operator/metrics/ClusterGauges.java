package io.flinkcluster.operator.metrics;

import io.flinkcluster.operator.api.FlinkCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Gauges with rows for each cluster, read from the cache when somebody asks for metrics: a cluster
 * that is gone is gone from the metrics too. Only the replica that leads has any.
 */
final class ClusterGauges {
  private record Reading(MultiGauge gauge, Function<FlinkCluster, Stream<? extends Row<?>>> rows) {}

  private final MeterRegistry registry;
  private final Supplier<List<FlinkCluster>> clusters;
  private final BooleanSupplier leads;
  private final List<Reading> readings = new ArrayList<>();

  ClusterGauges(
      MeterRegistry registry, Supplier<List<FlinkCluster>> clusters, BooleanSupplier leads) {
    this.registry = registry;
    this.clusters = clusters;
    this.leads = leads;
  }

  /** Registers {@code flinkcluster.NAME}; it is empty until the first {@link #refresh}. */
  void add(String name, String description, Function<FlinkCluster, Stream<? extends Row<?>>> rows) {
    var gauge =
        MultiGauge.builder("flinkcluster." + name).description(description).register(registry);
    readings.add(new Reading(gauge, rows));
  }

  /** Reads all clusters anew. */
  synchronized void refresh() {
    List<FlinkCluster> all = leads.getAsBoolean() ? clusters.get() : List.of();
    for (Reading reading : readings) {
      reading.gauge().register(all.stream().<Row<?>>flatMap(reading.rows()).toList(), true);
    }
  }

  /** The labels that say which cluster it is. */
  static Tags tags(FlinkCluster cluster) {
    var meta = cluster.getMetadata();
    return Tags.of("namespace", meta.getNamespace(), "name", meta.getName());
  }
}
