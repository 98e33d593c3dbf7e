package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.model.Bounds;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An act with an effect outside the status. Each may be repeated: the ids in it are derived and
 * recorded, so that the other side recognises the repetition.
 */
public sealed interface Action {

  /** Which act it is: who carries acts out has a case for each, or does not compile. */
  Kind kind();

  /** One for each act. */
  enum Kind {
    /** {@link StopWithSavepoint}. */
    STOP_WITH_SAVEPOINT,
    /** {@link TakeSavepoint}. */
    TAKE_SAVEPOINT,
    /** {@link CancelJob}. */
    CANCEL_JOB,
    /** {@link Require}. */
    REQUIRE,
    /** {@link TakeCheckpoint}. */
    TAKE_CHECKPOINT,
    /** {@link MarkPods}. */
    MARK_PODS,
    /** {@link ProtectPods}. */
    PROTECT_PODS,
    /** {@link ReplacePod}. */
    REPLACE_POD,
    /** {@link DisposeSavepoint}. */
    DISPOSE_SAVEPOINT,
    /** {@link RemoveSchedulingGate}. */
    REMOVE_SCHEDULING_GATE,
    /** {@link ReleaseJobManager}. */
    RELEASE_JOB_MANAGER,
    /** {@link RemoveHighAvailabilityData}. */
    REMOVE_HIGH_AVAILABILITY_DATA,
    /** {@link RemoveCleanupPod}. */
    REMOVE_CLEANUP_POD,
    /** {@link RememberFinalSavepoint}. */
    REMEMBER_FINAL_SAVEPOINT,
    /** {@link MarkFinalSavepoint}. */
    MARK_FINAL_SAVEPOINT,
    /** {@link ForgetFinalSavepoint}. */
    FORGET_FINAL_SAVEPOINT
  }

  /** Ask Flink to stop the job with a savepoint. */
  record StopWithSavepoint(String jobId, String triggerId, String directory) implements Action {
    @Override
    public Kind kind() {
      return Kind.STOP_WITH_SAVEPOINT;
    }
  }

  /** Ask Flink for a savepoint of the running job. */
  record TakeSavepoint(String jobId, String triggerId, String directory) implements Action {
    @Override
    public Kind kind() {
      return Kind.TAKE_SAVEPOINT;
    }
  }

  /** Cancel the job; its newest checkpoint stays. */
  record CancelJob(String jobId) implements Action {
    @Override
    public Kind kind() {
      return Kind.CANCEL_JOB;
    }
  }

  /**
   * Ask Flink's adaptive scheduler for another size of the job.
   *
   * @param bounds of every vertex by its id
   */
  record Require(String jobId, SortedMap<String, Bounds> bounds) implements Action {
    @Override
    public Kind kind() {
      return Kind.REQUIRE;
    }
  }

  /** Ask Flink for a checkpoint now. */
  record TakeCheckpoint(String jobId, String triggerId) implements Action {
    @Override
    public Kind kind() {
      return Kind.TAKE_CHECKPOINT;
    }
  }

  /**
   * Say which TaskManager pods the job can do without.
   *
   * @param first pods to be marked as the first to go
   * @param others pods whose mark is to be taken away
   */
  record MarkPods(List<String> first, List<String> others) implements Action {
    @Override
    public Kind kind() {
      return Kind.MARK_PODS;
    }
  }

  /**
   * Put the annotations on pods that keep their nodes from being taken away, or take them off.
   *
   * @param on whether they are put on
   */
  record ProtectPods(boolean on, List<Pod> pods) implements Action {
    /**
     * One of the pods.
     *
     * @param keys the annotations that are put on it, or taken off; empty: none but the mark that
     *     there were some
     */
    public record Pod(String name, String uid, List<String> keys) {}

    @Override
    public Kind kind() {
      return Kind.PROTECT_PODS;
    }
  }

  /** Remove a TaskManager pod that hangs, so that its Deployment makes another. */
  record ReplacePod(String pod, String uid) implements Action {
    @Override
    public Kind kind() {
      return Kind.REPLACE_POD;
    }
  }

  /** Ask Flink to delete a savepoint; for one that is gone Flink says so. */
  record DisposeSavepoint(String path) implements Action {
    @Override
    public Kind kind() {
      return Kind.DISPOSE_SAVEPOINT;
    }
  }

  /** Let a JobManager pod start. */
  record RemoveSchedulingGate(String pod, String uid) implements Action {
    @Override
    public Kind kind() {
      return Kind.REMOVE_SCHEDULING_GATE;
    }
  }

  /**
   * Let Flink start in a JobManager pod that was prepared.
   *
   * @param restoredFrom what it begins from, unless it finds something newer; empty: empty state
   * @param directories where it looks for that besides its own job's directory, as {@code start.sh}
   *     is given them
   */
  record ReleaseJobManager(
      String pod, String uid, Optional<String> restoredFrom, List<String> directories)
      implements Action {
    @Override
    public Kind kind() {
      return Kind.RELEASE_JOB_MANAGER;
    }
  }

  /**
   * Remove the ConfigMaps that Flink keeps for the high availability of starts that are over. They
   * have no owner and would stay for ever.
   *
   * @param clusterIds Flink's cluster ids of those starts; those of all starts before the newest of
   *     these are removed too
   */
  record RemoveHighAvailabilityData(List<String> clusterIds) implements Action {
    @Override
    public Kind kind() {
      return Kind.REMOVE_HIGH_AVAILABILITY_DATA;
    }
  }

  /** Remove the pod that removed what was left in storage. */
  record RemoveCleanupPod(String pod) implements Action {
    @Override
    public Kind kind() {
      return Kind.REMOVE_CLEANUP_POD;
    }
  }

  /**
   * Write down where the state of a cluster that is being deleted can be found.
   *
   * @param searchDirectories where a newer snapshot may lie that nobody saw; empty: none may
   * @param note what whoever finds it must know; empty: nothing
   */
  record RememberFinalSavepoint(
      String path, String jobId, List<String> searchDirectories, Optional<String> note)
      implements Action {
    @Override
    public Kind kind() {
      return Kind.REMEMBER_FINAL_SAVEPOINT;
    }
  }

  /** Write down that this cluster has begun from what a deleted one of its name left behind. */
  record MarkFinalSavepoint(String path) implements Action {
    @Override
    public Kind kind() {
      return Kind.MARK_FINAL_SAVEPOINT;
    }
  }

  /** Remove what was written down of a state that this cluster continued and that is not kept. */
  record ForgetFinalSavepoint(String path) implements Action {
    @Override
    public Kind kind() {
      return Kind.FORGET_FINAL_SAVEPOINT;
    }
  }
}
