package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import io.flinkcluster.operator.model.Observation;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What of a cluster exists still. */
final class RemainingObjects {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          Deployment.class,
          Service.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          Ingress.class,
          Pod.class,
          ConfigMap.class);

  private RemainingObjects() {}

  /** As the caches say. */
  static List<Observation.RemainingObject> of(CachedObjects cached, String uid) {
    return KINDS.stream()
        .flatMap(kind -> cached.of(kind).stream().map(HasMetadata.class::cast))
        .filter(o -> ObjectOwner.is(o, uid) && counts(o))
        .map(RemainingObjects::seen)
        .sorted(Comparator.comparing(Observation.RemainingObject::what))
        .toList();
  }

  /** As the API server says. */
  static List<Observation.RemainingObject> of(LiveObjects live, ClusterNames names, String uid) {
    var labels = names.labels();
    labels.put(Labels.UID, uid);
    return of(
        new CachedObjects() {
          @Override
          public <R extends HasMetadata> Collection<R> of(Class<R> kind) {
            return live.list(kind, names.namespace(), labels);
          }
        },
        uid);
  }

  /** Not the pod that cleans up, which is the last, and no ConfigMap that is to stay. */
  private static boolean counts(HasMetadata object) {
    return object instanceof Pod pod
        ? !CleanupReader.is(pod)
        : !(object instanceof ConfigMap) || ObjectOwner.labels(object).containsKey(Labels.EPOCH);
  }

  /** Kind and name, and what may hold the object: its finalizers, or a node that is gone. */
  private static Observation.RemainingObject seen(HasMetadata object) {
    var meta = object.getMetadata();
    String name = object.getKind() + " " + meta.getName();
    if (!meta.getFinalizers().isEmpty()) {
      name += " (finalizer " + String.join(", ", meta.getFinalizers()) + ")";
    } else if (object instanceof Pod pod
        && pod.getSpec() != null
        && pod.getSpec().getNodeName() != null) {
      name += " (node " + pod.getSpec().getNodeName() + ")";
    }
    return new Observation.RemainingObject(name, meta.getDeletionTimestamp() != null);
  }
}
