package io.flinkcluster.operator.model;

import io.flinkcluster.operator.api.Reason;
import java.util.Optional;

/**
 * A pod of the cluster.
 *
 * @param epoch the start it belongs to
 * @param schedulingGated whether it waits for its scheduling gate to be removed
 * @param running whether its Flink container runs
 * @param ready whether it is ready
 * @param deleting whether its deletion has begun
 * @param flinkRestarts how often its Flink container was started again
 * @param problem why it does not come up, in the pod's own words
 * @param started whether its Flink container runs or has run
 * @param ended whether it is in phase Failed or Succeeded: an evicted pod is, and still listed
 * @param goesFirst whether it is marked to be removed before others of its Deployment
 */
public record ObservedPod(
    String name,
    String uid,
    Component component,
    long epoch,
    boolean schedulingGated,
    boolean running,
    boolean ready,
    boolean deleting,
    int flinkRestarts,
    Optional<String> podIP,
    Optional<String> hostIP,
    Optional<String> node,
    Optional<PodProblem> problem,
    boolean started,
    boolean ended,
    boolean goesFirst) {

  /** A pod that has not ended, without a mark. */
  public ObservedPod(
      String name,
      String uid,
      Component component,
      long epoch,
      boolean schedulingGated,
      boolean running,
      boolean ready,
      boolean deleting,
      int flinkRestarts,
      Optional<String> podIP,
      Optional<String> hostIP,
      Optional<String> node,
      Optional<PodProblem> problem) {
    this(
        name,
        uid,
        component,
        epoch,
        schedulingGated,
        running,
        ready,
        deleting,
        flinkRestarts,
        podIP,
        hostIP,
        node,
        problem,
        running || flinkRestarts > 0,
        false,
        false);
  }

  /** What keeps a pod from coming up. */
  public record PodProblem(Reason reason, String message) {}

  /** The same pod with this explanation of its problem. */
  public ObservedPod withProblem(Optional<PodProblem> problem) {
    return new ObservedPod(
        name,
        uid,
        component,
        epoch,
        schedulingGated,
        running,
        ready,
        deleting,
        flinkRestarts,
        podIP,
        hostIP,
        node,
        problem,
        started,
        ended,
        goesFirst);
  }
}
