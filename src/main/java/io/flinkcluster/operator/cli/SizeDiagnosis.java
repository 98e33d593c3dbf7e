package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import java.util.List;
import java.util.Optional;

/** Who else sets the size of a job that follows its load: whoever edits that of the spec wins. */
final class SizeDiagnosis {

  private SizeDiagnosis() {}

  static List<Finding> of(ClusterFacts facts, String about) {
    var autoscaling = facts.cluster().getSpec().autoscaling();
    if (autoscaling == null || autoscaling.mode() != AutoscalingMode.Apply) {
      return List.of();
    }
    if (!facts.sizers().isEmpty()) {
      return List.of(
          new Finding(
              Finding.Level.WARNING,
              "spec",
              about,
              "autoscaling.mode is Apply, and the HorizontalPodAutoscaler "
                  + String.join(", ", facts.sizers())
                  + " sets taskManager.replicas too: what it writes wins",
              "have only one of them: delete it, or set autoscaling.mode: Recommend"));
    }
    return Optional.ofNullable(facts.cluster().getStatus())
        .map(FlinkClusterStatus::autoscaling)
        .map(AutoscalingStatus::heldSince)
        .map(
            since ->
                new Finding(
                    Finding.Level.INFO,
                    "spec",
                    about,
                    "the size of the spec was edited, and has won against autoscaling since "
                        + since,
                    "to let the size be chosen again, set autoscaling.mode to Recommend and back to"
                        + " Apply"))
        .stream()
        .toList();
  }
}
