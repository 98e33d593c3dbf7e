package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No port of Flink is a random one. */
@EndToEnd(story = false)
class PortsE2E {
  private E2eNamespace space;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("ports");
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.3", "1.20"})
  void onlyTheFixedPortsAreListenedOn(String version) {
    String name = "ports-" + version.replace('.', '-');
    space.apply(Templates.read("stateless", name, version));
    ClusterUnderTest job = space.subject(name);
    job.awaitReady();
    assertThat(listening(name, "jobmanager")).containsExactly(6123, 6124, 6125, 8081, 9249);
    assertThat(listening(name, "taskmanager")).containsExactly(6121, 6122, 6125, 9249);
    space.kubectl().ok("delete", "flc", name, "--timeout=120s");
  }

  private SortedSet<Integer> listening(String cluster, String component) {
    String pod = space.pods(cluster, component).get(0).getMetadata().getName();
    return Sockets.listening(
        space.kubectl().ok("exec", pod, "--", "cat", "/proc/net/tcp", "/proc/net/tcp6"));
  }
}
