package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;

/** Pod statuses in the words of a real scheduler and kubelet (Kubernetes 1.34). */
final class PodStatuses {
  private static final String HOST = "10.1.2.3";

  private static final String CHECKED = "StorageChecked: the job's pods can do all\n";
  private static final String DENIED =
      "StorageDenied: s3://bucket/checkpoints/: access denied: s3:PutObject on"
          + " arn:aws:s3:::bucket/checkpoints/* is not allowed to the job's pods; add it to the"
          + " policy of their role (HTTP 403 AccessDenied)\n"
          + "StorageAtRisk: lifecycle rule old of bucket bucket deletes what is older than 7 days\n";

  private final KubernetesClient client;
  private final String namespace;

  PodStatuses(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  void unschedulable(Pod pod) {
    boolean said =
        pod.getStatus().getConditions().stream()
            .anyMatch(condition -> "Unschedulable".equals(condition.getReason()));
    if (!said) {
      edit(
          pod,
          status ->
              new PodStatusBuilder(status)
                  .withConditions(
                      new PodConditionBuilder()
                          .withType("PodScheduled")
                          .withStatus("False")
                          .withReason("Unschedulable")
                          .withMessage("0/1 nodes are available: 1 Insufficient cpu.")
                          .withLastTransitionTime(now())
                          .build())
                  .build());
    }
  }

  void running(Pod pod, String ip) {
    edit(
        pod,
        status ->
            base(status, ip, true)
                .withPhase("Running")
                .withInitContainerStatuses(ended(pod))
                .withContainerStatuses(containers(pod, true, runningContainer()))
                .build());
  }

  /** Init containers have ended well; the one that checks directories says so. */
  private static List<ContainerStatus> ended(Pod pod) {
    return pod.getSpec().getInitContainers().stream()
        .filter(container -> container.getArgs().contains("--check"))
        .map(
            container ->
                new ContainerStatusBuilder()
                    .withName(container.getName())
                    .withImage(container.getImage())
                    .withImageID("")
                    .withReady(true)
                    .withRestartCount(0)
                    .withState(terminated(0, CHECKED))
                    .build())
        .toList();
  }

  /** Its container has started, and waits for its release. */
  void prepared(Pod pod, String ip) {
    edit(
        pod,
        status ->
            base(status, ip, false)
                .withPhase("Running")
                .withInitContainerStatuses(ended(pod))
                .withContainerStatuses(containers(pod, false, runningContainer()))
                .build());
  }

  /** Given up by its node, in the kubelet's words. */
  void evicted(Pod pod) {
    edit(
        pod,
        status ->
            new PodStatusBuilder(status)
                .withPhase("Failed")
                .withReason("Evicted")
                .withMessage("The node was low on resource: memory. ")
                .withConditions(
                    condition("Ready", "False"),
                    new PodConditionBuilder(condition("DisruptionTarget", "True"))
                        .withReason("TerminationByKubelet")
                        .build())
                .withContainerStatuses(
                    containers(
                        pod, false, new ContainerStatusBuilder().withState(terminated(137, null))))
                .build());
  }

  /** All containers have ended well. */
  void succeeded(Pod pod, String ip) {
    edit(pod, status -> base(status, ip, false).withPhase("Succeeded").build());
  }

  /** A pod that tries directories has ended and says that it is denied. */
  void denied(Pod pod) {
    if ("Failed".equals(pod.getStatus().getPhase())) {
      return;
    }
    edit(
        pod,
        status ->
            base(status, null, false)
                .withPhase("Failed")
                .withContainerStatuses(
                    containers(
                        pod, false, new ContainerStatusBuilder().withState(terminated(1, DENIED))))
                .build());
  }

  /** The flink container ended with code 1 and runs again. */
  void restarted(Pod pod) {
    edit(
        pod,
        status ->
            new PodStatusBuilder(status)
                .withContainerStatuses(
                    status.getContainerStatuses().stream()
                        .map(
                            container ->
                                new ContainerStatusBuilder(container)
                                    .withRestartCount(container.getRestartCount() + 1)
                                    .withLastState(terminated(1, null))
                                    .build())
                        .toList())
                .build());
  }

  void problem(Pod pod, FakeKubelet.PodProblem problem, String ip) {
    String image = pod.getSpec().getContainers().get(0).getImage();
    switch (problem) {
      case IMAGE_PULL_BACK_OFF ->
          waiting(pod, "ImagePullBackOff", "Back-off pulling image \"" + image + "\"");
      case CONFIG_ERROR ->
          waiting(pod, "CreateContainerConfigError", "secret \"missing\" not found");
      case MOUNT_FAILS -> mountFails(pod);
      case FETCH_FAILS ->
          fetchFails(pod, "s3://bucket/no.jar: it does not exist (HTTP 404 NoSuchKey)");
      case STORAGE_DENIED -> fetchFails(pod, DENIED);
      case CRASH_LOOP -> crashes(pod, ip);
      case NEVER_READY -> neverReady(pod, ip);
      default -> throw new IllegalArgumentException(problem + " is not a trouble of a bound pod");
    }
  }

  private void waiting(Pod pod, String reason, String message) {
    if (saysAlready(pod, reason)) {
      return;
    }
    var state =
        new ContainerStatusBuilder()
            .withNewState()
            .withNewWaiting()
            .withReason(reason)
            .withMessage(message)
            .endWaiting()
            .endState();
    edit(
        pod,
        status ->
            base(status, null, false)
                .withPhase("Pending")
                .withContainerStatuses(containers(pod, false, state))
                .build());
  }

  private void mountFails(Pod pod) {
    if (saysAlready(pod, "ContainerCreating")) {
      return;
    }
    waiting(pod, "ContainerCreating", null);
    client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withGenerateName(pod.getMetadata().getName() + ".")
                .withNamespace(namespace)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withNamespace(namespace)
                .withUid(pod.getMetadata().getUid())
                .endInvolvedObject()
                .withType("Warning")
                .withReason("FailedMount")
                .withMessage(
                    "MountVolume.SetUp failed for volume \"x\" : secret \"missing\" not found")
                .withFirstTimestamp(now())
                .withLastTimestamp(now())
                .withCount(1)
                .withNewSource()
                .withComponent("kubelet")
                .endSource()
                .build())
        .create();
  }

  private void fetchFails(Pod pod, String said) {
    if (!pod.getStatus().getInitContainerStatuses().isEmpty()) {
      return;
    }
    var fetch =
        new ContainerStatusBuilder()
            .withName("flinkcluster-fetch")
            .withImage("operator:test")
            .withImageID("")
            .withReady(false)
            .withRestartCount(1)
            .withNewState()
            .withNewWaiting()
            .withReason("CrashLoopBackOff")
            .withMessage("back-off 10s restarting failed container=flinkcluster-fetch")
            .endWaiting()
            .endState()
            .withLastState(terminated(1, said))
            .build();
    edit(
        pod,
        status ->
            base(status, null, false)
                .withPhase("Pending")
                .withInitContainerStatuses(fetch)
                .withContainerStatuses(
                    containers(
                        pod,
                        false,
                        new ContainerStatusBuilder()
                            .withNewState()
                            .withNewWaiting()
                            .withReason("PodInitializing")
                            .endWaiting()
                            .endState()))
                .build());
  }

  private void crashes(Pod pod, String ip) {
    if (saysAlready(pod, "CrashLoopBackOff")) {
      return;
    }
    var state =
        new ContainerStatusBuilder()
            .withRestartCount(5)
            .withNewState()
            .withNewWaiting()
            .withReason("CrashLoopBackOff")
            .withMessage("back-off 2m40s restarting failed container=flink")
            .endWaiting()
            .endState()
            .withLastState(terminated(1, null));
    edit(
        pod,
        status ->
            base(status, ip, false)
                .withPhase("Running")
                .withContainerStatuses(containers(pod, false, state))
                .build());
  }

  private void neverReady(Pod pod, String ip) {
    if ("Running".equals(pod.getStatus().getPhase())) {
      return;
    }
    edit(
        pod,
        status ->
            base(status, ip, false)
                .withPhase("Running")
                .withContainerStatuses(containers(pod, false, runningContainer()))
                .build());
  }

  private static boolean saysAlready(Pod pod, String reason) {
    return pod.getStatus().getContainerStatuses().stream()
        .map(ContainerStatus::getState)
        .anyMatch(s -> s.getWaiting() != null && reason.equals(s.getWaiting().getReason()));
  }

  private static ContainerState terminated(int exitCode, String said) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(exitCode)
        .withReason(exitCode == 0 ? "Completed" : "Error")
        .withMessage(said)
        .withFinishedAt(now())
        .endTerminated()
        .build();
  }

  private static ContainerStatusBuilder runningContainer() {
    return new ContainerStatusBuilder()
        .withStarted(true)
        .withNewState()
        .withNewRunning()
        .withStartedAt(now())
        .endRunning()
        .endState();
  }

  private static List<ContainerStatus> containers(
      Pod pod, boolean ready, ContainerStatusBuilder state) {
    int restarts = state.getRestartCount() == null ? 0 : state.getRestartCount();
    return pod.getSpec().getContainers().stream()
        .map(
            container ->
                new ContainerStatusBuilder(state.build())
                    .withName(container.getName())
                    .withImage(container.getImage())
                    .withImageID("")
                    .withReady(ready)
                    .withRestartCount(restarts)
                    .build())
        .toList();
  }

  private static PodStatusBuilder base(PodStatus status, String ip, boolean ready) {
    String word = ready ? "True" : "False";
    var builder =
        new PodStatusBuilder(status)
            .withHostIP(HOST)
            .withStartTime(now())
            .withConditions(
                List.of(
                    condition("PodScheduled", "True"),
                    condition("Initialized", "True"),
                    condition("ContainersReady", word),
                    condition("Ready", word)));
    if (ip != null) {
      builder.withPodIP(ip).withPodIPs(new io.fabric8.kubernetes.api.model.PodIP(ip));
    }
    return builder;
  }

  private static io.fabric8.kubernetes.api.model.PodCondition condition(String type, String word) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(word)
        .withLastTransitionTime(now())
        .build();
  }

  private void edit(Pod pod, UnaryOperator<PodStatus> change) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .editStatus(
            current ->
                new PodBuilder(current).withStatus(change.apply(current.getStatus())).build());
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
