package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.InPlace;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.RescaleProgress;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.InPlaceEnds;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.decide.transition.Recovery;
import io.flinkcluster.operator.model.CheckedCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** TaskManagers for the new size come up within the running start; Flink was not asked yet. */
public final class InPlacePreparingRules {
  /** How long a job that does not run, or tells no requirements, is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobLostBeforeResize",
              "The job is lost: recover first.",
              Recovery::instead,
              DecisionState.Stopping),
          Rule.when(
              "ResizeSuperseded",
              "The spec changed again, or the job has ended: give it up.",
              InPlaceEnds::overtaken,
              DecisionState.Running),
          Rule.when(
              "MoreTaskManagersRefused",
              "The API server refuses an object: give it up.",
              InPlacePreparingRules::refused,
              DecisionState.Running),
          Rule.when(
              "SlotsAreThere",
              "All slots are there, or no room for more for a fifth of changeTimeout, and the job"
                  + " runs: a fresh checkpoint first where Flink does not wait for one, then ask.",
              InPlacePreparingRules::next,
              DecisionState.Checkpointing,
              DecisionState.Resizing),
          Rule.when(
              "ResizeNotPossible",
              "All slots are there, and for 30 s the job does not run or Flink tells no"
                  + " requirements: by savepoint instead where the mode is Auto, else give it up.",
              InPlacePreparingRules::notPossible,
              DecisionState.Preparing,
              DecisionState.Running),
          Rule.when(
              "ResizePreparedTooLate",
              "The deadline is over: by savepoint instead where the mode is Auto, else give it up.",
              InPlacePreparingRules::late,
              DecisionState.Preparing,
              DecisionState.Running),
          Rule.otherwise(
              "WaitForSlots",
              "Otherwise: wait for the TaskManagers.",
              s -> InPlaceEnds.goingOn(s, List.of())));

  private InPlacePreparingRules() {}

  private static Optional<Decision> refused(Situation s) {
    return s.refusals().isEmpty()
        ? Optional.empty()
        : Optional.of(
            Continuation.abandon(
                s, OperationResult.Abandoned, Reason.ChildRefused, Continuation.refused(s)));
  }

  private static Optional<Decision> next(Situation s) {
    CheckedCluster running = s.running().orElseThrow();
    RescaleProgress progress = InPlaceEnds.progress(s);
    boolean noRoom =
        LaunchFacts.noRoom(s, s.launch().epoch())
            && Timeouts.longerInStage(s, Timeouts.of(running).dividedBy(5));
    boolean ready =
        LaunchFacts.allTasksRun(s, s.launch())
            && progress.known()
            && (progress.capacity() || noRoom);
    if (!ready) {
      return Optional.empty();
    }
    boolean checkpointFirst = !InPlace.waitsForCheckpoint(running) && running.checkpointed();
    return Optional.of(
        checkpointFirst
            ? Decision.of(
                    Phase.Changing,
                    s.recorded()
                        .with(Operations.current(s).stage(OperationStage.Checkpointing).status()))
                .soon()
            : InPlaceEnds.resizing(s));
  }

  private static Optional<Decision> notPossible(Situation s) {
    boolean all = LaunchFacts.allTasksRun(s, s.launch());
    boolean waited =
        InPlaceEnds.progress(s).capacity()
            && Timeouts.longerInStage(s, PATIENCE)
            && LaunchFacts.reachable(s, s.launch());
    if (!waited || !(InPlace.mode(s) == RescaleMode.Auto || all)) {
      return Optional.empty();
    }
    String why =
        all
            ? "Flink does not tell the job's resource requirements"
            : "the job does not run all its tasks";
    return Optional.of(InPlaceEnds.impossible(s, Reason.NotInPlace, why));
  }

  private static Optional<Decision> late(Situation s) {
    if (!Timeouts.overdue(s)) {
      return Optional.empty();
    }
    String why = InPlaceEnds.progress(s).shortfall().orElse("the job does not run all its tasks");
    return Optional.of(
        InPlaceEnds.impossible(s, Reason.DeadlineExceeded, why + " within changeTimeout"));
  }
}
