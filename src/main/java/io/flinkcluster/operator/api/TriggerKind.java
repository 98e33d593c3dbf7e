package io.flinkcluster.operator.api;

/** Why an operation was begun, or a savepoint taken. */
public enum TriggerKind {
  /** The resource was created. */
  FirstStart,
  /** The spec differs from what runs. */
  SpecChange,
  /** {@code spec.autoscaling} chose another size. */
  Autoscaling,
  /** {@code suspend: true}. */
  Suspended,
  /** {@code suspend: false}, or the spec changed after a start that had failed. */
  Resumed,
  /** The annotation {@code flinkcluster.io/restart} has a new value. */
  RestartToken,
  /** The annotation {@code flinkcluster.io/savepoint} has a new value. */
  SavepointToken,
  /** A node that carries its pods is about to go: it is cordoned, or tainted for that. */
  NodeLeaves,
  /** {@code storage.savepointInterval}. */
  Schedule,
  /** The one JobManager pod that may run the start can run it no longer. */
  JobManagerLost,
  /** The job began again from before its newest checkpoint: high availability data was lost. */
  RestoredOlderCheckpoint,
  /**
   * The job failed in a JobManager that took over, before it had restored its newest checkpoint.
   */
  FailedBeforeRestore,
  /** The TaskManagers refuse the job of a JobManager that lost its high availability data. */
  TaskManagersRejectJob,
  /** The change before this one failed. */
  ChangeFailed,
  /** The resource is being deleted. */
  Deleted
}
