package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import java.util.List;
import java.util.Optional;

/**
 * What became of the JobManager of a start. Every application JobManager without high availability
 * is admitted by the uid of its pod, which may run Flink once; with high availability, and for a
 * session cluster, pods come and go, and none of them is the one.
 */
public enum JobManagerState {
  /** No pod was admitted, and none that may run without being admitted exists. */
  NeverStarted,
  /** A pod may run Flink, and does not yet. */
  MayRun,
  /** Flink's process runs. */
  Running,
  /**
   * The admitted pod can run Flink no longer: it is gone or going, it has ended (an evicted pod is
   * in phase Failed, and still listed), or its container was started a second time, and refused.
   */
  Lost,
  /** A live read shows no pod, and nothing that could still make one. */
  Gone;

  /** From positive evidence only. */
  public static JobManagerState of(Situation s, LaunchStatus launch) {
    if (s.seen().jobManagersGone() && removed(s)) {
      return Gone;
    }
    List<ObservedPod> pods = s.seen().pods(Component.JOB_MANAGER, launch.epoch());
    if (launch.jobManagerPod() == null) {
      return notAdmitted(pods);
    }
    Optional<ObservedPod> admitted =
        pods.stream().filter(p -> p.uid().equals(launch.jobManagerPod())).findFirst();
    if (admitted.filter(p -> !p.deleting() && !p.ended() && p.flinkRestarts() == 0).isEmpty()) {
      return Lost;
    }
    return admitted.get().running() ? Running : MayRun;
  }

  /** Whether the JobManagers of this start are being removed on purpose. */
  private static boolean removed(Situation s) {
    return s.recorded().operation().filter(o -> o.stage() == OperationStage.Stopping).isPresent();
  }

  private static JobManagerState notAdmitted(List<ObservedPod> pods) {
    List<ObservedPod> usable =
        pods.stream()
            .filter(p -> !p.schedulingGated() && !p.held() && !p.ended() && !p.deleting())
            .toList();
    if (usable.isEmpty()) {
      return NeverStarted;
    }
    return usable.stream().anyMatch(ObservedPod::running) ? Running : MayRun;
  }
}
