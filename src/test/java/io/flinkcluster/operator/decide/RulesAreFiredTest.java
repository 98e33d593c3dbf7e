package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Every rule is fired by at least one test of this package, and leads wherever it says. */
class RulesAreFiredTest {

  private static void runTheOtherTests() {
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage(RulesAreFiredTest.class.getPackageName()))
            .filters(
                EngineFilter.includeEngines("junit-jupiter"),
                includeClassNamePatterns(".*Test"),
                excludeClassNamePatterns(".*(RulesAreFired|RefusedChange)Test"))
            .build();
    LauncherFactory.create().execute(request);
  }

  @Test
  void byAtLeastOneTestEach() {
    runTheOtherTests();
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
