package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.FinishedCluster;
import io.flinkcluster.operator.decide.fact.JobCompletion;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * No operation is under way, and the job of the current start has come to its own end. None of the
 * rules for a job that is meant to run is asked then.
 */
public final class FinishedRules {

  /** In the order in which they are asked, before those of a job that is meant to run. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "ShowPlanOfRerun",
              "The ended job is to run again, and the plan annotation is set: only say what would be"
                  + " done.",
              s -> finished(s).flatMap(FinishedRules::planned)),
          Rule.when(
              "ReferenceMissingForRerun",
              "The ended job is to run again, and something that the pods need does not exist: wait for"
                  + " it.",
              s -> finished(s).flatMap(FinishedRules::absent)),
          Rule.when(
              "Rerun",
              "The spec of an ended job differs in more than its size, that has not failed for this"
                  + " generation, and job.rerun lets it; or the restart token is new: run the job"
                  + " again from the beginning.",
              s -> finished(s).flatMap(FinishedCluster::rerun).map(why -> rerun(s, why)),
              DecisionState.Stopping),
          Rule.when(
              "KeepFinished",
              "Of any other ended job keep the pods for job.afterFinish.keep, unless the spec says"
                  + " suspend or the JobManager is gone; then only the status.",
              s -> finished(s).map(FinishedRules::kept)));

  private FinishedRules() {}

  private static Optional<Situation> finished(Situation s) {
    return JobCompletion.is(s.launch()) ? Optional.of(s) : Optional.empty();
  }

  private static Optional<Decision> planned(Situation s) {
    return FinishedCluster.rerun(s)
        .filter(why -> s.wishes().planOnly())
        .map(
            why -> {
              String plan = "Rerun because of " + why + ": run the job again from the beginning";
              return kept(s, List.of(ConditionCause.planned(plan)));
            });
  }

  private static Optional<Decision> absent(Situation s) {
    return FinishedCluster.rerun(s)
        .flatMap(why -> LaunchFacts.absent(s))
        .map(what -> kept(s, List.of(what)).soon());
  }

  private static Decision rerun(Situation s, String why) {
    Optional<String> token = Operations.restartToken(s);
    TriggerKind kind = token.isPresent() ? TriggerKind.RestartToken : TriggerKind.SpecChange;
    Situation served = s.withRecorded(Operations.served(s, token));
    var begun =
        Operations.newLaunch(served, OperationType.Rerun, s.wanted().orElseThrow(), kind, why);
    RecordedState recorded = Operations.stopping(served, begun);
    return Decision.of(OperationTypes.phase(recorded.operation().orElseThrow()), recorded).soon();
  }

  private static Decision kept(Situation s) {
    var causes = new ArrayList<ConditionCause>();
    Continuation.failedChange(s).ifPresent(causes::add);
    FinishedCluster.notRerun(s)
        .map(why -> ConditionCause.stalled(Reason.NotRerun, why))
        .ifPresent(causes::add);
    return kept(s, causes);
  }

  private static Decision kept(Situation s, List<ConditionCause> causes) {
    Decision kept = Continuation.finished(s).causes(causes);
    return FinishedCluster.suspendedRerun(s) ? kept.phase(Phase.Suspended) : kept;
  }
}
