package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.FailedOperations;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.FailedStart;
import io.flinkcluster.operator.decide.transition.Operations;
import java.util.List;
import java.util.Optional;

/** No operation is under way, and the current start was stopped for good. */
public final class StoppedRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "StaySuspended",
              "The spec says suspend, or cannot be carried out: start nothing.",
              StoppedRules::suspended),
          Rule.when(
              "FailedForGood",
              "A start of this spec has failed for good, and neither the spec nor the restart token"
                  + " has changed since: say why.",
              StoppedRules::failed),
          Rule.when(
              "ShowPlanOfResume",
              "The plan annotation is set: only say what would be done.",
              StoppedRules::planned),
          Rule.when(
              "ReferenceMissingForResume",
              "Something that the pods need does not exist: wait for it.",
              s ->
                  LaunchFacts.absent(s)
                      .map(
                          f -> Decision.of(Phase.Pending, s.recorded()).causes(List.of(f)).soon())),
          Rule.otherwise(
              "Resume",
              "Otherwise: resume from the newest restore point, when no JobManager exists any more.",
              StoppedRules::resume,
              DecisionState.Stopping));

  private StoppedRules() {}

  private static Optional<Decision> suspended(Situation s) {
    return s.wanted().filter(w -> !w.spec().suspend()).isPresent()
        ? Optional.empty()
        : Optional.of(Decision.of(Phase.Suspended, s.recorded()));
  }

  private static Optional<Decision> failed(Situation s) {
    Optional<OperationRecord> failed =
        FailedOperations.before(s, s.wanted().orElseThrow().fingerprint());
    return failed
        .filter(f -> Operations.restartToken(s).isEmpty())
        .map(f -> Decision.of(Phase.Failed, s.recorded()).causes(List.of(FailedStart.wayOut(f))));
  }

  private static String why(Situation s) {
    return Operations.restartToken(s).map(t -> "restart token " + t).orElse("suspend: false");
  }

  private static Optional<Decision> planned(Situation s) {
    if (!s.wishes().planOnly()) {
      return Optional.empty();
    }
    String plan = "Resume because of " + why(s) + ": start from the newest restore point";
    return Optional.of(
        Decision.of(Phase.Suspended, s.recorded()).causes(List.of(ConditionCause.planned(plan))));
  }

  private static Decision resume(Situation s) {
    Optional<String> token = Operations.restartToken(s);
    TriggerKind kind = token.isPresent() ? TriggerKind.RestartToken : TriggerKind.Resumed;
    OperationBuilder resume =
        Operations.newLaunch(s, OperationType.Resume, s.wanted().orElseThrow(), kind, why(s))
            .stage(OperationStage.Stopping);
    return Continuation.stopping(Operations.served(s, token).with(resume.status()));
  }
}
