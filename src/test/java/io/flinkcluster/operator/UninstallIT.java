package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What runs before the release is uninstalled together with the definition. Takes three seconds.
 */
@RealApiServer
class UninstallIT {
  private final TestNamespace namespace;

  UninstallIT(ApiServer server) {
    namespace = TestNamespace.create(server, "uninstall");
  }

  @AfterEach
  void leave() {
    namespace.close();
  }

  private void create(String name, String more) {
    namespace
        .kubectl()
        .apply(
            """
            apiVersion: flinkcluster.io/v1
            kind: FlinkCluster
            metadata: {name: %s%s}
            spec:
              flinkVersion: "2.3"
              image: flink:2.3
              job: {jarURI: "local:///job.jar", upgradeMode: Stateless}
            """
                .formatted(name, more));
  }

  @Test
  void everyClusterIsDeletedAndTheOneThatDoesNotGoIsNamed() {
    create("a", "");
    create("b", ", finalizers: [example.com/stays]");
    assertThat(
            UninstallMain.run(namespace.client(), Set.of(namespace.name()), Duration.ofSeconds(1)))
        .singleElement()
        .asString()
        .contains(namespace.name() + "/b", "nobody has looked at it");
    assertThat(namespace.kubectl().ok("get", "flc", "-o", "name"))
        .contains("/b")
        .doesNotContain("/a");
    namespace
        .kubectl()
        .ok("patch", "flc", "b", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
    assertThat(
            UninstallMain.run(namespace.client(), Set.of(namespace.name()), Duration.ofSeconds(30)))
        .isEmpty();
  }
}
