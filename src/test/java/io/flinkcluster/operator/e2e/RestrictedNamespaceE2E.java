package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.testcluster.Kubectl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A namespace that enforces the restricted Pod Security Standard. */
@EndToEnd
class RestrictedNamespaceE2E {
  private E2eNamespace space;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("restricted");
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void anOrdinaryPodIsRefused() {
    Kubectl.Result result = space.kubectl().run("run", "ordinary", "--image=flink:2.3");
    assertThat(result.code()).isNotZero();
    assertThat(result.output()).contains("violates PodSecurity \"restricted");
  }

  @Test
  @Order(2)
  void aFlinkJobRuns() {
    space.apply(Templates.read("stateless", "restricted", "2.3"));
    ClusterUnderTest job = space.subject("restricted");
    job.awaitReady();
    // Flink answers this request from a cache that is up to 3 s old.
    await("Flink's own word")
        .untilAsserted(() -> assertThat(job.job().path("state").asText()).isEqualTo("RUNNING"));
  }
}
