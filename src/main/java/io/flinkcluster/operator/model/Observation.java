package io.flinkcluster.operator.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The world as it was seen at one moment.
 *
 * @param at the moment; the only clock that pure code knows
 * @param pods pods of the cluster, all starts, by name
 * @param problems what keeps pods from being created
 * @param flink what the JobManager of the current start said last
 * @param jobManagersGone whether live reads found no JobManager pod of an earlier start than the
 *     one being made, and no ReplicaSet and Deployment that could make one; false where nobody
 *     asked
 * @param left objects of the cluster that still exist
 * @param finalSavepoint what a deleted cluster of the same name left behind, or this one wrote;
 *     read live before the first start
 * @param disposals deletions of savepoints that Flink was asked for
 * @param cleanup the pod that removes what the cluster leaves in storage when it is deleted
 * @param absent what the wanted spec refers to and is not there, as one message; empty: all is
 *     there, or nobody asked
 * @param podsConfirmed whether the pods were read live, as they are where the cache shows none that
 *     could still run the present start; the cache alone may be behind
 * @param storageChecks pods that try directories for a next start
 * @param leavingNodes nodes of its pods that are about to go, with what says so; empty: nobody
 *     watches nodes
 * @param formerJobManager that an earlier FlinkCluster of this name has a JobManager still, with
 *     what to do; empty: none is known
 */
public record Observation(
    Instant at,
    List<ObservedPod> pods,
    List<PodCreationFailure> problems,
    Optional<FlinkObservation> flink,
    boolean jobManagersGone,
    List<RemainingObject> left,
    Optional<FinalSavepoint> finalSavepoint,
    List<ObservedDisposal> disposals,
    Optional<ObservedCleanupPod> cleanup,
    Optional<String> absent,
    boolean podsConfirmed,
    Optional<String> formerJobManager,
    List<ObservedStorageCheck> storageChecks,
    Optional<Map<String, String>> leavingNodes) {

  /** An observation without the deletion of savepoints, the clean-up and what is absent. */
  public Observation(
      Instant at,
      List<ObservedPod> pods,
      List<PodCreationFailure> problems,
      Optional<FlinkObservation> flink,
      boolean jobManagersGone,
      List<RemainingObject> left,
      Optional<FinalSavepoint> finalSavepoint) {
    this(
        at,
        pods,
        problems,
        flink,
        jobManagersGone,
        left,
        finalSavepoint,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** The same where nodes are watched, with those of its pods that are about to go. */
  public Observation withLeavingNodes(Map<String, String> leaving) {
    return with(
        disposals,
        cleanup,
        absent,
        podsConfirmed,
        formerJobManager,
        storageChecks,
        Optional.of(Map.copyOf(leaving)));
  }

  /** The same with the pods that try directories. */
  public Observation withStorageChecks(List<ObservedStorageCheck> checks) {
    return with(
        disposals,
        cleanup,
        absent,
        podsConfirmed,
        formerJobManager,
        List.copyOf(checks),
        leavingNodes);
  }

  /** The same, where the pods were read live. */
  public Observation withPodsConfirmed(boolean confirmed) {
    return with(
        disposals, cleanup, absent, confirmed, formerJobManager, storageChecks, leavingNodes);
  }

  /** The same with what is known of deletions of savepoints. */
  public Observation with(List<ObservedDisposal> disposals) {
    return with(
        List.copyOf(disposals),
        cleanup,
        absent,
        podsConfirmed,
        formerJobManager,
        storageChecks,
        leavingNodes);
  }

  /** The same with what is seen of the clean-up. */
  public Observation with(Optional<ObservedCleanupPod> cleanup) {
    return with(
        disposals, cleanup, absent, podsConfirmed, formerJobManager, storageChecks, leavingNodes);
  }

  /** The same with what the wanted spec refers to and is not there. */
  public Observation withAbsent(Optional<String> absent) {
    return with(
        disposals, cleanup, absent, podsConfirmed, formerJobManager, storageChecks, leavingNodes);
  }

  /** The same with what is known of a JobManager of an earlier cluster of this name. */
  public Observation withFormerJobManager(Optional<String> former) {
    return with(disposals, cleanup, absent, podsConfirmed, former, storageChecks, leavingNodes);
  }

  private Observation with(
      List<ObservedDisposal> disposals,
      Optional<ObservedCleanupPod> cleanup,
      Optional<String> absent,
      boolean podsConfirmed,
      Optional<String> formerJobManager,
      List<ObservedStorageCheck> storageChecks,
      Optional<Map<String, String>> leavingNodes) {
    return new Observation(
        at,
        pods,
        problems,
        flink,
        jobManagersGone,
        left,
        finalSavepoint,
        disposals,
        cleanup,
        absent,
        podsConfirmed,
        formerJobManager,
        storageChecks,
        leavingNodes);
  }

  /**
   * An object of the cluster.
   *
   * @param what kind and name, and what holds it if that is known
   * @param deleting whether its deletion was asked for
   */
  public record RemainingObject(String what, boolean deleting) {}

  /** Why the pods of one component and start are not created, in the controller's own words. */
  public record PodCreationFailure(
      Component component, long epoch, ObservedPod.PodProblem problem) {}

  /**
   * What keeps pods of this start from coming up, the JobManager's first. A pod that has ended is
   * still listed for days, and another has taken its place.
   */
  public List<ObservedPod.PodProblem> problems(long epoch) {
    var found = new ArrayList<ObservedPod.PodProblem>();
    for (Component component : Component.values()) {
      problems.stream()
          .filter(m -> m.component() == component && m.epoch() == epoch)
          .forEach(m -> found.add(m.problem()));
      pods(component, epoch).stream()
          .filter(p -> !p.ended())
          .forEach(p -> p.problem().ifPresent(found::add));
    }
    return found;
  }

  /** Why pods of this start have ended that are still listed, the JobManager's first. */
  public List<ObservedPod.PodProblem> ended(long epoch) {
    return pods.stream()
        .filter(p -> p.epoch() == epoch && p.ended())
        .sorted(Comparator.comparing(ObservedPod::component))
        .flatMap(p -> p.problem().stream())
        .toList();
  }

  /** Pods of one component and start. */
  public List<ObservedPod> pods(Component component, long epoch) {
    return pods.stream().filter(p -> p.component() == component && p.epoch() == epoch).toList();
  }

  /** The job of this start; empty until its JobManager has reported it. */
  public Optional<ObservedJob> job(long epoch) {
    return flink.filter(f -> f.epoch() == epoch).flatMap(FlinkObservation::job);
  }

  /** Address of the JobManager pod of this start, once its process runs. */
  public Optional<String> runningJobManager(long epoch) {
    return pods(Component.JOB_MANAGER, epoch).stream()
        .filter(p -> p.running() && !p.deleting())
        .flatMap(p -> p.podIP().stream())
        .findFirst();
  }
}
