package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.Optional;

/**
 * What is said of a job that has come to its own end. It names the generation that was run, so that
 * the result of an earlier one is never taken for that of the spec.
 */
final class FinishedText {

  private FinishedText() {}

  static String of(Admission admission, Decision decision) {
    LaunchStatus launch = decision.recorded().launch().orElseThrow();
    Optional<CheckedCluster> wanted =
        admission instanceof Admission.Accepted a ? Optional.of(a.cluster()) : Optional.empty();
    String ended =
        "the job of generation "
            + launch.generation()
            + " has come to its end at "
            + launch.finishedAt();
    if (wanted.filter(w -> w.spec().suspend()).isPresent()) {
      return ended + "; with suspend: true nothing is run";
    }
    boolean resized = wanted.filter(w -> !w.fingerprint().equals(launch.fingerprint())).isPresent();
    boolean kept = !decision.runs().isEmpty() || !decision.keep().isEmpty();
    return ended
        + (resized ? "; another size counts when it runs again" : "")
        + (kept
            ? "; its pods and their logs are kept for job.afterFinish.keep since then"
            : "; its pods are removed, and their logs are where this Kubernetes cluster collects"
                + " logs");
  }
}
