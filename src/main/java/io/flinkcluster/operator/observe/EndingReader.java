package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.Times;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The deletion of a pod, and which containers it may wait for. Which of them have ended is not told
 * before all have (kubelet 1.34).
 */
final class EndingReader {

  private EndingReader() {}

  static Optional<ObservedPod.Ending> of(Pod pod, PodStatus status) {
    ObjectMeta meta = pod.getMetadata();
    // The timestamp is when the pod is to be killed.
    long grace = Optional.ofNullable(meta.getDeletionGracePeriodSeconds()).orElse(0L);
    return Times.moment(meta.getDeletionTimestamp())
        .map(end -> new ObservedPod.Ending(end.minusSeconds(grace), others(status)));
  }

  private static List<String> others(PodStatus status) {
    Stream<ContainerStatus> sidecars =
        status.getInitContainerStatuses().stream()
            .filter(c -> c.getState() != null && c.getState().getRunning() != null);
    return Stream.concat(sidecars, status.getContainerStatuses().stream())
        .map(ContainerStatus::getName)
        .filter(name -> !Labels.FLINK.equals(name))
        .toList();
  }
}
