package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.InPlace;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.fact.RescaleProgress;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.FailedStart;
import io.flinkcluster.operator.decide.transition.InPlaceEnds;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.decide.transition.Recovery;
import io.flinkcluster.operator.model.CheckedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Flink's adaptive scheduler was asked for another size, or may have been. The size of the start is
 * recorded as reached only when every vertex has its parallelism; until then the former one counts.
 */
public final class ResizingRules {
  /** How long Flink may not take new requirements. */
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobLostWhileResizing",
              "The job is lost: recover first.",
              Recovery::instead,
              DecisionState.Stopping),
          Rule.when(
              "ResizingOvertaken",
              "The spec changed again, or the job has ended: what Flink was asked for counts no"
                  + " more; a job that failed is started again with the size before.",
              InPlaceEnds::overtaken,
              DecisionState.Running,
              DecisionState.Stopping,
              DecisionState.Stopped),
          Rule.when(
              "SizeReached",
              "Every vertex has its parallelism, and no TaskManager is left over: succeeded.",
              s ->
                  InPlaceEnds.progress(s).done()
                      ? Optional.of(InPlaceEnds.succeeded(s))
                      : Optional.empty(),
              DecisionState.Running),
          Rule.when(
              "RequirementsNotTaken",
              "Flink does not take the new requirements for 20 s: by savepoint instead, back in"
                  + " place, or given up.",
              ResizingRules::notTaken,
              DecisionState.Preparing,
              DecisionState.Resizing,
              DecisionState.Running),
          Rule.when(
              "SizeNotReached",
              "The deadline is over: by savepoint instead, back in place, or given up; without"
                  + " rollback the job runs with fewer slots, and says so.",
              ResizingRules::late,
              DecisionState.Preparing,
              DecisionState.Resizing,
              DecisionState.Running),
          Rule.when(
              "TellShortfall", "Slots are missing: record how many.", ResizingRules::shortfall),
          Rule.otherwise(
              "Resize", "Otherwise: ask Flink for the size, and wait.", ResizingRules::resize));

  private ResizingRules() {}

  private static Optional<Decision> notTaken(Situation s) {
    boolean refused =
        !InPlaceEnds.progress(s).required()
            && Timeouts.longerInStage(s, ANSWER)
            && LaunchFacts.reachable(s, s.launch());
    String why = "Flink does not take the new resource requirements";
    return refused
        ? Optional.of(InPlaceEnds.impossible(s, Reason.NotInPlace, why))
        : Optional.empty();
  }

  private static Optional<Decision> late(Situation s) {
    RescaleProgress progress = InPlaceEnds.progress(s);
    if (!Timeouts.overdue(s) || progress.reached() || staysSmaller(s)) {
      return Optional.empty();
    }
    String why = progress.shortfall().orElse("the job does not run with the new size");
    return Optional.of(
        InPlaceEnds.impossible(s, Reason.DeadlineExceeded, why + " within changeTimeout"));
  }

  /** Without rollback a job with fewer slots than it was to have runs on, and says so. */
  private static boolean staysSmaller(Situation s) {
    return s.operation().type() == OperationType.RescaleInPlace
        && InPlace.mode(s) == RescaleMode.InPlace
        && !FailedStart.rollbackAllowed(s);
  }

  private static Optional<Decision> shortfall(Situation s) {
    return InPlaceEnds.progress(s)
        .shortfall()
        .filter(text -> !text.equals(s.operation().message()))
        .map(text -> Operations.current(s).message(text).status())
        .map(o -> Decision.of(OperationTypes.phase(o), s.recorded().with(o)).soon());
  }

  private static Decision resize(Situation s) {
    CheckedCluster running = s.running().orElseThrow();
    RescaleProgress progress = InPlaceEnds.progress(s);
    var actions = new ArrayList<>(progress.actions());
    if (progress.required()
        && !progress.reached()
        && running.checkpointed()
        && InPlace.waitsForCheckpoint(running)) {
      actions.addAll(InPlaceEnds.checkpoint(s));
    }
    return InPlaceEnds.goingOn(s, actions);
  }
}
