package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What should be the case.
 *
 * @param phase one word for people
 * @param recorded what must be recorded before anything else of this decision is done
 * @param runs starts whose objects should exist
 * @param keep epochs whose objects are neither made nor removed
 * @param actions acts with an effect, in order
 * @param causes what a person should know, the most important first
 * @param lookAgain when to decide anew even if nothing is heard
 * @param rule name of the rule that decided
 * @param gone whether everything is removed and the resource may go
 */
public record Decision(
    Phase phase,
    RecordedState recorded,
    List<Run> runs,
    Set<Long> keep,
    List<Action> actions,
    List<ConditionCause> causes,
    Duration lookAgain,
    boolean gone,
    String rule) {

  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration LATER = Duration.ofSeconds(60);

  /** Nothing but the phase and what is recorded; looks again in a minute. */
  public static Decision of(Phase phase, RecordedState recorded) {
    return new Decision(
        phase, recorded, List.of(), Set.of(), List.of(), List.of(), LATER, false, "");
  }

  /** The same in this phase. */
  public Decision phase(Phase phase) {
    return new Decision(phase, recorded, runs, keep, actions, causes, lookAgain, gone, rule);
  }

  /** The same with this to be recorded. */
  public Decision recorded(RecordedState recorded) {
    return new Decision(phase, recorded, runs, keep, actions, causes, lookAgain, gone, rule);
  }

  /** The same with these starts. */
  public Decision runs(Run... runs) {
    return new Decision(
        phase, recorded, List.of(runs), keep, actions, causes, lookAgain, gone, rule);
  }

  /** The same, where no pod of the start that runs may be evicted. */
  public Decision drainWaits() {
    var all = new ArrayList<>(runs);
    if (!all.isEmpty()) {
      all.set(0, all.get(0).whoseDrainWaits());
    }
    return runs(all.toArray(Run[]::new));
  }

  /** The same, which leaves the objects of these epochs alone. */
  public Decision keep(Set<Long> keep) {
    return new Decision(phase, recorded, runs, keep, actions, causes, lookAgain, gone, rule);
  }

  /** The same with these actions. */
  public Decision actions(List<Action> actions) {
    return new Decision(phase, recorded, runs, keep, actions, causes, lookAgain, gone, rule);
  }

  /** The same with these causes for conditions. */
  public Decision causes(List<ConditionCause> causes) {
    return new Decision(phase, recorded, runs, keep, actions, causes, lookAgain, gone, rule);
  }

  /** Looks again after two seconds. */
  public Decision soon() {
    return new Decision(phase, recorded, runs, keep, actions, causes, SOON, gone, rule);
  }

  /** Looks again after this time at the latest. */
  public Decision within(Duration time) {
    Duration sooner = time.compareTo(lookAgain) < 0 ? time : lookAgain;
    return new Decision(phase, recorded, runs, keep, actions, causes, sooner, gone, rule);
  }

  /** Whether nothing is under way, nothing is wrong, and nothing is due within a minute. */
  public boolean atRest() {
    return recorded.operation().isEmpty()
        && causes.isEmpty()
        && actions.isEmpty()
        && lookAgain.equals(LATER);
  }

  /** The resource may go. */
  public Decision allGone() {
    return new Decision(phase, recorded, runs, keep, actions, causes, lookAgain, true, rule);
  }

  /** The same with one action more. */
  Decision also(Action action) {
    var all = new ArrayList<>(actions);
    all.add(action);
    return actions(all);
  }

  /** The same, decided by this rule. */
  Decision by(String rule) {
    return new Decision(phase, recorded, runs, keep, actions, causes, lookAgain, gone, rule);
  }
}
