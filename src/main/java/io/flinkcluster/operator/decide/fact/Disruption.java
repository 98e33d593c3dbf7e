package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import java.util.Optional;

/**
 * Whether the JobManager of a start was lost because Kubernetes, a node or a person took its pod
 * away. That says nothing of the spec; what the process itself did, its exit code, does.
 */
public final class Disruption {

  private Disruption() {}

  /**
   * Who took it away, as the end of a sentence; empty: it was not taken away, or ended by itself.
   */
  public static Optional<String> of(Situation s, LaunchStatus launch) {
    if (launch.jobManagerPod() == null || !LaunchFacts.jobManagerLost(s, launch)) {
      return Optional.empty();
    }
    Optional<ObservedPod> admitted =
        s.seen().pods(Component.JOB_MANAGER, launch.epoch()).stream()
            .filter(pod -> pod.uid().equals(launch.jobManagerPod()))
            .findFirst();
    return admitted.isEmpty()
        ? Optional.of("its pod was deleted")
        : admitted.flatMap(ObservedPod::disruption);
  }
}
