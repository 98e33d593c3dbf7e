package io.flinkcluster.operator.api;

/** How state is carried over a change that restarts the job. */
public enum UpgradeMode {
  /** Stop with a savepoint and start from it. */
  Savepoint,
  /** Start from the newest completed checkpoint, without asking the running job. */
  LastCheckpoint,
  /** Start with empty state. */
  Stateless
}
