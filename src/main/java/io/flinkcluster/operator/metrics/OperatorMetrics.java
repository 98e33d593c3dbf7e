package io.flinkcluster.operator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;

/** The process's own meters, beside those of the SDK. */
public final class OperatorMetrics {

  private final Counter unreadableFields;

  /** Registers the meters. */
  public OperatorMetrics(MeterRegistry registry) {
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

  /** Counts a field that was read as null. */
  public void unreadableField() {
    unreadableFields.increment();
  }
}
