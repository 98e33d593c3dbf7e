package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.SavepointFacts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.GiveUp;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.decide.transition.Recovery;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.List;
import java.util.Optional;

/** A change is shown and not made, as long as the plan annotation is set. */
public final class PlannedRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobLostWhilePlanned",
              "The job is lost: recover first.",
              Recovery::instead,
              DecisionState.Stopping),
          Rule.when(
              "PlanSuperseded",
              "The spec changed again, or the job has come to its end: forget the plan.",
              GiveUp::superseded,
              DecisionState.Running),
          Rule.when(
              "ShowPlan",
              "The plan annotation is set: only say what would be done.",
              PlannedRules::show),
          Rule.when(
              "ReferenceMissingForPlan",
              "Something that the pods need does not exist: wait for it.",
              s ->
                  LaunchFacts.absent(s)
                      .map(f -> Continuation.asBefore(s, Phase.Running).causes(List.of(f)).soon())),
          Rule.otherwise(
              "CarryOutPlan",
              "Otherwise: begin the change.",
              PlannedRules::prepare,
              DecisionState.Preparing));

  private PlannedRules() {}

  private static Optional<Decision> show(Situation s) {
    if (!s.wishes().planOnly()) {
      return Optional.empty();
    }
    OperationStatus operation = s.operation();
    String plan =
        operation.type()
            + " because of "
            + operation.trigger()
            + ": prepare new pods, "
            + way(s, s.wanted().orElseThrow());
    return Optional.of(
        Continuation.asBefore(s, Phase.Running).causes(List.of(ConditionCause.planned(plan))));
  }

  private static String way(Situation s, CheckedCluster wanted) {
    if (!wanted.stateful()) {
      return "stop, start with empty state";
    }
    return SavepointFacts.needed(s, wanted)
        ? "stop with a savepoint, start from it"
        : "cancel, start from the newest checkpoint";
  }

  private static Decision prepare(Situation s) {
    OperationStatus planned = s.operation();
    OperationBuilder begun =
        Operations.newLaunch(
                s,
                planned.type(),
                s.wanted().orElseThrow(),
                planned.triggerKind(),
                planned.trigger())
            .id(planned.id())
            .target(planned.epoch(), planned.fingerprint());
    OperationStatus preparing = Operations.preparing(s, begun).status();
    return Decision.of(Phase.Changing, s.recorded().with(preparing)).soon();
  }
}
