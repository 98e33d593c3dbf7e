package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Deletion;
import io.flinkcluster.operator.model.Observation.RemainingObject;
import java.util.List;
import java.util.Optional;

/** Nothing of the cluster should exist any more. */
public final class RemovingRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "NothingLeft",
              "No object is left: deletion has succeeded.",
              RemovingRules::nothingLeft,
              DecisionState.Removed),
          Rule.when(
              "HeldBySomebodyElse",
              "All that is left is being deleted, and held by a node that is gone or a finalizer for"
                  + " five minutes after the deadline: name it, and wait no more.",
              RemovingRules::held,
              DecisionState.Removed),
          Rule.otherwise(
              "RemoveObjects", "Otherwise: remove what is left.", RemovingRules::removing));

  private RemovingRules() {}

  private static Optional<Decision> nothingLeft(Situation s) {
    return s.seen().left().isEmpty()
        ? Optional.of(Deletion.ended(s, OperationResult.Succeeded, Deletion.account(s)))
        : Optional.empty();
  }

  private static boolean late(Situation s) {
    return Timeouts.overdue(s)
        && Timeouts.longerInStageOrBefore(s, OperationStage.Stopping, Deletion.GRACE);
  }

  /** A cluster of the same name waits for such pods before it starts anything. */
  private static Optional<Decision> held(Situation s) {
    List<RemainingObject> left = s.seen().left();
    if (!late(s) || !left.stream().allMatch(RemainingObject::deleting)) {
      return Optional.empty();
    }
    String held = "these are still being deleted, and nobody waits for them any more: ";
    String account = Deletion.account(s);
    String point = account == null ? "" : "; " + account;
    return Optional.of(
        Deletion.ended(s, OperationResult.Failed, held + Deletion.names(left) + point));
  }

  private static Decision removing(Situation s) {
    String names = "still to go: " + Deletion.names(s.seen().left());
    return Decision.of(Phase.Deleting, s.recorded())
        .actions(Deletion.rememberState(s))
        .causes(
            List.of(
                late(s)
                    ? ConditionCause.stalled(Reason.DeadlineExceeded, names)
                    : ConditionCause.waiting(Reason.Deleting, names)))
        .soon();
  }
}
