package io.flinkcluster.operator.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the JobManager of one start said when it was last asked.
 *
 * @param epoch the start whose JobManager was asked
 * @param at when it was asked
 * @param reachable whether its REST API answered
 * @param problem why it did not, one line; empty when reachable
 * @param job the job of this start; empty for a session cluster or until it is submitted
 * @param strangeJobs ids of other jobs in an application cluster that have not ended
 * @param taskManagers the registered TaskManagers, by id
 * @param savepoint progress of the savepoint that is being followed
 * @param scaling what was seen of the adaptive scheduler
 * @param application the application of this start, where it has ended without a job; empty: it has
 *     not, or Flink does not tell (1.20 to 2.2)
 * @param loads what its tasks did, oldest first; empty: not followed
 */
public record FlinkObservation(
    long epoch,
    Instant at,
    boolean reachable,
    String problem,
    Optional<ObservedJob> job,
    List<String> strangeJobs,
    List<ObservedTaskManager> taskManagers,
    Optional<SavepointProgress> savepoint,
    ObservedScaling scaling,
    Optional<ObservedApplication> application,
    List<LoadSample> loads) {

  /** Nothing is known of its load. */
  public FlinkObservation(
      long epoch,
      Instant at,
      boolean reachable,
      String problem,
      Optional<ObservedJob> job,
      List<String> strangeJobs,
      List<ObservedTaskManager> taskManagers,
      Optional<SavepointProgress> savepoint,
      ObservedScaling scaling,
      Optional<ObservedApplication> application) {
    this(
        epoch,
        at,
        reachable,
        problem,
        job,
        strangeJobs,
        taskManagers,
        savepoint,
        scaling,
        application,
        List.of());
  }

  /** Nothing was seen of the adaptive scheduler. */
  public FlinkObservation(
      long epoch,
      Instant at,
      boolean reachable,
      String problem,
      Optional<ObservedJob> job,
      List<String> strangeJobs,
      List<ObservedTaskManager> taskManagers,
      Optional<SavepointProgress> savepoint) {
    this(
        epoch,
        at,
        reachable,
        problem,
        job,
        strangeJobs,
        taskManagers,
        savepoint,
        ObservedScaling.NONE);
  }

  /** The application has not ended. */
  public FlinkObservation(
      long epoch,
      Instant at,
      boolean reachable,
      String problem,
      Optional<ObservedJob> job,
      List<String> strangeJobs,
      List<ObservedTaskManager> taskManagers,
      Optional<SavepointProgress> savepoint,
      ObservedScaling scaling) {
    this(
        epoch,
        at,
        reachable,
        problem,
        job,
        strangeJobs,
        taskManagers,
        savepoint,
        scaling,
        Optional.empty());
  }

  /** The JobManager did not answer. */
  public static FlinkObservation unreachable(long epoch, Instant at, String problem) {
    return new FlinkObservation(
        epoch, at, false, problem, Optional.empty(), List.of(), List.of(), Optional.empty());
  }
}
