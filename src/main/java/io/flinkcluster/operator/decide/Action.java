package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.model.Bounds;
import java.util.List;
import java.util.SortedMap;

/**
 * An act with an effect outside the status. Each may be repeated: the ids in it are derived and
 * recorded, so that the other side recognises the repetition.
 */
public sealed interface Action {

  /** Ask Flink to stop the job with a savepoint. */
  record StopWithSavepoint(String jobId, String triggerId, String directory) implements Action {}

  /** Ask Flink for a savepoint of the running job. */
  record TakeSavepoint(String jobId, String triggerId, String directory) implements Action {}

  /** Cancel the job; its newest checkpoint stays. */
  record CancelJob(String jobId) implements Action {}

  /**
   * Ask Flink's adaptive scheduler for another size of the job.
   *
   * @param bounds of every vertex by its id
   */
  record Require(String jobId, SortedMap<String, Bounds> bounds) implements Action {}

  /** Ask Flink for a checkpoint now. */
  record TakeCheckpoint(String jobId, String triggerId) implements Action {}

  /**
   * Say which TaskManager pods the job can do without.
   *
   * @param first pods to be marked as the first to go
   * @param others pods whose mark is to be taken away
   */
  record MarkPods(List<String> first, List<String> others) implements Action {}

  /** Ask Flink to delete a savepoint; for one that is gone Flink says so. */
  record DisposeSavepoint(String path) implements Action {}

  /** Let a JobManager pod start. */
  record RemoveSchedulingGate(String pod, String uid) implements Action {}

  /**
   * Remove the ConfigMaps that Flink keeps for the high availability of starts that are over. They
   * have no owner and would stay for ever.
   *
   * @param clusterIds Flink's cluster ids of those starts
   */
  record RemoveHighAvailabilityData(List<String> clusterIds) implements Action {}

  /** Remove the pod that removed what was left in storage. */
  record RemoveCleanupPod(String pod) implements Action {}

  /** Write down where the state of a cluster that is being deleted can be found. */
  record RememberFinalSavepoint(String path, String jobId) implements Action {}
}
