package io.flinkcluster.operator.api;

/** How an operation ended. */
public enum OperationResult {
  /** The wanted spec runs. */
  Succeeded,
  /** It failed before the old job was stopped; the old job runs on. */
  Abandoned,
  /** It failed; the last spec that ran is started again from the point before the change. */
  RolledBack,
  /** It failed, and nothing runs until a person acts. */
  Failed,
  /** The spec changed again before anything was stopped. */
  Superseded
}
