package io.flinkcluster.operator.decide.state;

/** What of a start should exist. */
public enum Part {
  /** Its ConfigMap. */
  CONFIG,
  /** The Service that its TaskManagers dial. */
  SERVICE,
  /** Its JobManager. */
  JOB_MANAGER,
  /** Its TaskManagers. */
  TASK_MANAGERS,
  /** The pod that removes what it, and all starts before it, left in storage. */
  CLEANUP,
  /** The pod that tries whether it could use its directories. */
  STORAGE_CHECK
}
