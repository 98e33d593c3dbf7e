package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which rules the tests of this process have seen decide, and which states they led to. */
final class FiredRules {
  private static final Map<String, Set<DecisionState>> FIRED = new ConcurrentHashMap<>();

  private FiredRules() {}

  /** Notes a decision, and fails where it led to a state that its rule does not declare. */
  static void note(Situation situation, Decision decision) {
    DecisionState from = Decider.state(situation);
    Rule rule =
        Decider.all().get(from).stream()
            .filter(r -> r.name().equals(decision.rule()))
            .findFirst()
            .orElseThrow();
    if (from == DecisionState.Unreadable) {
      FIRED.computeIfAbsent(rule.name(), name -> ConcurrentHashMap.newKeySet());
      return;
    }
    DecisionState to = DecisionState.of(decision.recorded(), situation.wishes().deleting());
    boolean stays = to == from;
    boolean declared = rule.leadsTo().contains(to);
    assertThat(stays || declared)
        .as("%s leads from %s to %s, which it does not declare", rule.name(), from, to)
        .isTrue();
    var reached = FIRED.computeIfAbsent(rule.name(), name -> ConcurrentHashMap.newKeySet());
    if (declared) {
      reached.add(to);
    }
  }

  /** The states that this rule was seen to lead to; null: it was not seen to decide. */
  static Set<DecisionState> seen(String rule) {
    return FIRED.get(rule);
  }
}
