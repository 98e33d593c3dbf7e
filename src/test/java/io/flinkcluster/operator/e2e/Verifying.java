package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.flinkcluster.operator.e2e.exactlyonce.JobJar;
import io.flinkcluster.operator.e2e.exactlyonce.Output;
import java.util.Base64;

/** A cluster that runs the verifying job, and what that job has committed by now. */
final class Verifying {
  static final String NAME = "verifying";

  /**
   * Numbers that each split still has to send when its end is set; it sends 25 a second. On a slow
   * machine it is beyond that end before the change that sets it is prepared, and ends at once.
   */
  static final int LEFT = 200;

  private final E2eNamespace space;
  private final ClusterUnderTest job;
  private int committed;

  private Verifying(E2eNamespace space, String name) {
    this.space = space;
    this.job = space.subject(name);
  }

  /** Applies it, and waits until it is ready. */
  static Verifying start(E2eNamespace space, String version) {
    return start(space, NAME, Templates.read("verifying", NAME, version));
  }

  /** The same with a cluster of this name and a pod {@code reader} of one's own manifests. */
  static Verifying start(E2eNamespace space, String name, String manifests) {
    var started = new Verifying(space, name);
    space
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("verifying-job")
                .withNamespace(space.name())
                .endMetadata()
                .addToBinaryData(
                    "verifying-job.jar", Base64.getEncoder().encodeToString(JobJar.bytes()))
                .build())
        .create();
    space.apply(manifests);
    started.job.awaitReady();
    space.kubectl().ok("wait", "pod/reader", "--for=condition=Ready", "--timeout=120s");
    return started;
  }

  ClusterUnderTest job() {
    return job;
  }

  /** More is committed than at the last time, and nothing twice. */
  void goesOnWithNothingTwice() {
    int now = output().numbers();
    assertThat(now).as("committed numbers").isGreaterThan(committed);
    committed = now;
  }

  /** Nothing is twice, and nothing is missing below what was committed last. */
  void hasNoGaps() {
    committed = output().withoutGaps();
  }

  /** Reading it checks that nothing is there twice, and that the counters fit. */
  Output output() {
    return new Output(
        space.kubectl().ok("exec", "reader", "--", "bash", "-c", "cat /data/out/*.done"));
  }
}
