package io.flinkcluster.operator.testcluster;

/**
 * Hears what Flink does, in the order in which it does it; called under the lock of the cluster
 * that it is about, so it must not ask Flink anything.
 */
public interface FlinkWitness {
  /** Hears nothing. */
  FlinkWitness NONE = new FlinkWitness() {};

  /**
   * A JobManager begins.
   *
   * @param process uid of its pod
   * @param ip where it listens
   * @param cluster uid of its FlinkCluster
   */
  default void processBegan(String process, String pod, String ip, String cluster, long epoch) {}

  /** A JobManager ends. */
  default void processEnded(String process) {}

  /**
   * All tasks of a job run; every restart begins another run.
   *
   * @param restored path of a snapshot; empty: empty state
   */
  default void runBegan(
      String run, String process, String cluster, long epoch, String job, String restored) {}

  /**
   * They do not run any more.
   *
   * @param state FINISHED, FAILED, CANCELED, RESTARTING or LOST
   */
  default void runEnded(String run, String state) {}

  /**
   * A snapshot is complete.
   *
   * @param run that took it; empty: another cluster's
   * @param stop whether the job is stopped with it
   */
  default void snapshotTaken(
      FakeCluster.Snapshot snapshot, String run, String cluster, long epoch, boolean stop) {}

  /** A savepoint was deleted. */
  default void snapshotDisposed(String path) {}

  /**
   * What became of a savepoint that was asked for.
   *
   * @param outcome complete, failed or lost
   */
  default void savepointEnded(String trigger, String outcome) {}
}
