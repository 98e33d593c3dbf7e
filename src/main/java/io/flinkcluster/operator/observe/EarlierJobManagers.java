package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Proves that no earlier JobManager of a cluster runs, and that none can come any more. */
final class EarlierJobManagers {

  /**
   * In the order in which one makes the other: where there is no Deployment, no ReplicaSet comes
   * after the look for them, and so on.
   */
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(Deployment.class, ReplicaSet.class, Pod.class);

  private EarlierJobManagers() {}

  /**
   * Whether all are gone. That the caches show none is only a reason to ask the API server.
   *
   * @param uid of the resource; a JobManager of another one under its name counts as earlier
   * @param epoch the start that may follow
   */
  static boolean gone(
      LiveObjects live, CachedObjects cached, ClusterNames names, String uid, long epoch) {
    if (Stream.concat(cached.of(Deployment.class).stream(), cached.of(Pod.class).stream())
        .anyMatch(o -> ObjectOwner.isJobManager(o) && mayRun(o, uid, epoch))) {
      return false;
    }
    var labels =
        Map.of(Labels.CLUSTER, names.name(), Labels.COMPONENT, Component.JOB_MANAGER.label());
    return KINDS.stream()
        .flatMap(kind -> live.list(kind, names.namespace(), labels).stream())
        .noneMatch(o -> mayRun(o, uid, epoch));
  }

  /**
   * Their controllers make nothing more once they are being deleted; a pod runs until the kubelet
   * says that all of it has ended.
   */
  private static boolean mayRun(HasMetadata object, String uid, long before) {
    OptionalLong epoch = ObjectOwner.epoch(object);
    boolean earlier = !ObjectOwner.is(object, uid) || epoch.isEmpty() || epoch.getAsLong() < before;
    return earlier
        && (object instanceof Pod pod
            ? !EndedPod.is(pod)
            : object.getMetadata().getDeletionTimestamp() == null);
  }
}
