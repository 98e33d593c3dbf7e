package io.flinkcluster.operator.bench;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.flinkcluster.operator.e2e.E2eCluster;
import io.flinkcluster.operator.e2e.E2eNamespace;
import java.util.ArrayList;
import java.util.List;

/**
 * From {@code kubectl apply} to all tasks running: by the operator, and by plain manifests of the
 * very same pods. All times in milliseconds.
 */
final class Creation {
  private final E2eCluster kubernetes;
  private final TopSpeed measured;
  private final Progress progress;
  private final List<Long> byOperator = new ArrayList<>();
  private final List<Long> byHand = new ArrayList<>();
  private final List<Long> podEnds = new ArrayList<>();

  Creation(E2eCluster kubernetes, TopSpeed measured, Progress progress) {
    this.measured = measured;
    this.kubernetes = kubernetes;
    this.progress = progress;
  }

  /** Measures both, one after the other, so often. */
  void measure(int times) {
    for (int i = 1; i <= times; i++) {
      progress.step("created by the operator (%d of %d)".formatted(i, times));
      String plain;
      try (E2eNamespace space = kubernetes.space("operator")) {
        byOperator.add(created(space, measured.cluster()));
        plain = TopSpeed.plain(space);
      }
      progress.done(Report.seconds(byOperator.get(i - 1)) + " s");
      progress.step("created by hand (%d of %d)".formatted(i, times));
      try (E2eNamespace space = kubernetes.space("plain")) {
        byHand.add(created(space, plain));
        podEnds(space);
      }
      progress.done(Report.seconds(byHand.get(i - 1)) + " s");
    }
  }

  private long created(E2eNamespace space, String manifests) {
    space.apply(measured.surroundings());
    long begun = System.currentTimeMillis();
    space.apply(manifests);
    return new FlinkJob(space).awaitRunning() - begun;
  }

  /**
   * What Kubernetes takes by itself within every restart: from the deletion of a JobManager's
   * Deployment to its pod being gone.
   */
  private void podEnds(E2eNamespace space) {
    var deployments = space.client().apps().deployments().inNamespace(space.name());
    var pods = space.client().pods().inNamespace(space.name());
    String name = TopSpeed.NAME + "-jobmanager-1";
    String old =
        pods.withLabel("app.kubernetes.io/component", "jobmanager")
            .list()
            .getItems()
            .get(0)
            .getMetadata()
            .getName();
    long begun = System.currentTimeMillis();
    deployments.withName(name).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
    FlinkJob.await("the end of " + old).until(() -> pods.withName(old).get() == null);
    podEnds.add(System.currentTimeMillis() - begun);
  }

  /** How long the end of a JobManager's pod takes Kubernetes alone, in seconds. */
  double podEnds() {
    return Statistics.median(podEnds) / 1000;
  }

  Report.Figure figure() {
    double operator = Statistics.median(byOperator);
    double hand = Statistics.median(byHand);
    return new Report.Figure(
        "apply -> all tasks running, s (median of " + byOperator.size() + ")",
        Report.seconds(operator),
        Report.seconds(hand),
        Report.text("%.2f", operator / hand),
        "<= 1.1 x");
  }
}
