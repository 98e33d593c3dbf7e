package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObservedStorageCheck;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads pods that try directories for a next start. */
final class StorageCheckReader {

  private StorageCheckReader() {}

  static List<ObservedStorageCheck> seen(Collection<Pod> pods) {
    return pods.stream().filter(StorageCheckReader::is).map(StorageCheckReader::seen).toList();
  }

  private static boolean is(Pod pod) {
    var labels = pod.getMetadata().getLabels();
    return labels != null && Labels.STORAGE_CHECK.equals(labels.get(Labels.COMPONENT));
  }

  private static ObservedStorageCheck seen(Pod pod) {
    var status = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
    boolean usable = "Succeeded".equals(status.getPhase());
    return new ObservedStorageCheck(
        pod.getMetadata().getName(),
        usable || "Failed".equals(status.getPhase()),
        usable,
        StorageReader.found(status.getContainerStatuses()));
  }
}
