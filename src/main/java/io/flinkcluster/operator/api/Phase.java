package io.flinkcluster.operator.api;

/** One word for people about where a cluster stands; programs read the conditions. */
public enum Phase {
  /** Nothing runs yet: the spec is being checked or something it needs is missing. */
  Pending,
  /** The first start is under way. */
  Starting,
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
