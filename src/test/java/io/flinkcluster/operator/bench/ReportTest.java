package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportTest {
  @Test
  void allTables() {
    var report = new Report();
    report.add(new Report.Figure("created, s", Report.seconds(9950), "9.1", "1.09", "<= 1.1 x"));
    report.add(new Report.Figure("  a JVM, s", "", "0.2", "", ""));
    report.requests(
        new ApiRequests(
            new TreeMap<>(Map.of("PUT flinkclusters/status", 6L, "APPLY services", 3L))));
    report.add(
        new Report.Restart("1 -> 2", new OperationTimes("Succeeded", 1.25, 0.75, 10, 12), 7.25, 1));
    report.add(new Report.InPlace("2 -> 1", new OperationTimes("Succeeded", 0, 0, 0.5, 2.5)));
    assertThat(report)
        .hasToString(
            """
                                                               operator    reference    ratio       goal
            created, s                                             10.0          9.1     1.09   <= 1.1 x
              a JVM, s                                                -          0.2        -

            Requests from the operator's start to a ready cluster (one LIST and one WATCH of flinkclusters
            and one GET of deployments are the benchmark's)
              APPLY      services                                     3
              PUT        flinkclusters/status                         6

            By savepoint, s. Preparing, and the savepoint until the job has ended, come before the downtime.
            Of it, Flink's: from the release of the new JobManager, whose pod is there by then, to all tasks
            running. Kubernetes' own, in the same run without an operator: a JobManager's pod ends. Ours is the
            rest: to see, to decide, to write down, and for the release to come to the pod.
                     result     preparing savepoint |  downtime    goal |     Flink pod ends    ours     goal
            1 -> 2   Succeeded        1.3       0.8 |      10.0    <= 5 |       7.3      1.0     1.8     <= 1

            In place, s: without running tasks, and from the beginning to the end
                     result      downtime    goal |     whole
            2 -> 1   Succeeded        0.5    <= 3 |       2.5
            """);
  }

  @Test
  void whatWasNotMeasuredYetIsLeftOut() {
    assertThat(new Report().toString()).hasLineCount(1);
  }
}
