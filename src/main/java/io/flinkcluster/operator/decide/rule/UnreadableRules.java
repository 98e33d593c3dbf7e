package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OnDelete;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.StatusProblems;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.List;
import java.util.Optional;

/** What is recorded makes no sense: nothing is done that rests on it. */
public final class UnreadableRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "RemoveWithoutStatus",
              "The resource is being deleted with job.onDelete: Cancel: remove everything.",
              UnreadableRules::removed),
          Rule.otherwise(
              "StatusNotUnderstood",
              "Otherwise: leave every object as it is, and name the fields.",
              UnreadableRules::kept));

  private UnreadableRules() {}

  private static Optional<Decision> removed(Situation s) {
    boolean cancel =
        s.wanted()
            .flatMap(CheckedCluster::job)
            .filter(j -> j.onDelete() == OnDelete.Cancel)
            .isPresent();
    if (!s.wishes().deleting() || !cancel) {
      return Optional.empty();
    }
    Decision decision = Decision.of(Phase.Deleting, s.recorded()).soon();
    return Optional.of(s.seen().left().isEmpty() ? decision.allGone() : decision);
  }

  private static Decision kept(Situation s) {
    String message =
        "the status makes no sense, so that nothing is done: "
            + String.join("; ", StatusProblems.of(s))
            + ". If a newer version of the operator wrote it, run that version again; if it was"
            + " edited, take the edit back with kubectl edit --subresource=status"
            + (s.wishes().deleting()
                ? "; to delete without a savepoint set job.onDelete: Cancel"
                : "");
    return Decision.of(s.wishes().deleting() ? Phase.Deleting : Phase.Failed, s.recorded())
        .keep(Launches.traces(s))
        .causes(List.of(ConditionCause.stalled(Reason.StatusNotUnderstood, message)));
  }
}
