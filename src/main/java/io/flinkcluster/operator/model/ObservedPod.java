package io.flinkcluster.operator.model;

import io.flinkcluster.operator.api.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pod of the cluster.
 *
 * @param epoch the start it belongs to
 * @param schedulingGated whether it waits for its scheduling gate to be removed
 * @param running whether its Flink container runs, and may run Flink
 * @param ready whether it is ready
 * @param deleting whether its deletion has begun
 * @param flinkRestarts how often its Flink container was started again
 * @param problem why it does not come up, or why it has ended, in the pod's own words
 * @param started whether its Flink container runs or has run, and may have run Flink
 * @param ended whether it is in phase Failed or Succeeded: an evicted pod is, and still listed
 * @param goesFirst whether it is marked to be removed before others of its Deployment
 * @param disruption who or what took the pod away, where that was not its own process, as the end
 *     of a sentence; empty: nobody did
 * @param runningSince since when its Flink container runs; empty: it does not
 * @param ending its deletion; empty: it is not being deleted
 * @param identity what its Flink container is on AWS
 * @param storage what its init container found out about Flink's directories, the worst first;
 *     empty: nothing, or not yet
 * @param preparation how far it is where it was made before its time, and waits for its release
 * @param protection what keeps its node from being taken away
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
    boolean goesFirst,
    Optional<String> disruption,
    Optional<Instant> runningSince,
    Optional<Ending> ending,
    CloudIdentity identity,
    List<StorageFinding> storage,
    Preparation preparation,
    NodeProtection protection) {

  /** How far a JobManager pod is that is prepared before Flink may start in it. */
  public enum Preparation {
    /** It is none of those. */
    NONE,
    /** Its Flink container does not run. */
    COMING_UP,
    /** Its Flink container runs, and loads Flink's classes. */
    LOADING,
    /** It is done, and waits for its release. */
    READY,
    /** Flink may start in it. */
    RELEASED
  }

  /** Whether Flink cannot have started in it, since it was not released. */
  public boolean held() {
    return preparation != Preparation.NONE && preparation != Preparation.RELEASED;
  }

  /**
   * The deletion of a pod.
   *
   * @param since when it was asked for
   * @param others its containers besides Flink's, by name
   */
  public record Ending(Instant since, List<String> others) {}

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
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        CloudIdentity.NODE,
        List.of(),
        Preparation.NONE,
        NodeProtection.NONE);
  }

  /**
   * What keeps a pod from coming up.
   *
   * @param timedOut whether the kubelet, which tries again, was only not done in time: that tells
   *     of a busy node and nothing against the pod
   */
  public record PodProblem(Reason reason, String message, boolean timedOut) {

    /** One that is no time-out. */
    public PodProblem(Reason reason, String message) {
      this(reason, message, false);
    }
  }

  /** The same pod with this explanation of its problem. */
  public ObservedPod withProblem(Optional<PodProblem> problem) {
    return with(problem, preparation);
  }

  /** The same pod, this far in its preparation. */
  public ObservedPod withPreparation(Preparation preparation) {
    return with(problem, preparation);
  }

  private ObservedPod with(Optional<PodProblem> problem, Preparation preparation) {
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
        goesFirst,
        disruption,
        runningSince,
        ending,
        identity,
        storage,
        preparation,
        protection);
  }
}
