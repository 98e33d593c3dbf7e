package io.flinkcluster.operator.api;

/** What deletion of the resource does to the job. */
public enum OnDelete {
  /** Stop with a savepoint, keep the savepoint. */
  Savepoint,
  /** Cancel the job without a savepoint. */
  Cancel
}
