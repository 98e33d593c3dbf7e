package io.flinkcluster.operator.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A job's checkpoints as Flink reports them.
 *
 * @param completed how many completed since this start
 * @param failed how many failed since this start
 * @param last the last completed checkpoint; never a savepoint, never one in memory
 * @param lastSavepoint path of the last completed savepoint of this start
 * @param restored path this start was restored from
 * @param stopSavepoint path of that savepoint, where it was taken to stop the job
 * @param lastSavepointAt when that savepoint was complete, by the JobManager's clock; empty: there
 *     is none, or Flink does not tell
 */
public record ObservedCheckpoints(
    long completed,
    long failed,
    Optional<Completed> last,
    Optional<String> lastSavepoint,
    Optional<String> restored,
    Optional<String> stopSavepoint,
    Optional<Instant> lastSavepointAt) {

  /** The last savepoint was not taken to stop the job, and Flink does not tell when. */
  public ObservedCheckpoints(
      long completed,
      long failed,
      Optional<Completed> last,
      Optional<String> lastSavepoint,
      Optional<String> restored) {
    this(completed, failed, last, lastSavepoint, restored, Optional.empty(), Optional.empty());
  }

  /** Nothing is known, or checkpoints are off. */
  public static final ObservedCheckpoints NONE =
      new ObservedCheckpoints(0, 0, Optional.empty(), Optional.empty(), Optional.empty());

  /** A completed checkpoint. */
  public record Completed(
      long id, String path, Instant triggeredAt, Duration duration, long sizeBytes) {}
}
