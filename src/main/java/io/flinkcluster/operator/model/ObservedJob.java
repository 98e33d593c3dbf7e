package io.flinkcluster.operator.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A job as Flink reports it.
 *
 * @param id 32 hex digits
 * @param state Flink's job state, for instance {@code RUNNING}
 * @param parallelism the largest of its vertices; 0 until the graph is known
 * @param maxParallelism the largest of its vertices; 0 until the graph is known
 * @param startedAt when it was submitted to this JobManager
 * @param endedAt when it reached a terminal state
 * @param restarts how often Flink restarted it
 * @param tasksTotal tasks of all vertices; 0 until the graph is known
 * @param tasksRunning tasks in state RUNNING or FINISHED
 * @param tasksRunningSince when the last of its tasks entered RUNNING; empty while some are not
 * @param bufferTimeoutMillis what its JobManager was started with: -1, 0 or milliseconds; empty:
 *     not told
 * @param flushed whether its TaskManagers flush output by time; false with a timeout above 0: the
 *     job's own code has set another; empty: not told, or nothing is sent
 * @param checkpoints its checkpoints
 * @param backPressure share of time of the most back-pressured vertex, 0.0 to 1.0
 * @param backPressuredVertex the name of that vertex
 * @param sourceLag records pending at the sources
 * @param failure the last failure, one line, at most 500 characters
 */
public record ObservedJob(
    String id,
    String state,
    int parallelism,
    int maxParallelism,
    Instant startedAt,
    Optional<Instant> endedAt,
    long restarts,
    int tasksTotal,
    int tasksRunning,
    Optional<Instant> tasksRunningSince,
    Optional<Long> bufferTimeoutMillis,
    Optional<Boolean> flushed,
    ObservedCheckpoints checkpoints,
    Optional<Double> backPressure,
    Optional<String> backPressuredVertex,
    Optional<Long> sourceLag,
    Optional<String> failure) {

  /** Whether every task runs. A job in state RUNNING may still be deploying its tasks. */
  public boolean allTasksRunning() {
    return state.equals("RUNNING") && tasksTotal > 0 && tasksRunning == tasksTotal;
  }

  /** Whether the job's own code has replaced the buffer timeout it was started with by -1 or 0. */
  public boolean ownBufferTimeout() {
    return flushed.equals(Optional.of(false)) && bufferTimeoutMillis.filter(m -> m > 0).isPresent();
  }

  /** Whether it has ended for good: no JobManager will run it again. */
  public boolean ended() {
    return state.equals("FINISHED") || state.equals("CANCELED") || state.equals("FAILED");
  }
}
