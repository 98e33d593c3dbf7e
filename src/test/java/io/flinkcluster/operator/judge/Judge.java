package io.flinkcluster.operator.judge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Judges what happens; may be asked at any time, so that what was judged once need not be again.
 */
public final class Judge {
  private final List<Invariant> invariants = new ArrayList<>();
  private final Facts facts = new Facts();
  private long at;

  /**
   * One who has seen nothing yet.
   *
   * @param markers secret values that must be seen nowhere; more may be added, for what comes then
   */
  public Judge(List<String> markers) {
    invariants.addAll(StateInvariants.all());
    invariants.addAll(OrderInvariants.all());
    invariants.addAll(LivenessInvariants.all());
    invariants.addAll(HygieneInvariants.all(markers));
  }

  /**
   * Judges a history.
   *
   * @param markers secret values that must be seen nowhere
   */
  public static Verdict judge(History history, List<String> markers) {
    var judge = new Judge(markers);
    history.events().forEach(judge::take);
    return judge.verdict();
  }

  /** Takes what happened next. */
  public void take(Event event) {
    at = event.at();
    invariants.forEach(i -> i.before(event, facts));
    facts.take(event);
    invariants.forEach(i -> i.after(event, facts));
  }

  /** The verdict on all that was taken, as if nothing came after it. */
  public Verdict verdict() {
    var premises = new TreeMap<String, Integer>();
    var violations = new ArrayList<Violation>();
    for (Invariant invariant : invariants) {
      // What is said of the end goes again: there may be another one.
      int premisesBefore = invariant.premises;
      int violationsBefore = invariant.violations.size();
      invariant.end(facts, at);
      premises.put(invariant.id, invariant.premises);
      violations.addAll(invariant.violations);
      invariant.premises = premisesBefore;
      invariant.violations.subList(violationsBefore, invariant.violations.size()).clear();
    }
    violations.sort(Comparator.comparingLong(Violation::at));
    return new Verdict(List.copyOf(violations), premises);
  }
}
