package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Deletion;
import io.flinkcluster.operator.model.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The end of the deletion is recorded: the resource may go once the last acts, which nobody could
 * repeat after it, are done. They are not waited for endlessly. Whether a start kept high
 * availability data is not asked: nothing may be left by now that tells.
 */
public final class RemovedRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "LastActsFail",
              "One of the last acts fails, for five minutes at most: try it again.",
              RemovedRules::again),
          Rule.otherwise(
              "LetGo",
              "Otherwise: write down where the state lies, remove the last traces, let the resource"
                  + " go.",
              s -> lastActs(s).allGone()));

  private RemovedRules() {}

  private static Optional<Decision> again(Situation s) {
    Instant since =
        DecisionState.endOfDeletion(s.recorded())
            .flatMap(end -> Times.moment(end.endedAt()))
            .orElse(s.now());
    boolean patient = since.plus(Deletion.GRACE).isAfter(s.now());
    if (!patient || s.refusals().isEmpty()) {
      return Optional.empty();
    }
    String failures = String.join("; ", s.refusals());
    return Optional.of(
        lastActs(s).causes(List.of(ConditionCause.waiting(Reason.Deleting, failures))));
  }

  private static Decision lastActs(Situation s) {
    var actions = new ArrayList<>(Deletion.rememberState(s));
    s.seen().cleanup().ifPresent(pod -> actions.add(new Action.RemoveCleanupPod(pod.name())));
    actions.add(new Action.RemoveHighAvailabilityData(Launches.pastClusterIds(s, 0)));
    return Decision.of(Phase.Deleting, s.recorded()).actions(actions).soon();
  }
}
