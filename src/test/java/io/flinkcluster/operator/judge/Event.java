package io.flinkcluster.operator.judge;

import com.fasterxml.jackson.databind.JsonNode;

/** Something that happened; events of one history are in their order. */
public sealed interface Event {

  /** Milliseconds since an arbitrary moment; never less than that of the event before. */
  long at();

  /**
   * A request to the API server.
   *
   * @param actor which process asked; {@code operator-…} for the one that is judged
   * @param pass number of the reconcile in that process
   * @param verb as in an audit log: get, list, create, patch, update, delete
   * @param kind plural, for instance {@code deployments}
   * @param name empty for a list and for a create without one
   * @param subresource empty: none
   * @param dryRun whether it was only tried
   * @param manager field manager; empty: none
   * @param uid precondition, in the options of a deletion or in the metadata of what is written;
   *     empty: none
   * @param version likewise the resourceVersion; for a read the one it may be answered from
   * @param body what was sent
   * @param code of the answer; 0: the request did not reach the API server
   * @param told whether the answer reached the actor
   */
  record Request(
      long at,
      String actor,
      long pass,
      String verb,
      String kind,
      String namespace,
      String name,
      String subresource,
      boolean dryRun,
      String manager,
      String uid,
      String version,
      JsonNode body,
      int code,
      boolean told)
      implements Event {

    boolean reads() {
      return verb.equals("get") || verb.equals("list") || verb.equals("watch");
    }

    boolean done() {
      return code >= 200 && code < 300 && !dryRun;
    }

    boolean byOperator() {
      return actor.startsWith("operator");
    }
  }

  /**
   * An object came, changed or went.
   *
   * @param type ADDED, MODIFIED, DELETED
   * @param actor who wrote; empty: Kubernetes itself
   * @param object as it is now; of one that went as it was last
   */
  record Changed(long at, String type, String kind, String actor, JsonNode object)
      implements Event {}

  /**
   * A call to a JobManager that is to change something.
   *
   * @param cluster uid of the FlinkCluster that the JobManager belongs to
   * @param call stop, savepoint, cancel, require, checkpoint, dispose
   * @param trigger id of the request; empty: it has none
   * @param target directory or path; empty: none
   * @param reached whether it had its effect
   */
  record FlinkCall(
      long at,
      String actor,
      String cluster,
      long epoch,
      String call,
      String job,
      String trigger,
      String target,
      boolean reached)
      implements Event {}

  /** A JobManager process began. */
  record ProcessBegan(long at, String process, String pod, String cluster, long epoch)
      implements Event {}

  /** A JobManager process ended. */
  record ProcessEnded(long at, String process) implements Event {}

  /**
   * All tasks of a job run. Every fail-over begins another run.
   *
   * @param restored what it began from; empty: empty state
   */
  record RunBegan(
      long at, String run, String process, String cluster, long epoch, String job, String restored)
      implements Event {}

  /**
   * It does not run any more.
   *
   * @param state FINISHED, FAILED, CANCELED, RESTARTING or LOST
   */
  record RunEnded(long at, String run, String state) implements Event {}

  /**
   * A snapshot is complete.
   *
   * @param run that took it; empty: it is not of this world
   * @param number among the snapshots of its job
   * @param progress how far the job had come
   * @param stop whether the job is stopped with it
   */
  record SnapshotTaken(
      long at,
      String path,
      boolean savepoint,
      String run,
      String cluster,
      String job,
      long epoch,
      long number,
      double progress,
      boolean stop)
      implements Event {}

  /** A snapshot was deleted. */
  record SnapshotDisposed(long at, String path) implements Event {}

  /**
   * What became of a savepoint that was asked for.
   *
   * @param outcome complete, failed, lost or ran-on
   */
  record SavepointEnded(long at, String trigger, String outcome) implements Event {}

  /**
   * A process of the operator.
   *
   * @param what began, killed, frozen, goes-on, stopped
   */
  record Operator(long at, String actor, String what) implements Event {}

  /**
   * What a person or the world does on purpose.
   *
   * @param what created, spec, invalid-spec, deleted, restart-token, savepoint-token, fault, quiet,
   *     unquiet, converged, not-converged
   * @param cluster uid of the FlinkCluster; empty: none in particular
   */
  record Act(long at, String what, String cluster, String detail) implements Event {}

  /** A line that a process of the operator logged. */
  record Logged(long at, String actor, String line) implements Event {}
}
