package io.flinkcluster.operator.metrics;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every metric that the operator can have, as one scrape of a process that has met everything. */
public final class AllMetrics {
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*\\})? \\S+");

  private static final String CLUSTER =
      """
      metadata: {namespace: streams, name: orders}
      spec:
        job: {jarURI: "local:///job.jar"}
        storage: {baseURI: "s3://bucket"}
        taskManager: {replicas: 5}
      status:
        phase: Changing
        conditions:
          - {type: Ready, status: "True"}
          - {type: Reconciling, status: "True"}
          - {type: Stalled, status: "False"}
          - {type: ConfigValid, status: "True"}
          - {type: StateSafe, status: "True"}
          - {type: CloudIdentityReady, status: "True"}
          - {type: StorageReady, status: "True"}
        job:
          state: RUNNING
          parallelism: 4
          restarts: 2
          startedAt: "2026-01-01T00:00:00.000Z"
          sourceLag: 1234
          backPressure: {ratio: "0.75", vertex: sink}
          checkpoints:
            {completed: 7, failed: 1, lastAt: "2026-01-01T00:00:00.000Z", lastDuration: 1.500s, lastSize: 99}
        taskManagers: {replicas: 4, wanted: 5, ready: 3}
        autoscaling:
          lag: {records: 1234, secondsBehind: 12, trend: -30}
          evaluations: [{rule: Keep, replicas: 4}]
        restorePoint: {takenAt: "2026-01-01T00:00:00.000Z"}
        operation:
          {type: Rescale, stage: Savepointing, triggerKind: SpecChange, rule: Wait,
           startedAt: "2026-01-01T00:00:00.000Z"}
        operations:
          - id: a
            type: Rescale
            triggerKind: SpecChange
            result: Succeeded
            downtime: 12.500s
            steps: [{name: Starting, duration: 2.000s}]
      """;

  private AllMetrics() {}

  static FlinkCluster cluster() {
    return Serialization.unmarshal(CLUSTER, FlinkCluster.class);
  }

  /** What {@code /metrics} says then. */
  public static String scrape() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var process = new OperatorMetrics(registry);
    process.leading();
    var requests = new RequestMetrics(registry);
    requests.flink("GET", "/jobs/:id", "OK", Duration.ofMillis(3));
    requests.kubernetes("PATCH", "services", 200);
    var operations = new OperationMetrics(registry);
    operations.decided("FirstStart");
    FlinkClusterStatus status = cluster().getStatus();
    operations.written(null, status);
    sdk(registry);
    new ClusterMetrics(registry, () -> List.of(cluster()), process::leads);
    new LoadMetrics(
        registry,
        () -> List.of(cluster()),
        c -> Optional.of(LoadMetricsTest.seen(LoadMetricsTest.AT)),
        process::leads);
    return registry.scrape();
  }

  /** As MicrometerMetricsV2 of the SDK registers them. */
  private static void sdk(PrometheusMeterRegistry registry) {
    for (String name : List.of("started", "success", "failure", "retries")) {
      Counter.builder("reconciliations." + name + ".total")
          .tags("controller.name", "flinkcluster")
          .register(registry);
    }
    for (String name : List.of("reconciliations.active", "reconciliations.queue")) {
      Gauge.builder(name, () -> 1).tags("controller.name", "flinkcluster").register(registry);
    }
    Gauge.builder("custom_resources", () -> -1).register(registry);
    Timer.builder("reconciliations.execution.duration")
        .tags("controller.name", "flinkcluster")
        .publishPercentileHistogram()
        .register(registry)
        .record(Duration.ofMillis(1));
    Counter.builder("events.received").tags("event", "ResourceEvent").register(registry);
  }

  /** Names of all series. */
  public static List<String> names() {
    return scrape()
        .lines()
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1))
        .distinct()
        .toList();
  }

  /** What each metric means. */
  static SortedMap<String, String> descriptions() {
    var descriptions = new TreeMap<String, String>();
    scrape()
        .lines()
        .map(HELP::matcher)
        .filter(Matcher::matches)
        .forEach(m -> descriptions.put(m.group(1), m.group(2).strip()));
    return descriptions;
  }

  /** The labels of each metric, without those of histograms. */
  static Map<String, String> labels() {
    var labels = new TreeMap<String, String>();
    scrape()
        .lines()
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .filter(m -> m.group(2) != null)
        .forEach(
            m ->
                labels.putIfAbsent(
                    m.group(1),
                    m.group(2)
                        .replaceAll("=\"[^\"]*\"", "")
                        .replaceAll("[{}]", "")
                        .replaceAll(",?\\ble$", "")
                        .replace(",", ", ")));
    return labels;
  }
}
