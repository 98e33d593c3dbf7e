package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.NodeProtection;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedPod.Preparation;
import io.flinkcluster.operator.model.Times;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a pod as the API server gives it, or as {@link PodTransform} trims it. */
public final class PodReader {

  private PodReader() {}

  /** The pod as the operator sees it; empty: not a Flink pod of a cluster, by its labels. */
  public static Optional<ObservedPod> seen(Pod pod) {
    Map<String, String> labels =
        Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    var component = component(labels.get(Labels.COMPONENT));
    var epoch = epoch(labels.get(Labels.EPOCH));
    if (!labels.containsKey(Labels.CLUSTER) || component.isEmpty() || epoch.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(seen(pod, component.get(), epoch.getAsLong()));
  }

  private static ObservedPod seen(Pod pod, Component component, long epoch) {
    var status = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
    var spec = Optional.ofNullable(pod.getSpec()).orElseGet(PodSpec::new);
    var flink = flink(status);
    boolean deleting = pod.getMetadata().getDeletionTimestamp() != null;
    boolean running =
        flink
            .filter(one -> one.getState() != null && one.getState().getRunning() != null)
            .isPresent();
    var preparation = preparation(pod, running, flink);
    boolean held = preparation != Preparation.NONE && preparation != Preparation.RELEASED;
    return new ObservedPod(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        component,
        epoch,
        spec.getSchedulingGates().stream().anyMatch(gate -> Labels.GATE.equals(gate.getName())),
        running && !held,
        PodConditions.is(status, "Ready", "True").isPresent(),
        deleting,
        flink.map(ContainerStatus::getRestartCount).orElse(0),
        Optional.ofNullable(status.getPodIP()),
        Optional.ofNullable(status.getHostIP()),
        Optional.ofNullable(spec.getNodeName()),
        // What happens to a pod on its way out is not what keeps the cluster from coming up.
        deleting ? Optional.empty() : PodProblemReader.of(status),
        !held && (ended(status) || flink.filter(PodReader::started).isPresent()),
        ended(status),
        goesFirst(pod),
        DisruptionReader.of(pod, status, flink),
        flink.flatMap(PodReader::runningSince),
        EndingReader.of(pod, status),
        IdentityReader.of(spec),
        StorageReader.of(status),
        preparation,
        NodeProtection.of(annotations(pod)));
  }

  /** Its startup probe tells when it is done: the container has then started. */
  private static Preparation preparation(
      Pod pod, boolean running, Optional<ContainerStatus> flink) {
    String release = annotations(pod).get(Labels.RELEASE);
    if (release == null) {
      return Preparation.NONE;
    }
    if (!release.isEmpty()) {
      return Preparation.RELEASED;
    }
    if (!running) {
      return Preparation.COMING_UP;
    }
    return flink.filter(one -> Boolean.TRUE.equals(one.getStarted())).isPresent()
        ? Preparation.READY
        : Preparation.LOADING;
  }

  private static Optional<Instant> runningSince(ContainerStatus container) {
    return Optional.ofNullable(container.getState())
        .map(ContainerState::getRunning)
        .flatMap(running -> Times.moment(running.getStartedAt()));
  }

  /** The kubelet never starts such a pod again: it was evicted, or all its containers ended. */
  private static boolean ended(PodStatus status) {
    return "Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase());
  }

  private static boolean started(ContainerStatus container) {
    var state = container.getState();
    boolean now = state != null && (state.getRunning() != null || state.getTerminated() != null);
    return now
        || container.getRestartCount() > 0
        || (container.getLastState() != null && container.getLastState().getTerminated() != null);
  }

  private static boolean goesFirst(Pod pod) {
    return Labels.GOES_FIRST.equals(annotations(pod).get(Labels.DELETION_COST));
  }

  private static Map<String, String> annotations(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
  }

  private static Optional<ContainerStatus> flink(PodStatus status) {
    return status.getContainerStatuses().stream()
        .filter(one -> Labels.FLINK.equals(one.getName()))
        .findFirst();
  }

  private static Optional<Component> component(String label) {
    return Arrays.stream(Component.values()).filter(one -> one.label().equals(label)).findFirst();
  }

  private static OptionalLong epoch(String label) {
    // Labels can be edited by anyone who may edit pods.
    return label != null && label.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(label))
        : OptionalLong.empty();
  }
}
