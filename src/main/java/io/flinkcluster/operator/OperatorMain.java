package io.flinkcluster.operator;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.flinkrest.HttpFlinkRest;
import io.flinkcluster.operator.metrics.ClusterMetrics;
import io.flinkcluster.operator.metrics.LoadMetrics;
import io.flinkcluster.operator.metrics.OperationMetrics;
import io.flinkcluster.operator.metrics.OperatorMetrics;
import io.flinkcluster.operator.metrics.RequestMetrics;
import io.flinkcluster.operator.reconcile.FlinkClusterReconciler;
import io.flinkcluster.operator.reconcile.StatusListener;
import io.flinkcluster.operator.render.OperatorIdentity;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the operator; everything it is told comes from the environment. */
public final class OperatorMain {

  private static final Logger log = LoggerFactory.getLogger(OperatorMain.class);

  private OperatorMain() {}

  /**
   * Runs until the process is told to end. Exit code 1 where it cannot start or go on.
   *
   * @param args none
   * @see OperatorSettings for the environment
   */
  public static void main(String[] args) {
    try {
      start(OperatorSettings.from(System.getenv()));
    } catch (RuntimeException e) {
      log.error("The operator could not start", e);
      Runtime.getRuntime().halt(1);
    }
  }

  private static void start(OperatorSettings settings) {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var metrics = new OperatorMetrics(registry);
    var requests = new RequestMetrics(registry);
    var operations = new OperationMetrics(registry);
    var clients = Clients.connect(metrics::unreadableField, requests::kubernetes);
    var rest = new HttpFlinkRest(requests::flink);
    var peer =
        new OperatorIdentity(settings.podNamespace(), settings.operatorLabels(), settings.image());
    var reconciler =
        new FlinkClusterReconciler(
            clients.patient(),
            rest,
            peer,
            settings.defaults(),
            listener(operations),
            Clock.systemUTC());
    if (settings.watchNodes()) {
      reconciler.watchNodes();
    }
    new ClusterMetrics(registry, reconciler::clusters, metrics::leads);
    new LoadMetrics(registry, reconciler::clusters, reconciler::seen, metrics::leads);
    var process =
        new OperatorProcess(
            settings,
            clients.prompt(),
            reconciler,
            reconciler::urgency,
            registry,
            () -> {
              metrics.leading();
              reconciler.leads();
            },
            Runtime.getRuntime()::halt);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  reconciler.stopping();
                  process.stop();
                  reconciler.close();
                  rest.close();
                  clients.close();
                },
                "stop"));
    process.start();
  }

  private static StatusListener listener(OperationMetrics operations) {
    return new StatusListener() {
      @Override
      public void decided(String rule) {
        operations.decided(rule);
      }

      @Override
      public void written(FlinkClusterStatus before, FlinkClusterStatus after) {
        operations.written(before, after);
      }
    };
  }
}
