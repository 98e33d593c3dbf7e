package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.render.OperatorIdentity;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes the reconciler for a world in which time is simulated. */
public final class ReconcilerInSimulation {
  private static final Derivations DERIVATIONS = new RememberedDerivations();

  /** As how many clusters each counts: with 10,000 all waits for its turn that may wait. */
  private static final int COUNTED = Integer.getInteger("proof.clusters", 1);

  private ReconcilerInSimulation() {}

  /**
   * A reconciler without the SDK around it.
   *
   * @param decider decides; the operator's own, or one that is broken on purpose
   * @param news told of the clusters of whose Flink something was heard
   */
  public static FlinkClusterReconciler create(
      KubernetesClient client,
      FlinkRest rest,
      Clock clock,
      ScheduledExecutorService timers,
      Function<Situation, Decision> decider,
      Consumer<ResourceID> news) {
    var sources = new Sources(client, rest, clock, timers, DERIVATIONS);
    sources.flinkNews().setEventHandler(event -> news.accept(event.getRelatedCustomResourceID()));
    sources.flinkNews().start();
    return new FlinkClusterReconciler(
        client,
        rest,
        sources,
        decider,
        DERIVATIONS,
        new OperatorIdentity("operators", Map.of("app", "operator"), "operator:1"),
        DefaultOptions.NONE,
        StatusListener.NONE,
        clock,
        clusters -> clusters * COUNTED);
  }
}
