package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.testcluster.AuditLog.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  private static Request request(String agent, String resource, String name, long millis) {
    return new Request(
        "admin", agent, "patch", resource, "n", name, 200, Instant.ofEpochMilli(millis));
  }

  @Test
  void fromTheFirstChangeToTheFirstWriteAboutThatCluster() {
    assertThat(
            Latencies.ofChanges(
                List.of(
                    request("operator", "flinkclusters/status", "a", 100), // of what was before
                    request("operator", "flinkclusters/status", "b", 1_100), // of another
                    request("operator", "services", "a-rest", 1_500),
                    request("operator", "flinkclusters/status", "a", 1_300),
                    request("kubectl", "flinkclusters", "a", 1_200),
                    request("kubectl", "flinkclusters", "a", 1_000),
                    request("kubectl", "flinkclusters", "silent", 1_000)),
                "operator"))
        .isEqualTo(Map.of("a", Duration.ofMillis(300)));
  }
}
