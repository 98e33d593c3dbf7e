package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.api.RestorePoint;
import java.util.Objects;

/** What a status tells of a job that goes on as it did: checkpoints, and nothing else. */
public final class Progress {
  private Progress() {}

  /**
   * Whether the second status tells no more than the first but of newer checkpoints, or other
   * numbers of them, of the same job.
   *
   * @param before may be null: there is none
   */
  public static boolean only(FlinkClusterStatus before, FlinkClusterStatus after) {
    return before != null
        && sameJob(before.restorePoint(), after.restorePoint())
        && before.job() != null
        && after.job() != null
        && before.equals(withProgressOf(before, after));
  }

  private static boolean sameJob(RestorePoint before, RestorePoint after) {
    return before != null
        && after != null
        && before.type() == RestorePoint.Type.Checkpoint
        && after.type() == RestorePoint.Type.Checkpoint
        && Objects.equals(before.jobId(), after.jobId());
  }

  private static FlinkClusterStatus withProgressOf(
      FlinkClusterStatus before, FlinkClusterStatus after) {
    JobStatus job = after.job();
    return new FlinkClusterStatus(
        after.observedGeneration(),
        after.conditions(),
        after.phase(),
        new JobStatus(
            job.id(),
            job.state(),
            job.parallelism(),
            job.startedAt(),
            job.restarts(),
            job.bufferTimeout(),
            before.job().checkpoints(),
            job.backPressure(),
            job.sourceLag()),
        after.jobManager(),
        after.taskManagers(),
        after.operation(),
        after.operations(),
        before.restorePoint(),
        after.savepoints(),
        after.launch(),
        after.configuration(),
        after.lastStable(),
        after.actions(),
        after.autoscaling());
  }
}
