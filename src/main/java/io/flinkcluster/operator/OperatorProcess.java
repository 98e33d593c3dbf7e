package io.flinkcluster.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.apply.Refusal;
import io.flinkcluster.operator.http.HealthServer;
import io.flinkcluster.operator.http.Probes;
import io.flinkcluster.operator.reconcile.Urgency;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator with its probes, from start to an orderly end. Whatever makes it unsafe to go on
 * (lost leadership, a watch that broke for good, a failed start) ends the process at once.
 */
final class OperatorProcess {

  private static final Logger log = LoggerFactory.getLogger(OperatorProcess.class);

  private final OperatorSettings settings;
  private final KubernetesClient client;
  private final IntConsumer halt;
  private final Operator operator;
  private final Runnable leads;
  private final Probes probes;
  private final HealthServer health;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /**
   * Binds the port of the probes; nothing else runs before {@link #start}.
   *
   * @param client for FlinkClusters and the lease
   * @param urgency which of the clusters that wait is looked at first, by namespace and name
   * @param leads called when this process is the one that acts
   * @param halt ends the process with an exit code without running shutdown hooks: a hook that
   *     stops the operator would deadlock with the leader election that called it (JOSDK 5.3.2)
   */
  OperatorProcess(
      OperatorSettings settings,
      KubernetesClient client,
      Reconciler<FlinkCluster> reconciler,
      BiFunction<String, String, Urgency> urgency,
      PrometheusMeterRegistry registry,
      Runnable leads,
      IntConsumer halt) {
    this.settings = settings;
    this.client = client;
    this.halt = halt;
    this.leads = leads;
    operator =
        OperatorFactory.create(client, settings, reconciler, urgency, registry, leads, this::fatal);
    probes = new Probes(operator);
    health = new HealthServer(settings.httpPort(), probes::live, probes::ready, registry::scrape);
  }

  /** The port of the probes. */
  int httpPort() {
    return health.port();
  }

  /** Returns when the caches are filled; where that fails the process ends. */
  void start() {
    try {
      operator.start();
      probes.started();
      if (!settings.leaderElection()) {
        leads.run();
      }
      log.info(
          "Started, serving {}",
          settings.watchNamespaces().isEmpty() ? "all namespaces" : settings.watchNamespaces());
    } catch (RuntimeException e) {
      fatal("The operator could not start", e);
    }
  }

  /**
   * Ends running reconciles, then hands over the lease, so that the next replica need not wait
   * until it runs out. Does nothing the second time.
   */
  void stop() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    log.info("Stopping");
    probes.stopping();
    OperatorFactory.stop(operator);
    if (settings.leaderElection()) {
      releaseLease();
    }
    health.close();
  }

  private void releaseLease() {
    try {
      var leases = client.leases().inNamespace(settings.podNamespace());
      Lease lease = leases.withName(settings.leaseName()).get();
      if (lease == null || !settings.podName().equals(lease.getSpec().getHolderIdentity())) {
        return;
      }
      // With the resourceVersion read above: whoever took the lease since then keeps it.
      leases
          .resource(
              new LeaseBuilder(lease)
                  .editSpec()
                  .withHolderIdentity("")
                  .withLeaseDurationSeconds(1)
                  .endSpec()
                  .build())
          .update();
    } catch (KubernetesClientException e) {
      log.info("The lease was not released and has to run out: {}", Refusal.words(e));
    }
  }

  private void fatal(String why, Throwable cause) {
    if (!stopping.get()) {
      log.error("{}; the process ends", why, cause);
      halt.accept(1);
    }
  }
}
