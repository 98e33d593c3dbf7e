package io.flinkcluster.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.reconcile.Urgency;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationService;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the SDK's operator with the settings that keep state safe; starts nothing. */
public final class OperatorFactory {

  /**
   * Field manager of what is written by way of the SDK: finalizer and status of a FlinkCluster, and
   * all objects of a cluster that are applied. Under another name the fields of objects that exist
   * would never be taken back.
   */
  static final String SDK_FIELD_MANAGER = "flinkcluster-operator-meta";

  /** How long a running reconcile may take to end when the operator stops. */
  static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);

  static final Duration LEASE = Duration.ofSeconds(15);
  static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RENEW_EVERY = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(OperatorFactory.class);

  private OperatorFactory() {}

  /** What to do when the operator must not go on in this process. */
  @FunctionalInterface
  public interface Fatal {
    /**
     * Called on any thread, once or more.
     *
     * @param why for the log
     * @param cause null where there is no exception
     */
    void stop(String why, Throwable cause);
  }

  /**
   * An operator for a process that lives on when the operator fails: a fatal event is only logged.
   * The caller starts and stops it, and closes the client.
   *
   * @param client for FlinkClusters and the lease; stays open when the operator stops
   * @param reconciler of a named class, not a lambda: the SDK reads its type arguments
   * @param urgency which of the clusters that wait is looked at first, by namespace and name
   * @param registry receives the SDK's meters
   */
  public static Operator create(
      KubernetesClient client,
      OperatorSettings settings,
      Reconciler<FlinkCluster> reconciler,
      BiFunction<String, String, Urgency> urgency,
      MeterRegistry registry) {
    return create(
        client,
        settings,
        reconciler,
        urgency,
        registry,
        () -> {},
        (why, cause) -> log.error("{}", why, cause));
  }

  /**
   * As the other one, with a say in what happens on a fatal event.
   *
   * @param leads called when this process becomes the leader; never without leader election
   * @param fatal called when leadership ends for any reason, also by {@link Operator#stop()}, and
   *     when a watch broke for good
   */
  public static Operator create(
      KubernetesClient client,
      OperatorSettings settings,
      Reconciler<FlinkCluster> reconciler,
      BiFunction<String, String, Urgency> urgency,
      MeterRegistry registry,
      Runnable leads,
      Fatal fatal) {
    // Not new Operator(lambda): that evaluates the lambda twice (JOSDK 5.3.2).
    var configuration =
        ConfigurationService.newOverriddenConfigurationService(
            o -> configure(o, client, settings, urgency, registry, leads, fatal));
    var operator = new Operator(configuration);
    operator.register(reconciler, o -> configure(o, settings));
    return operator;
  }

  /**
   * Stops the operator with all its threads. The SDK's own way leaves the one of its timer (JOSDK
   * 5.3.2, ExecutorServiceManager), which wakes up a hundred times a second and holds all caches.
   */
  public static void stop(Operator operator) {
    operator.stop();
    var timer =
        operator.getConfigurationService().getExecutorServiceManager().scheduledExecutorService();
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  private static void configure(
      ConfigurationServiceOverrider o,
      KubernetesClient client,
      OperatorSettings settings,
      BiFunction<String, String, Urgency> urgency,
      MeterRegistry registry,
      Runnable leads,
      Fatal fatal) {
    o.withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withExecutorService(new ReconcileQueue(settings.reconcileThreads(), urgency))
        .withReconciliationTerminationTimeout(STOP_TIMEOUT)
        .withCacheSyncTimeout(Duration.ofMinutes(2))
        .withMetrics(MicrometerMetricsV2.newBuilder(registry).build())
        .withInformerStoppedHandler(
            (informer, cause) -> {
              // Without a cause it was stopped on purpose.
              if (cause != null) {
                fatal.stop("The watch of " + informer.getApiTypeClass() + " ended", cause);
              }
            });
    if (settings.leaderElection()) {
      o.withLeaderElectionConfiguration(leaderElection(settings, leads, fatal));
    }
  }

  /**
   * The SDK goes on reconciling after it lost the lease ({@code build()} sets {@code
   * exitOnStopLeading=false} in JOSDK 5.3.2), and its own way to exit deadlocks with a shutdown
   * hook. So the end of leadership is fatal, and {@link Fatal} must be quick and final.
   */
  private static LeaderElectionConfiguration leaderElection(
      OperatorSettings settings, Runnable leads, Fatal fatal) {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(settings.leaseName())
        .withLeaseNamespace(settings.podNamespace())
        .withIdentity(settings.podName())
        .withLeaseDuration(LEASE)
        .withRenewDeadline(RENEW_DEADLINE)
        .withRetryPeriod(RENEW_EVERY)
        .withLeaderCallbacks(
            new LeaderCallbacks(
                () -> {
                  log.info("This replica leads");
                  leads.run();
                },
                () -> fatal.stop("This replica leads no more", null),
                leader -> log.info("Leader is {}", leader)))
        .build();
  }

  private static void configure(
      ControllerConfigurationOverrider<FlinkCluster> o, OperatorSettings settings) {
    o.withName("flinkcluster")
        .withFinalizer(Labels.FINALIZER)
        .withFieldManager(SDK_FIELD_MANAGER)
        // The filter decides alone; the SDK's own by generation would hide our annotations.
        .withGenerationAware(false)
        .withOnUpdateFilter(new SpecChanges())
        .withInformerListLimit(500L)
        .withRetry(new JitteredRetry(() -> ThreadLocalRandom.current().nextDouble()))
        // Each re-armed timer stays in memory for the whole interval (JOSDK 5.3.2).
        .withReconciliationMaxInterval(null);
    if (settings.watchNamespaces().isEmpty()) {
      o.watchingAllNamespaces();
    } else {
      o.settingNamespaces(settings.watchNamespaces());
    }
  }
}
