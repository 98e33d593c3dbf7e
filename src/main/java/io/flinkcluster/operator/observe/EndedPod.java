package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.flinkcluster.operator.model.Labels;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether nothing of a pod runs any more, and nothing of it will, although it is still there: a pod
 * that is deleted is listed for half a second after its processes have ended.
 *
 * <p>The kubelet is the only one who knows. It gives a pod that is being deleted the phase Failed
 * or Succeeded when all its containers have stopped, and starts none of it again (KEP-3329). What
 * others write when they have lost the node is the phase alone; what the kubelet itself has lost it
 * calls ContainerStatusUnknown. Neither counts: such a pod is waited for until it is gone.
 */
final class EndedPod {
  private static final Set<String> PHASES = Set.of("Failed", "Succeeded");
  private static final String LOST = "ContainerStatusUnknown";

  private EndedPod() {}

  /** Whether the kubelet says so of each of its containers. */
  static boolean is(Pod pod) {
    PodStatus status = pod.getStatus();
    if (pod.getMetadata().getDeletionTimestamp() == null
        || status == null
        || !PHASES.contains(String.valueOf(status.getPhase()))) {
      return false;
    }
    List<ContainerStatus> containers = status.getContainerStatuses();
    return containers.stream().anyMatch(one -> Labels.FLINK.equals(one.getName()))
        && containers.stream().allMatch(EndedPod::hasStopped)
        && Stream.concat(
                status.getInitContainerStatuses().stream(),
                status.getEphemeralContainerStatuses().stream())
            .allMatch(one -> hasStopped(one) || neverBegan(one));
  }

  private static boolean hasStopped(ContainerStatus container) {
    return terminated(container)
        .filter(end -> end.getFinishedAt() != null && !LOST.equals(end.getReason()))
        .isPresent();
  }

  private static boolean neverBegan(ContainerStatus container) {
    return container.getState() != null
        && container.getState().getWaiting() != null
        && container.getState().getRunning() == null
        && terminated(container).isEmpty();
  }

  private static Optional<ContainerStateTerminated> terminated(ContainerStatus container) {
    return Optional.ofNullable(container.getState()).map(state -> state.getTerminated());
  }
}
