package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.ComingUp;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.FailedStart;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.List;
import java.util.Optional;

/** The new JobManager and its job are coming up. */
public final class StartingRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "LaunchedSpecLost",
              "The spec of the start is lost: back to the last that ran, or say why not.",
              StartingRules::specLost,
              DecisionState.Stopping,
              DecisionState.Stopped),
          Rule.when(
              "TasksRun",
              "All tasks run, or the job has finished: compare what it restored.",
              StartingRules::up,
              DecisionState.Verifying),
          Rule.when(
              "StartSuperseded",
              "The spec changed again before all tasks ran: start the new one, from the same point.",
              ComingUp::superseded,
              DecisionState.Stopping),
          Rule.when(
              "StartSuspended",
              "The spec says suspend before all tasks ran: start nothing.",
              ComingUp::suspended,
              DecisionState.Stopping),
          Rule.when(
              "StartFailed",
              "The JobManager is lost, the job failed, or the start of a change that can be undone is"
                  + " refused, cannot be fetched, has a JobManager whose containers do not start for"
                  + " a fifth of changeTimeout, or is at its deadline: roll back, or the same start"
                  + " again with a back-off, or stop. What was taken away is started again.",
              ComingUp::failed,
              DecisionState.Stopping,
              DecisionState.Stopped),
          Rule.when(
              "AdmitJobManager",
              "A JobManager pod waits at its scheduling gate, or was prepared and waits for its"
                  + " release, and none was admitted: record its uid.",
              StartingRules::admit),
          Rule.otherwise(
              "WaitForTasks", "Otherwise: wait for the tasks to run.", ComingUp::waiting));

  private StartingRules() {}

  private static Optional<Decision> specLost(Situation s) {
    return s.running().isPresent()
        ? Optional.empty()
        : Optional.of(
            FailedStart.failed(
                s, Reason.OperationFailed, "the spec changed and its ConfigMap was lost"));
  }

  private static Optional<Decision> up(Situation s) {
    LaunchStatus launch = s.launch();
    CheckedCluster spec = s.running().orElseThrow();
    boolean up =
        spec.job().isEmpty()
            ? LaunchFacts.sessionUp(s, launch, spec)
            : LaunchFacts.job(s, launch)
                .filter(j -> j.allTasksRunning() || j.state().equals("FINISHED"))
                .isPresent();
    return up
        ? Optional.of(
            Continuation.recording(
                s,
                s.recorded().with(Operations.current(s).stage(OperationStage.Verifying).status())))
        : Optional.empty();
  }

  private static Optional<Decision> admit(Situation s) {
    LaunchStatus launch = s.launch();
    if (launch.jobManagerPod() != null || !s.running().orElseThrow().startsOnce()) {
      return Optional.empty();
    }
    return LaunchFacts.waiting(s, launch)
        .map(pod -> s.recorded().with(launch.withJobManagerPod(pod.uid())))
        .map(recorded -> Continuation.recording(s, recorded));
  }
}
