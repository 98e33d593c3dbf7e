package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.testcluster.AuditLog.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScaleReportTest {
  private static Request request(String verb, String resource) {
    return new Request("admin", "operator", verb, resource, "n", "a", 200, Instant.EPOCH);
  }

  @Test
  void bothTables() {
    List<Request> requests =
        Stream.of("get pods", "patch flinkclusters/status", "patch flinkclusters/status")
            .map(words -> words.split(" "))
            .map(words -> request(words[0], words[1]))
            .toList();
    var report = new ScaleReport(2);
    report.add("rest", Activity.of(60, 3, 120, requests), "0");
    report.latencies("2 changed", List.of(Duration.ofMillis(80), Duration.ofMillis(1_900)));
    report.memory("resident", 200_000);
    report.count("open sockets", 15);
    assertThat(report)
        .hasToString(
            """
            2 clusters                                s    CPU s      cores   JM calls  API reads API writes  least writes
            rest                                   60.0      3.0       0.05        120          1          2  0
              each cluster                                 1.500                  60.0        0.5        1.0
                patch flinkclusters/status                      2

            From a change to the first write of the operator, s          p50       p99      most
            2 changed                                                   0.99      1.90      1.90

            At rest                                                         each cluster
            resident, MB                                              200    100000.0 kB
            open sockets                                               15            7.5
            """);
  }

  @Test
  void theLeaseOfTheLeaderIsLeftOut() {
    Activity activity =
        Activity.of(1, 1, 0, List.of(request("update", "leases"), request("get", "leases")));
    assertThat(activity.writes()).isEmpty();
    assertThat(activity.reads()).isZero();
  }
}
