package io.flinkcluster.operator.decide;

import static io.flinkcluster.operator.decide.state.DecisionState.*;

import io.flinkcluster.operator.decide.fact.Autoscaling;
import io.flinkcluster.operator.decide.fact.FormerState;
import io.flinkcluster.operator.decide.fact.JobCompletion;
import io.flinkcluster.operator.decide.fact.LeavingNodes;
import io.flinkcluster.operator.decide.fact.PodProtection;
import io.flinkcluster.operator.decide.fact.RestorePoints;
import io.flinkcluster.operator.decide.fact.StatusProblems;
import io.flinkcluster.operator.decide.fact.UnregisteredPods;
import io.flinkcluster.operator.decide.fact.WaitingTokens;
import io.flinkcluster.operator.decide.rule.AwaitingJobEndRules;
import io.flinkcluster.operator.decide.rule.CancellingRules;
import io.flinkcluster.operator.decide.rule.CheckpointingRules;
import io.flinkcluster.operator.decide.rule.CleaningUpRules;
import io.flinkcluster.operator.decide.rule.DeletionRequestedRules;
import io.flinkcluster.operator.decide.rule.FinishedRules;
import io.flinkcluster.operator.decide.rule.InPlacePlannedRules;
import io.flinkcluster.operator.decide.rule.InPlacePreparingRules;
import io.flinkcluster.operator.decide.rule.NothingStartedRules;
import io.flinkcluster.operator.decide.rule.PlannedRules;
import io.flinkcluster.operator.decide.rule.PreparingRules;
import io.flinkcluster.operator.decide.rule.RemovedRules;
import io.flinkcluster.operator.decide.rule.RemovingRules;
import io.flinkcluster.operator.decide.rule.ResizingRules;
import io.flinkcluster.operator.decide.rule.RunningRules;
import io.flinkcluster.operator.decide.rule.SavepointingRules;
import io.flinkcluster.operator.decide.rule.StartingRules;
import io.flinkcluster.operator.decide.rule.StoppedRules;
import io.flinkcluster.operator.decide.rule.StoppingRules;
import io.flinkcluster.operator.decide.rule.UnreadableRules;
import io.flinkcluster.operator.decide.rule.VerifyingRules;
import io.flinkcluster.operator.decide.rule.WaitingForJobRules;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Says what should be the case now, and which action comes next. Pure: the same situation always
 * gives the same decision. The lists below are all there is: docs/state-machine.md shows them.
 */
public final class Decider {

  private static final Map<DecisionState, List<Rule>> RULES = rules();

  private Decider() {}

  private static Map<DecisionState, List<Rule>> rules() {
    var rules = new EnumMap<DecisionState, List<Rule>>(DecisionState.class);
    rules.put(Unreadable, UnreadableRules.LIST);
    rules.put(NothingStarted, NothingStartedRules.LIST);
    rules.put(Stopped, StoppedRules.LIST);
    rules.put(Running, joined(FinishedRules.LIST, RunningRules.LIST));
    rules.put(Planned, PlannedRules.LIST);
    rules.put(Preparing, PreparingRules.LIST);
    rules.put(WaitingForJob, WaitingForJobRules.LIST);
    rules.put(Savepointing, SavepointingRules.LIST);
    rules.put(AwaitingJobEnd, AwaitingJobEndRules.LIST);
    rules.put(Cancelling, CancellingRules.LIST);
    rules.put(Stopping, StoppingRules.LIST);
    rules.put(Starting, StartingRules.LIST);
    rules.put(Verifying, VerifyingRules.LIST);
    rules.put(InPlacePlanned, InPlacePlannedRules.LIST);
    rules.put(InPlacePreparing, InPlacePreparingRules.LIST);
    rules.put(Checkpointing, CheckpointingRules.LIST);
    rules.put(Resizing, ResizingRules.LIST);
    rules.put(DeletionRequested, DeletionRequestedRules.LIST);
    rules.put(CleaningUp, CleaningUpRules.LIST);
    rules.put(Removing, RemovingRules.LIST);
    rules.put(Removed, RemovedRules.LIST);
    return Collections.unmodifiableMap(rules);
  }

  private static List<Rule> joined(List<Rule> first, List<Rule> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  /** Every rule, by state, in the order in which they are asked. */
  public static Map<DecisionState, List<Rule>> all() {
    return RULES;
  }

  /** The state that this situation is in. */
  public static DecisionState state(Situation s) {
    return StatusProblems.of(s).isEmpty()
        ? DecisionState.of(s.recorded(), s.wishes().deleting())
        : Unreadable;
  }

  /**
   * Decides.
   *
   * @return if its recorded state differs from the one of the situation, it must be written down
   *     and the decision made anew; nothing else of it may be done
   */
  public static Decision decide(Situation situation) {
    DecisionState state = state(situation);
    Situation s = state == Unreadable ? situation : observed(situation);
    for (Rule rule : RULES.get(state)) {
      var decision = rule.answer().apply(s);
      if (decision.isPresent()) {
        Decision marking = marking(s, decision.get());
        Decision protecting = state == Unreadable ? marking : protecting(s, marking);
        return evaluatedAgain(s, protecting).by(rule.name());
      }
    }
    throw new IllegalStateException("no rule of the state " + state + " answers");
  }

  /** Who has begun from what another cluster left writes that down, whatever is decided else. */
  private static Decision marking(Situation s, Decision decision) {
    return FormerState.toBeMarked(s)
        .map(m -> decision.also(new Action.MarkFinalSavepoint(m.path())))
        .orElse(decision);
  }

  /** Last, so that what else is done does not wait for it. */
  private static Decision protecting(Situation s, Decision decision) {
    Decision protecting = PodProtection.of(s).map(decision::also).orElse(decision);
    return LeavingNodes.drainWaits(s) ? protecting.drainWaits() : protecting;
  }

  private static Decision evaluatedAgain(Situation s, Decision decision) {
    return s.asWritten().filter(Autoscaling::evaluated).isPresent()
        ? decision.within(Autoscaling.EVERY)
        : decision;
  }

  /** What is seen of the running job is recorded first, whatever is decided then. */
  private static Situation observed(Situation situation) {
    Situation s = situation.withRecorded(RestorePoints.observed(situation));
    s = s.withRecorded(JobCompletion.recorded(s));
    s = s.withRecorded(UnregisteredPods.recorded(s));
    s = s.withRecorded(WaitingTokens.recorded(s));
    return s.withRecorded(Autoscaling.recorded(s));
  }
}
