package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObservedCleanupPod;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.Times;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Reads the pod that cleans up after a deleted cluster. */
final class CleanupReader {

  private CleanupReader() {}

  static boolean is(Pod pod) {
    var labels = pod.getMetadata().getLabels();
    return labels != null && Labels.CLEANUP.equals(labels.get(Labels.COMPONENT));
  }

  /** The pod of this name, if it is there. */
  static Optional<ObservedCleanupPod> seen(Collection<Pod> pods, String name) {
    return pods.stream()
        .filter(p -> is(p) && p.getMetadata().getName().equals(name))
        .findFirst()
        .map(CleanupReader::seen);
  }

  private static ObservedCleanupPod seen(Pod pod) {
    var status = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
    boolean failed = "Failed".equals(status.getPhase());
    Optional<String> problem = PodProblemReader.of(status).map(ObservedPod.PodProblem::message);
    if (failed && problem.isEmpty()) {
      problem = Optional.of(Optional.ofNullable(status.getReason()).orElse("it failed"));
    }
    Instant created = Times.moment(pod.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH);
    return new ObservedCleanupPod(
        pod.getMetadata().getName(),
        created,
        failed || "Succeeded".equals(status.getPhase()),
        "Succeeded".equals(status.getPhase()) ? Optional.empty() : problem);
  }
}
