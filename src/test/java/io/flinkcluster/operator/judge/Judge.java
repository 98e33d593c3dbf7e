package io.flinkcluster.operator.judge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Judges histories. */
public final class Judge {
  private Judge() {}

  /**
   * Judges a history.
   *
   * @param markers secret values that must be seen nowhere
   */
  public static Verdict judge(History history, List<String> markers) {
    var invariants = new ArrayList<Invariant>();
    invariants.addAll(StateInvariants.all());
    invariants.addAll(OrderInvariants.all());
    invariants.addAll(LivenessInvariants.all());
    invariants.addAll(HygieneInvariants.all(markers));
    var facts = new Facts();
    long at = 0;
    for (Event event : history.events()) {
      at = event.at();
      invariants.forEach(i -> i.before(event, facts));
      facts.take(event);
      invariants.forEach(i -> i.after(event, facts));
    }
    long end = at;
    invariants.forEach(i -> i.end(facts, end));
    var premises = new TreeMap<String, Integer>();
    invariants.forEach(i -> premises.put(i.id, i.premises));
    var violations = new ArrayList<Violation>();
    invariants.forEach(i -> violations.addAll(i.violations));
    violations.sort(Comparator.comparingLong(Violation::at));
    return new Verdict(List.copyOf(violations), premises);
  }
}
