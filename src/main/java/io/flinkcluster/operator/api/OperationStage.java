package io.flinkcluster.operator.api;

/** The stages of an operation, in the order they are walked; an operation may skip some. */
public enum OperationStage {
  /** Written as a plan only; waits for the annotation {@code flinkcluster.io/plan} to go. */
  Planned,
  /** TaskManagers of the new start come up and wait, while the old job runs. */
  Preparing,
  /** A checkpoint of the running job is awaited, so that a rescale in place repeats little. */
  Checkpointing,
  /** The running job is being stopped with a savepoint, or a savepoint is being taken. */
  Savepointing,
  /** The old JobManager is being removed; ends when its pods are gone. */
  Stopping,
  /** The new JobManager and its job are coming up. */
  Starting,
  /**
   * All tasks run; the restored state is compared with the intended one. In place: Flink has been
   * asked for the new size, which is awaited.
   */
  Verifying,
  /** Of a deletion: a pod removes what high availability left in storage. */
  CleaningUp,
  /** Of a deletion: the objects of the cluster are going. */
  Removing
}
