package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.model.Noise;
import java.util.Optional;

/**
 * What is told of a job whose status tells of it already: no write for measurements that differ by
 * noise, nor for those that are not made yet, as after a start of the operator. What drifts is told
 * when it has drifted far enough from what was told last.
 */
final class SteadyJob {
  private SteadyJob() {}

  /**
   * The job as it is to be told.
   *
   * @param told what the status says of a job; may be null
   */
  static JobStatus after(JobStatus told, JobStatus now) {
    if (told == null || !now.id().equals(told.id())) {
      return now;
    }
    return new JobStatus(
        now.id(),
        now.state(),
        now.parallelism() == null ? told.parallelism() : now.parallelism(),
        now.startedAt(),
        now.restarts(),
        now.bufferTimeout() == null ? told.bufferTimeout() : now.bufferTimeout(),
        now.checkpoints(),
        same(told.backPressure(), now.backPressure()) ? told.backPressure() : now.backPressure(),
        same(told.sourceLag(), now.sourceLag()) ? told.sourceLag() : now.sourceLag());
  }

  private static boolean same(JobStatus.BackPressure told, JobStatus.BackPressure now) {
    if (told == null || now == null) {
      return now == null;
    }
    Optional<Double> before = share(told.ratio());
    Optional<Double> after = share(now.ratio());
    return before.isPresent() && after.isPresent() && Noise.samePressure(before.get(), after.get());
  }

  /** Empty where somebody else has written something else there. */
  private static Optional<Double> share(String ratio) {
    try {
      return Optional.ofNullable(ratio).map(Double::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean same(Long told, Long now) {
    return now == null || told != null && Noise.sameLag(told, now);
  }
}
