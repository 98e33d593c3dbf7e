package io.flinkcluster.operator.api;

/**
 * The stages of an operation. Every state in which the operator behaves differently has a name of
 * its own; an operation walks through some of them, in this order.
 */
public enum OperationStage {
  /** Written as a plan only; waits for the annotation {@code flinkcluster.io/plan} to go. */
  Planned,
  /** New TaskManagers come up and wait, while the job runs on. */
  Preparing,
  /** A savepoint is wanted, and Flink was not asked yet: the job must run all its tasks first. */
  WaitingForJob,
  /** Flink was asked for a savepoint, or may have been. */
  Savepointing,
  /** The savepoint that stops the job is complete; the job has not been seen to end. */
  AwaitingJobEnd,
  /** The job is being cancelled without a savepoint; its newest checkpoint is kept. */
  Cancelling,
  /** A checkpoint of the running job is awaited, so that a rescale in place repeats little. */
  Checkpointing,
  /** Flink's adaptive scheduler was asked for the new size, or may have been. */
  Resizing,
  /** The JobManagers of earlier starts are being removed; ends when none exists any more. */
  Stopping,
  /** The new JobManager and its job are coming up. */
  Starting,
  /** All tasks run; the restored state is compared with the intended one. */
  Verifying,
  /** Of a deletion: a pod removes what high availability left in storage. */
  CleaningUp,
  /** Of a deletion: the objects of the cluster are going. */
  Removing
}
