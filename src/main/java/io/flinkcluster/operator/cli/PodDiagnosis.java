package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is not as it should be with pods. */
final class PodDiagnosis {
  private static final Set<String> USUAL = Set.of("ContainerCreating", "PodInitializing");

  private PodDiagnosis() {}

  static List<Finding> of(List<Pod> pods, String cluster) {
    var findings = new ArrayList<Finding>();
    for (Pod pod : pods) {
      if (pod.getStatus() != null) {
        String about = "pod/" + pod.getMetadata().getName();
        room(pod)
            .ifPresent(
                why ->
                    findings.add(
                        finding(
                            Finding.Level.ERROR,
                            about,
                            why,
                            "make room: a larger node group, or smaller resources of " + cluster)));
        pod.getStatus().getInitContainerStatuses().forEach(c -> judge(c, about, findings));
        pod.getStatus().getContainerStatuses().forEach(c -> judge(c, about, findings));
      }
    }
    return findings;
  }

  private static Optional<String> room(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> "PodScheduled".equals(c.getType()) && "Unschedulable".equals(c.getReason()))
        .map(PodCondition::getMessage)
        .map(message -> "is not scheduled: " + message)
        .findFirst();
  }

  private static void judge(ContainerStatus container, String about, List<Finding> findings) {
    var state = container.getState();
    if (state != null
        && state.getWaiting() != null
        && state.getWaiting().getReason() != null
        && !USUAL.contains(state.getWaiting().getReason())) {
      String message = state.getWaiting().getMessage();
      findings.add(
          finding(
              Finding.Level.ERROR,
              about,
              container.getName()
                  + " waits: "
                  + state.getWaiting().getReason()
                  + (message == null ? "" : ", " + message),
              remedy(state.getWaiting().getReason())));
    }
    boolean restarted = container.getRestartCount() != null && container.getRestartCount() > 0;
    if (restarted) {
      String reason =
          Optional.ofNullable(container.getLastState())
              .map(s -> s.getTerminated())
              .map(t -> t.getReason())
              .orElse("not known");
      findings.add(
          finding(
              Finding.Level.WARNING,
              about,
              container.getName()
                  + " was started again "
                  + container.getRestartCount()
                  + " times, last because of "
                  + reason,
              remedy(reason)));
    }
  }

  private static String remedy(String reason) {
    return switch (reason) {
      case "OOMKilled" -> "raise resources.limits.memory, or Flink's share for JVM overhead";
      case "ImagePullBackOff", "ErrImagePull", "InvalidImageName" ->
          "correct spec.image, or name imagePullSecrets that may pull it";
      case "CreateContainerConfigError" -> "create the ConfigMap or Secret that the message names";
      default -> "kubectl describe the pod, and kubectl logs --previous";
    };
  }

  private static Finding finding(Finding.Level level, String about, String what, String remedy) {
    return new Finding(level, "pods", about, what, remedy);
  }
}
