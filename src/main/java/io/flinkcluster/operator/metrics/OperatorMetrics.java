package io.flinkcluster.operator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;

/** The process's own meters, and the names of those of the SDK. */
public final class OperatorMetrics {

  private static final List<String> OF_THE_SDK = List.of("reconciliations.", "events.");

  private final Counter unreadableFields;
  private volatile boolean leads;

  /** Registers the meters; to be called before the SDK registers its own. */
  public OperatorMetrics(MeterRegistry registry) {
    // Only deletions are counted for every cluster (JOSDK 5.3.2): it becomes negative.
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("custom_resources"));
    registry.config().meterFilter(prefix());
    Gauge.builder("flinkcluster.operator.leader", () -> leads ? 1 : 0)
        .description("1: this replica acts; 0: it waits for its turn")
        .register(registry);
    Gauge.builder("flinkcluster.operator.build.info", () -> 1)
        .description("Always 1; the labels say what runs")
        .tag("version", System.getProperty("flinkcluster.operator.version", "unknown"))
        .tag("java", System.getProperty("java.version", "unknown"))
        .register(registry);
    unreadableFields =
        Counter.builder("flinkcluster.operator.unreadable.fields")
            .description("Fields of objects that this version could not read")
            .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private static MeterFilter prefix() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        return OF_THE_SDK.stream().anyMatch(id.getName()::startsWith)
            ? id.withName("flinkcluster.operator." + id.getName())
            : id;
      }
    };
  }

  /** From now on this process is the one that acts; it never stops to be but by ending. */
  public void leading() {
    leads = true;
  }

  /** Whether this process is the one that acts. */
  public boolean leads() {
    return leads;
  }

  /** Counts a field that was read as null. */
  public void unreadableField() {
    unreadableFields.increment();
  }
}
