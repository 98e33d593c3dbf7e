package io.flinkcluster.operator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Requests that the operator sends: to JobManagers, and to the API server. */
public final class RequestMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final MeterRegistry registry;

  /** Registers meters as soon as there is something to count. */
  public RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Flink was asked.
   *
   * @param path with ids replaced
   * @param result {@code OK}, or the kind of the failure
   */
  public void flink(String method, String path, String result, Duration took) {
    Timer.builder("flinkcluster.flink.requests")
        .description("Requests to the REST API of JobManagers")
        .tags("method", method, "path", path, "result", result)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(took);
  }

  /**
   * The API server was asked.
   *
   * @param resource plural of the resource
   * @param code status of the answer; 0: there was none
   */
  public void kubernetes(String method, String resource, int code) {
    Counter.builder("flinkcluster.kubernetes.requests")
        .description("Requests to the API server; code 0: it was not reached")
        .tags("method", method, "resource", resource, "code", Integer.toString(code))
        .register(registry)
        .increment();
  }
}
