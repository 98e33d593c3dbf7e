package io.flinkcluster.operator.flinkrest;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of Flink's list of jobs. Flink computes it for every request; it is not cached, as the
 * other answers about a job are.
 *
 * @param id 32 hex digits
 * @param state Flink's job state, for instance {@code RUNNING}
 * @param startedAt when it was submitted to this JobManager
 * @param endedAt when it reached a state that no JobManager leaves again
 * @param changedAt when the last of its tasks entered the state it is in now; empty: no task yet
 *     ({@code last-modification}: the latest time stamp over all tasks, read in the classes of
 *     Flink 1.20.3 and 2.3.0)
 * @param tasksTotal tasks of all vertices; 0 until the graph is known
 * @param tasksRunning tasks in state RUNNING
 * @param tasksFinished tasks in state FINISHED
 */
public record JobSummary(
    String id,
    String state,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<Instant> changedAt,
    int tasksTotal,
    int tasksRunning,
    int tasksFinished) {

  /** Whether it has ended for good. {@code SUSPENDED} is not an end: another JobManager goes on. */
  public boolean ended() {
    return state.equals("FINISHED") || state.equals("CANCELED") || state.equals("FAILED");
  }
}
