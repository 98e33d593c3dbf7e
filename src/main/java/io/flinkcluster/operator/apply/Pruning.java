package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what is left over of a cluster's own objects. */
final class Pruning {
  private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

  private static final Comparator<HasMetadata> BY_NAME =
      Comparator.comparing(object -> object.getMetadata().getName());

  private Pruning() {}

  static void prune(
      KubernetesClient client,
      OwnObjects own,
      List<HasMetadata> wanted,
      Set<Long> keep,
      Set<Long> keepConfigs) {
    for (Class<? extends HasMetadata> kind : ManagedKinds.REMOVED) {
      own.all(kind)
          .filter(existing -> isLeftOver(existing, wanted, keep, keepConfigs))
          .sorted(BY_NAME) // the JobManager is waited for
          .forEach(existing -> remove(client, own, existing));
    }
    pruneStorageChecks(client, own, wanted);
  }

  /** A pod that tried directories is of no use when it is not asked for any more. */
  private static void pruneStorageChecks(
      KubernetesClient client, OwnObjects own, List<HasMetadata> wanted) {
    own.all(Pod.class)
        .filter(pod -> Labels.STORAGE_CHECK.equals(ObjectOwner.labels(pod).get(Labels.COMPONENT)))
        .filter(pod -> isLeftOver(pod, wanted, Set.of(), Set.of()))
        .forEach(pod -> remove(client, own, pod));
  }

  private static boolean isLeftOver(
      HasMetadata existing, List<HasMetadata> wanted, Set<Long> keep, Set<Long> keepConfigs) {
    OptionalLong epoch = ObjectOwner.epoch(existing);
    if (existing.getMetadata().getDeletionTimestamp() != null) {
      return false;
    }
    if (existing instanceof ConfigMap
        && (epoch.isEmpty() || keepConfigs.contains(epoch.getAsLong()))) {
      return false; // the memory of a deleted cluster, or of a start that may be gone back to
    }
    if (epoch.isPresent() && keep.contains(epoch.getAsLong())) {
      return false;
    }
    if (epoch.isEmpty() && !keep.isEmpty() && wanted.isEmpty()) {
      return false;
    }
    return wanted.stream()
        .noneMatch(
            w ->
                w.getKind().equals(existing.getKind())
                    && w.getMetadata().getName().equals(existing.getMetadata().getName()));
  }

  /**
   * What the API server does not let go now is tried again at the next look, and keeps no other.
   */
  private static void remove(KubernetesClient client, OwnObjects own, HasMetadata object) {
    own.confirmed().run();
    var meta = object.getMetadata();
    LOG.info("removing {} {}/{}", object.getKind(), meta.getNamespace(), meta.getName());
    try {
      Removal.of(client, object);
    } catch (KubernetesClientException e) {
      if (e.getStatus() == null) {
        throw e; // it was not heard at all
      }
      LOG.warn(
          "{} {}/{} was not removed: {}",
          object.getKind(),
          meta.getNamespace(),
          meta.getName(),
          Refusal.words(e));
    }
  }
}
