package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What should be the case.
 *
 * @param phase one word for people
 * @param recorded what must be recorded before anything else of this decision is done
 * @param runs starts whose objects should exist
 * @param keep epochs whose objects are neither made nor removed
 * @param steps acts with an effect, in order
 * @param findings what a person should know, the most important first
 * @param lookAgain when to decide anew even if nothing is heard
 * @param gone whether everything is removed and the resource may go
 */
public record Decision(
    Phase phase,
    RecordedState recorded,
    List<Run> runs,
    Set<Long> keep,
    List<Action> steps,
    List<ConditionCause> findings,
    Duration lookAgain,
    boolean gone) {

  static final Duration SOON = Duration.ofSeconds(2);
  static final Duration LATER = Duration.ofSeconds(60);

  static Decision of(Phase phase, RecordedState recorded) {
    return new Decision(phase, recorded, List.of(), Set.of(), List.of(), List.of(), LATER, false);
  }

  Decision runs(Run... runs) {
    return new Decision(phase, recorded, List.of(runs), keep, steps, findings, lookAgain, gone);
  }

  Decision keep(Set<Long> keep) {
    return new Decision(phase, recorded, runs, keep, steps, findings, lookAgain, gone);
  }

  Decision steps(List<Action> steps) {
    return new Decision(phase, recorded, runs, keep, steps, findings, lookAgain, gone);
  }

  Decision findings(List<ConditionCause> findings) {
    return new Decision(phase, recorded, runs, keep, steps, findings, lookAgain, gone);
  }

  Decision soon() {
    return new Decision(phase, recorded, runs, keep, steps, findings, SOON, gone);
  }

  /** Looks again after this time at the latest. */
  Decision within(Duration time) {
    Duration sooner = time.compareTo(lookAgain) < 0 ? time : lookAgain;
    return new Decision(phase, recorded, runs, keep, steps, findings, sooner, gone);
  }

  Decision allGone() {
    return new Decision(phase, recorded, runs, keep, steps, findings, lookAgain, true);
  }
}
