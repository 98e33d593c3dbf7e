package io.flinkcluster.operator.metrics;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.StepStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What operations came to, and how long they took; without the clusters' names, so that there are
 * as many series with a thousand clusters as with one. Counted when the status that says so is
 * written: a restart of the operator counts nothing twice.
 */
public final class OperationMetrics {
  private static final Duration[] BUCKETS =
      List.of(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800).stream()
          .map(Duration::ofSeconds)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;

  /** Registers meters as soon as there is something to count. */
  public OperationMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts a decision that was written down.
   *
   * @param rule name of the rule that decided
   */
  public void decided(String rule) {
    Counter.builder("flinkcluster.decisions")
        .description("Decisions that were written down before they were carried out")
        .tag("rule", rule)
        .register(registry)
        .increment();
  }

  /**
   * Counts what has ended.
   *
   * @param before the status as it was; may be null
   * @param after the status as it was written
   */
  public void written(FlinkClusterStatus before, FlinkClusterStatus after) {
    Set<String> known = ended(before).stream().map(OperationMetrics::key).collect(keys());
    for (OperationRecord record : ended(after)) {
      if (known.add(key(record))) {
        count(record);
      }
    }
  }

  private static java.util.stream.Collector<String, ?, Set<String>> keys() {
    return Collectors.toCollection(HashSet::new);
  }

  private static String key(OperationRecord record) {
    return record.id() + " " + record.endedAt();
  }

  private static List<OperationRecord> ended(FlinkClusterStatus status) {
    return status == null || status.operations() == null ? List.of() : status.operations();
  }

  private void count(OperationRecord record) {
    var type = Tags.of("operation", String.valueOf(record.type()));
    var result = type.and("result", String.valueOf(record.result()));
    Counter.builder("flinkcluster.operations")
        .description("Operations that have ended")
        .tags(result)
        .tag("trigger", String.valueOf(record.triggerKind()))
        .tag("reason", record.reason() == null ? "" : record.reason().name())
        .register(registry)
        .increment();
    record("operation.downtime", "Time in which no job ran", type, Seconds.of(record.downtime()));
    if (record.steps() == null) {
      return;
    }
    double whole = 0;
    for (StepStatus step : record.steps()) {
      Optional<Double> took = Seconds.of(step.duration());
      whole += took.orElse(0.0);
      var stage = type.and("stage", String.valueOf(step.name()));
      record("operation.stage.duration", "How long stages of operations took", stage, took);
    }
    record("operation.duration", "How long operations took", result, Optional.of(whole));
  }

  private void record(String name, String description, Tags tags, Optional<Double> seconds) {
    seconds.ifPresent(
        s ->
            Timer.builder("flinkcluster." + name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.ofMillis(Math.round(s * 1000))));
  }
}
