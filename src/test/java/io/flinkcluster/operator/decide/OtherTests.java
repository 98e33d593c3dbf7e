package io.flinkcluster.operator.decide;

import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The tests of this package, for those that look at what all of them have seen. */
final class OtherTests {
  private static boolean done;

  private OtherTests() {}

  /** Runs them, once in this process; what becomes of them is told elsewhere. */
  static synchronized void run() {
    if (done) {
      return;
    }
    done = true;
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage(OtherTests.class.getPackageName()))
            .filters(
                EngineFilter.includeEngines("junit-jupiter"),
                includeClassNamePatterns(".*Test"),
                excludeClassNamePatterns(".*(RulesAreFired|RefusedChange|Health)Test"))
            .build();
    LauncherFactory.create().execute(request);
  }
}
