package io.flinkcluster.operator.api;

/** One word for people about where a cluster stands; programs read the conditions. */
public enum Phase {
  /**
   * Nothing runs yet: the spec is being checked, something it needs is missing, or what is left of
   * an earlier start is being removed.
   */
  Pending,
  /** The first start, or a resume, is under way. */
  Starting,
  /** A lost job is being started again from its newest restore point. */
  Recovering,
  /** The job, or the session cluster, runs. */
  Running,
  /** A change is being carried out. */
  Changing,
  /** The job is being stopped with a savepoint. */
  Suspending,
  /** The job is stopped and its savepoint kept. */
  Suspended,
  /** A failed change is being undone. */
  RollingBack,
  /** Nothing will run until a person acts. */
  Failed,
  /** A bounded job has come to its end. */
  Finished,
  /** The resource is being deleted. */
  Deleting
}
