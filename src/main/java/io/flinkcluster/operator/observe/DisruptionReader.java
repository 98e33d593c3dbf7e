package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.flinkcluster.operator.model.SafeText;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a pod was taken away from outside: evicted, preempted, deleted, or lost with its node.
 * What its own process does (its exit code, and using more than it was given) is not that.
 */
final class DisruptionReader {

  /** What the container runtime says of an end that it did not see, as after a node's reboot. */
  private static final Set<String> NOT_SEEN = Set.of("Unknown", "ContainerStatusUnknown");

  private static final String TARGET = "DisruptionTarget";

  private DisruptionReader() {}

  /**
   * What happened, as the end of a sentence; empty: nothing of the kind.
   *
   * @param flink its Flink container; empty: it has no status yet
   */
  static Optional<String> of(Pod pod, PodStatus status, Optional<ContainerStatus> flink) {
    Optional<ContainerStateTerminated> last =
        flink
            .filter(one -> one.getRestartCount() > 0)
            .flatMap(one -> Optional.ofNullable(one.getLastState()))
            .map(ContainerState::getTerminated);
    if (last.isPresent()) {
      return NOT_SEEN.contains(Objects.requireNonNullElse(last.get().getReason(), ""))
          ? Optional.of("its node was lost for a while, and its container with it")
          : Optional.empty();
    }
    if ("Failed".equals(status.getPhase())) {
      return isItsOwnDoing(status)
          ? Optional.empty()
          : Optional.of(text(status.getReason(), status.getMessage()));
    }
    Optional<PodCondition> target = PodConditions.is(status, TARGET, "True");
    if (target.isPresent()) {
      return target.map(t -> text(t.getReason(), t.getMessage()));
    }
    return pod.getMetadata().getDeletionTimestamp() == null
        ? Optional.empty()
        : Optional.of("its pod was deleted");
  }

  /**
   * Whether a pod in phase Failed has itself to blame: the kubelet (1.34, pkg/kubelet/eviction)
   * evicts one that fills more of the disk than its limits allow, and says so without the condition
   * DisruptionTarget.
   */
  static boolean isItsOwnDoing(PodStatus status) {
    return PodConditions.is(status, TARGET, "True").isEmpty()
        && "Evicted".equals(status.getReason())
        && Objects.requireNonNullElse(status.getMessage(), "").contains("limit");
  }

  private static String text(String reason, String message) {
    String said = Objects.requireNonNullElse(message, "");
    return SafeText.line(
        Objects.requireNonNullElse(reason, "Failed") + (said.isEmpty() ? "" : ": " + said));
  }
}
