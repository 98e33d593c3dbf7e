package io.flinkcluster.operator.judge;

import java.util.ArrayList;
import java.util.List;

/** Something that always holds. */
abstract class Invariant {
  final String id;
  final List<Violation> violations = new ArrayList<>();
  int premises;

  Invariant(String id) {
    this.id = id;
  }

  /** Takes an event; the facts do not know it yet. */
  void before(Event event, Facts facts) {}

  /** Takes an event that the facts know. */
  void after(Event event, Facts facts) {}

  /** The history may be over here; if it is not, it goes on as if this had not been asked. */
  void end(Facts facts, long at) {}

  final void premise() {
    premises++;
  }

  final void violated(Event event, String cluster, String what, Object... arguments) {
    violated(event.at(), cluster, what, arguments);
  }

  final void violated(long at, String cluster, String what, Object... arguments) {
    violations.add(new Violation(id, at, cluster, what.formatted(arguments)));
  }

  /** Counts the case, and notes it where it does not hold. */
  final void require(boolean holds, Event event, String cluster, String what, Object... arguments) {
    premise();
    if (!holds) {
      violated(event, cluster, what, arguments);
    }
  }
}
