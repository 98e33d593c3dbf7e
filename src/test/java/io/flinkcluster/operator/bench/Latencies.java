package io.flinkcluster.operator.bench;

import io.flinkcluster.operator.testcluster.AuditLog.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long the operator takes to do something about a change, as the API server's log tells. */
final class Latencies {
  private Latencies() {}

  /**
   * From the arrival of each change of a FlinkCluster to that of the first write about it, by the
   * name of the cluster; the first change of each counts. What nothing was written about is not
   * there.
   *
   * @param requests of all, in any order
   * @param operator user agent of the operator
   */
  static Map<String, Duration> ofChanges(List<Request> requests, String operator) {
    Map<String, Instant> changed = new HashMap<>();
    requests.stream()
        .filter(r -> !r.userAgent().equals(operator) && r.writes())
        .filter(r -> r.resource().equals("flinkclusters") && r.code() < 300 && !r.name().isEmpty())
        .forEach(r -> changed.merge(r.name(), r.at(), (a, b) -> a.isBefore(b) ? a : b));
    Map<String, Duration> latencies = new TreeMap<>();
    requests.stream()
        .filter(r -> r.userAgent().equals(operator) && r.writes())
        .forEach(
            r -> {
              String cluster = r.name().replaceFirst("-.*", "");
              Instant since = changed.get(cluster);
              if (since != null && !r.at().isBefore(since)) {
                latencies.merge(
                    cluster, Duration.between(since, r.at()), (a, b) -> a.compareTo(b) < 0 ? a : b);
              }
            });
    return latencies;
  }
}
