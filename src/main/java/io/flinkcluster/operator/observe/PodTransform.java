package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.flinkcluster.operator.model.Labels;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Trims pods for the cache: with pod templates of their users' own, ten thousand whole ones would
 * fill it. What stays is what {@link PodReader} reads and what tells one pod from another.
 */
public final class PodTransform {

  private static final Set<String> READ =
      Set.of(
          Labels.DELETION_COST,
          Labels.RELEASE,
          Labels.PROTECTED,
          Labels.DO_NOT_DISRUPT,
          Labels.SAFE_TO_EVICT);

  private PodTransform() {}

  /** A new pod with the parts that are used; the given one is not changed. */
  public static Pod trim(Pod pod) {
    ObjectMeta meta = pod.getMetadata();
    PodSpec spec = Optional.ofNullable(pod.getSpec()).orElseGet(PodSpec::new);
    return new PodBuilder()
        .withNewMetadata()
        .withName(meta.getName())
        .withNamespace(meta.getNamespace())
        .withUid(meta.getUid())
        .withResourceVersion(meta.getResourceVersion())
        .withGeneration(meta.getGeneration())
        .withLabels(meta.getLabels())
        .withAnnotations(read(meta))
        .withOwnerReferences(meta.getOwnerReferences())
        .withCreationTimestamp(meta.getCreationTimestamp())
        .withFinalizers(meta.getFinalizers())
        .withDeletionTimestamp(meta.getDeletionTimestamp())
        .withDeletionGracePeriodSeconds(meta.getDeletionGracePeriodSeconds())
        .endMetadata()
        .withNewSpec()
        .withNodeName(spec.getNodeName())
        .withSchedulingGates(spec.getSchedulingGates())
        .withContainers(IdentityReader.trimmed(spec))
        .endSpec()
        .withStatus(pod.getStatus())
        .build();
  }

  private static Map<String, String> read(ObjectMeta meta) {
    var kept = new TreeMap<String, String>();
    if (meta.getAnnotations() != null) {
      kept.putAll(meta.getAnnotations());
      kept.keySet().retainAll(READ);
    }
    return kept;
  }
}
