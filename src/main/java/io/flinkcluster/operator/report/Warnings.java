package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a person should know of a spec that can be carried out. */
final class Warnings {

  private Warnings() {}

  /** Those of the spec itself, then those that only the running job tells. */
  static List<Problem> of(Admission admission, Decision decision, Observation seen) {
    if (!(admission instanceof Admission.Accepted accepted)) {
      return List.of();
    }
    var warnings = new ArrayList<>(accepted.warnings());
    Optional<Long> epoch = decision.recorded().launch().map(LaunchStatus::epoch);
    epoch
        .flatMap(seen::job)
        .filter(ObservedJob::ownBufferTimeout)
        .ifPresent(job -> warnings.add(replaced(job)));
    return List.copyOf(warnings);
  }

  /** Told from the threads of a TaskManager. */
  private static Problem replaced(ObservedJob job) {
    return new Problem(
        "spec.bufferTimeout",
        job.bufferTimeoutMillis().map(m -> m + "ms").orElse(""),
        "the job's own code has replaced it by -1 or 0: no output is flushed by time",
        "remove setBufferTimeout from the job for this field to count");
  }
}
