package io.flinkcluster.operator.api;

/** What kind of change an operation carries out. */
public enum OperationType {
  /** The first start of the cluster. */
  Start,
  /** A change of parallelism, TaskManagers or slots only. */
  Rescale,
  /** A change of parallelism or TaskManagers by Flink's adaptive scheduler, within one start. */
  RescaleInPlace,
  /** A change of image, version, configuration, arguments or pods. */
  Upgrade,
  /** A restart that a user asked for by annotation. */
  Restart,
  /** A job that had come to its own end runs again, from the beginning. */
  Rerun,
  /** A restart after the JobManager or the job was lost. */
  Recovery,
  /** Stop with a savepoint and keep it. */
  Suspend,
  /** Start from the kept savepoint. */
  Resume,
  /** A savepoint of the running job, without stopping it. */
  Savepoint,
  /** Return to the last spec that ran. */
  Rollback,
  /** Deletion of the resource. */
  Delete;

  /** Trigger of a savepoint that {@code storage.savepointInterval} asked for. */
  public static final String PERIODIC = "periodic";
}
