package io.flinkcluster.operator.bench;

import io.flinkcluster.operator.testcluster.AuditLog;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the operator did in a while.
 *
 * @param seconds how long it was
 * @param cpuSeconds processor time it took
 * @param calls requests to JobManagers
 * @param reads requests to the API server that change nothing
 * @param writes those that do, by verb and resource; without the lease of its leader
 */
record Activity(
    double seconds, double cpuSeconds, long calls, long reads, Map<String, Long> writes) {

  private static final String LEASE = "leases";

  static Activity of(
      double seconds, double cpuSeconds, long calls, List<AuditLog.Request> requests) {
    Map<String, Long> writes =
        requests.stream()
            .filter(r -> r.writes() && !r.resource().equals(LEASE))
            .collect(
                Collectors.groupingBy(
                    r -> r.verb() + " " + r.resource(), TreeMap::new, Collectors.counting()));
    long reads = requests.stream().filter(r -> !r.writes() && !r.resource().equals(LEASE)).count();
    return new Activity(seconds, cpuSeconds, calls, reads, writes);
  }

  long allWrites() {
    return writes.values().stream().mapToLong(Long::longValue).sum();
  }
}
