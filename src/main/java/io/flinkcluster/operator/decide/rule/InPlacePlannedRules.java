package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.InPlaceEnds;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.decide.transition.Recovery;
import java.util.List;
import java.util.Optional;

/** A rescale in place is shown and not made, as long as the plan annotation is set. */
public final class InPlacePlannedRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobLostWhileResizePlanned",
              "The job is lost: recover first.",
              Recovery::instead,
              DecisionState.Stopping),
          Rule.when(
              "ResizePlanSuperseded",
              "The spec changed again, or the job has ended: forget the plan.",
              InPlaceEnds::overtaken,
              DecisionState.Running),
          Rule.when(
              "ShowPlanOfResize",
              "The plan annotation is set: only say what would be done.",
              InPlacePlannedRules::show),
          Rule.otherwise(
              "CarryOutPlanOfResize",
              "Otherwise: begin with the TaskManagers.",
              InPlacePlannedRules::prepare,
              DecisionState.InPlacePreparing));

  private InPlacePlannedRules() {}

  private static Optional<Decision> show(Situation s) {
    String plan =
        "Rescale because of "
            + s.operation().trigger()
            + ": TaskManagers first, then ask Flink's adaptive scheduler, which restarts the tasks"
            + " from the newest checkpoint";
    return s.wishes().planOnly()
        ? Optional.of(
            Continuation.asBefore(s, Phase.Running).causes(List.of(ConditionCause.planned(plan))))
        : Optional.empty();
  }

  private static Decision prepare(Situation s) {
    OperationStatus planned = s.operation();
    OperationBuilder operation =
        Operations.sameLaunch(
                s,
                planned.type(),
                Timeouts.of(s.wanted().orElseThrow()),
                planned.triggerKind(),
                planned.trigger())
            .target(null, planned.fingerprint())
            .size(planned.size())
            .stage(OperationStage.Preparing);
    return Decision.of(Phase.Changing, s.recorded().with(operation.status())).soon();
  }
}
