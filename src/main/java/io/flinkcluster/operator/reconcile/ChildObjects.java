package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.apply.ObjectApplier;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.render.OperatorIdentity;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes the objects of clusters what decisions say, and knows which of them are so already. */
final class ChildObjects {
  private final ObjectApplier applier;
  private final Settled settled = new Settled();
  private final Derivations derivations;
  private final OperatorIdentity operator;

  ChildObjects(KubernetesClient client, Derivations derivations, OperatorIdentity operator) {
    this.applier = new ObjectApplier(client);
    this.derivations = derivations;
    this.operator = operator;
  }

  /**
   * Applies what is missing or differs, and removes what is left over.
   *
   * @param confirmed called before anything is changed; it throws where the resource has changed
   * @return what cannot be applied, one line each
   */
  List<String> apply(
      Reconciliation pass, CachedObjects cached, Decision decision, Runnable confirmed) {
    var situation = pass.situation();
    Set<Long> memories = pass.memories(decision);
    ClusterKey key = Sources.key(pass.cluster());
    var basis = Settled.Basis.of(situation.wanted(), decision, memories, cached);
    if (settled.holds(key, basis)) {
      return List.of();
    }
    settled.forget(key);
    var objects =
        derivations.objects(decision.runs(), situation.wanted(), pass.childMetadata(), operator);
    var changed = new AtomicBoolean();
    List<String> refusals =
        applier.apply(
            pass.context(),
            cached,
            objects.wanted(),
            objects.dryRuns(),
            decision.keep(),
            memories,
            () -> {
              changed.set(true);
              confirmed.run();
            });
    if (refusals.isEmpty() && !changed.get()) {
      settled.found(key, basis);
    }
    return refusals;
  }

  /** The cluster is gone. */
  void forget(ClusterKey key) {
    settled.forget(key);
    applier.forget(key.uid());
  }
}
