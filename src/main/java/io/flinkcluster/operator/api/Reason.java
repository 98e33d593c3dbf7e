package io.flinkcluster.operator.api;

/**
 * Every reason a condition or an event may carry. They are part of the API: spelled here as they
 * appear in the status.
 */
public enum Reason {
  /** The job runs as the spec says. */
  Running,
  /** The session cluster runs as the spec says. */
  SessionRunning,
  /** The job is stopped and its savepoint kept. */
  Suspended,
  /** A bounded job has come to its end. */
  Finished,
  /** The spec has changed since the job came to its end, and {@code job.rerun} is Never. */
  NotRerun,
  /** The first start is under way. */
  Starting,
  /** All tasks run; the first checkpoint since the change is awaited. */
  AwaitingCheckpoint,
  /** A change is being carried out; the message names its stage. */
  OperationInProgress,
  /** A failed change is being undone. */
  RollingBack,
  /** The last change failed and was undone; a new spec is tried again. */
  RolledBack,
  /** The spec cannot be carried out; every problem is in the message. */
  InvalidSpec,
  /** The size of the job was evaluated: what is chosen or recommended, or why it is left. */
  Autoscaling,
  /** The spec is usable. */
  Valid,
  /** The spec is usable, with a warning in the message. */
  ValidWithWarning,
  /** An object of a FlinkCluster that does not exist any more was removed. */
  OrphanRemoved,
  /** The first start waits: an earlier FlinkCluster of this name has a JobManager still. */
  FormerJobManager,
  /** The API server would refuse one of the objects; nothing running was touched. */
  ChildRefused,
  /** A ConfigMap, Secret or ServiceAccount that the pods need does not exist. */
  ReferenceNotFound,
  /** A container image cannot be pulled. */
  ImagePullFailed,
  /** A pod cannot be scheduled. */
  Unschedulable,
  /** A pod cannot be created. */
  PodCreationFailed,
  /**
   * The kubelet could not mount a volume of a pod or set up its network. It tries again; most such
   * failures pass.
   */
  PodNotSetUp,
  /** A container cannot be created or exits again and again. */
  ContainerFailing,
  /** The job's jar, or the newest checkpoint, cannot be fetched from where it is said to be. */
  FetchFailed,
  /** A TaskManager's pod is ready and its JobManager does not know it. */
  TaskManagerNotRegistered,
  /** A TaskManager pod that hung was removed, so that another takes its place. */
  TaskManagerReplaced,
  /** The job runs with less than its parallelism: slots are missing. */
  SlotsMissing,
  /** The change cannot be made in place, and the spec allows no other way; nothing was touched. */
  NotInPlace,
  /** The JobManager's REST API does not answer. */
  FlinkUnreachable,
  /** Flink is restarting the job. */
  JobRestarting,
  /** The job has ended as FAILED or was cancelled by someone else. */
  JobFailed,
  /** What high availability left in storage could not be removed; the message says where it is. */
  StorageNotCleaned,
  /** The status has values that this version of the operator does not know; nothing is done. */
  StatusNotUnderstood,
  /**
   * A pod was taken away: evicted, preempted, deleted, or lost with its node. What was being done
   * is done again.
   */
  PodDisrupted,
  /** The JobManager was lost and the job cannot continue by itself. */
  JobManagerLost,
  /** The change did not come to its end in time. */
  DeadlineExceeded,
  /** The savepoint could not be taken. */
  SavepointFailed,
  /** The job did not restore the state it was started from. */
  RestoreMismatch,
  /** A restart would lose state, and the spec does not allow that. */
  NoRestorePoint,
  /** A completed checkpoint or savepoint is known. */
  RestorePointKnown,
  /** The spec says that state may be lost. */
  Stateless,
  /** No checkpoint has completed yet. */
  NoCheckpointYet,
  /** The pods act on AWS as a role of their ServiceAccount (IRSA). */
  WebIdentity,
  /** The pods act on AWS as the role that EKS Pod Identity associates with them. */
  PodIdentity,
  /** The pods, or Flink's options, have keys for AWS. */
  StaticKeys,
  /** The pods have no identity of their own on AWS: what is left is the role of their node. */
  NodeRole,
  /** Flink's options say where credentials come from. */
  CredentialsProvider,
  /** The environment of the pods comes from objects that the operator does not read. */
  UnknownIdentity,
  /** No pod runs that could have an identity. */
  NoPods,
  /** The directories on S3 were listed, written, read and deleted in by the JobManager's pod. */
  StorageChecked,
  /** All works on S3, and what is written there may be lost: the message names the rule or kind. */
  StorageAtRisk,
  /** S3 denies the pods what they need: the message names the IAM action and the resource. */
  StorageDenied,
  /** The bucket is not there, is elsewhere, or cannot be used as it is. */
  StorageUnusable,
  /** S3 does not answer, or asks to come back later. */
  StorageUnreachable,
  /** Writes are stopped by the annotation flinkcluster.io/pause. */
  Paused,
  /** The annotation flinkcluster.io/plan holds the change back. */
  Planned,
  /** The resource is being deleted. */
  Deleting,
  /** A savepoint was taken. */
  SavepointCompleted,
  /** A savepoint above the limits of storage.savepointHistory was deleted. */
  SavepointDisposed,
  /** A savepoint above those limits could not be deleted; it is tried again. */
  SavepointDisposalFailed,
  /** An operation was begun. */
  OperationStarted,
  /** An operation has ended well. */
  OperationSucceeded,
  /** An operation has failed. */
  OperationFailed,
  /** The operator met a fault of its own; it tries again. */
  InternalError
}
