package io.flinkcluster.operator.bench;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.e2e.ClusterUnderTest;
import io.flinkcluster.operator.e2e.E2eNamespace;
import java.util.List;
import java.util.Objects;

/** Changes of a running cluster: how long its job does not run, and what that is made of. */
final class Changes {
  private final E2eNamespace space;
  private final ClusterUnderTest cluster;
  private final FlinkJob job;
  private final Progress progress;
  private final Report report;

  Changes(E2eNamespace space, Progress progress, Report report) {
    this.space = space;
    this.cluster = space.subject(TopSpeed.NAME);
    this.job = new FlinkJob(space);
    this.progress = progress;
    this.report = report;
  }

  /**
   * Measures rescales by savepoint, an upgrade, and rescales in place.
   *
   * @param podEnds seconds that Kubernetes takes alone to end a JobManager's pod
   */
  void measure(double podEnds) {
    restart("1 -> 2", () -> scale(2), podEnds);
    restart("2 -> 1", () -> scale(1), podEnds);
    restart(
        "upgrade",
        () -> patch("{'spec': {'flinkConfiguration': {'web.refresh-interval': '5 s'}}}"),
        podEnds);
    carriedOut(
        "to the adaptive scheduler", () -> patch("{'spec': {'rescale': {'mode': 'InPlace'}}}"));
    progress.done("");
    inPlace("1 -> 2", () -> scale(2));
    inPlace("2 -> 1", () -> scale(1));
  }

  private void scale(int replicas) {
    space.kubectl().ok("scale", "flc/" + TopSpeed.NAME, "--replicas=" + replicas);
  }

  private void patch(String merge) {
    cluster.patch(merge);
  }

  private void restart(String what, Runnable change, double podEnds) {
    OperationTimes times = OperationTimes.of(carriedOut(what, change));
    String pod = space.pods(TopSpeed.NAME, "jobmanager").get(0).getMetadata().getName();
    long began = new InPod(space.kubectl(), pod, "flink").flinkBegan();
    double flink = (job.awaitRunning() - began) / 1000.0;
    report.add(new Report.Restart(what, times, flink, podEnds));
    progress.done(Report.text("%.1f s down", times.downtime()));
  }

  private void inPlace(String what, Runnable change) {
    OperationTimes times = OperationTimes.of(carriedOut(what + " in place", change));
    report.add(new Report.InPlace(what, times));
    progress.done(Report.text("%.1f s down", times.downtime()));
  }

  /** Returns when the change has been carried out and the job runs. */
  private OperationRecord carriedOut(String what, Runnable change) {
    progress.step(what);
    change.run();
    FlinkClusterStatus status =
        cluster.await(
            what,
            ClusterUnderTest.START,
            s -> s.operation() == null && reached(s.operations(), s.observedGeneration()));
    cluster.awaitReady();
    job.awaitRunning();
    return ClusterUnderTest.lastOperation(status);
  }

  private static boolean reached(List<OperationRecord> ended, Long generation) {
    return ended != null
        && !ended.isEmpty()
        && Objects.equals(ended.get(0).toGeneration(), generation);
  }
}
