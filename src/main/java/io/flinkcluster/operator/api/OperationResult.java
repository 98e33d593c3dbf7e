package io.flinkcluster.operator.api;

/** How an operation ended. */
public enum OperationResult {
  /** The wanted spec runs. */
  Succeeded,
  /** It was given up before the job was stopped, or without stopping it; the job runs on. */
  Abandoned,
  /** It failed; the last spec that ran is started again from the point before the change. */
  RolledBack,
  /**
   * It failed. After a start that failed nothing runs until a person acts; after a savepoint of a
   * job that goes on, or a size that could not be brought back in place, the job runs on.
   */
  Failed,
  /** Something else took its place before it had succeeded: a newer spec, or a recovery. */
  Superseded
}
