package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every rule is fired by at least one test of this package, and leads wherever it says. */
class RulesAreFiredTest {

  @Test
  void byAtLeastOneTestEach() {
    OtherTests.run();
    var never = new TreeSet<String>();
    var neverReached = new TreeSet<String>();
    for (var list : Decider.all().values()) {
      for (Rule rule : list) {
        var seen = FiredRules.seen(rule.name());
        if (seen == null) {
          never.add(rule.name());
        } else {
          rule.leadsTo().stream()
              .filter(to -> !seen.contains(to))
              .forEach(to -> neverReached.add(rule.name() + " -> " + to));
        }
      }
    }
    neverReached.addAll(never);
    assertThat(neverReached)
        .as("rules that no test fires, and transitions that no test walks")
        .isEmpty();
  }
}
