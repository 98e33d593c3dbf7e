package io.flinkcluster.operator.api;

/** How a change of size is carried out. */
public enum RescaleMode {
  /** Stop with a savepoint and start again with the new size. */
  Savepoint,
  /** Ask the adaptive scheduler; no process of the job is restarted. */
  InPlace,
  /** In place where possible, else by savepoint. */
  Auto
}
