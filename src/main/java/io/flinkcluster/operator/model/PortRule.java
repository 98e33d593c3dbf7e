package io.flinkcluster.operator.model;

import java.util.List;

/**
 * A port of a cluster's pods, TCP, and who must reach it: what its NetworkPolicies open, and what a
 * security group of the pods must.
 *
 * @param component whose pods listen
 * @param port from 1 to 65535
 * @param option the Flink option that fixes it
 * @param from who must reach it; empty: whoever wants to, since it only tells
 */
public record PortRule(Component component, int port, String option, List<Peer> from) {

  /** Who speaks to the pods of a cluster. */
  public enum Peer {
    /** JobManagers of the cluster. */
    JOB_MANAGERS,
    /** TaskManagers of the cluster. */
    TASK_MANAGERS,
    /** The operator. */
    OPERATOR,
    /** Whom the spec names in {@code networkPolicy.restFrom}. */
    REST_CLIENTS
  }

  private static final List<Peer> BOTH = List.of(Peer.JOB_MANAGERS, Peer.TASK_MANAGERS);
  private static final List<Peer> JOB_MANAGERS = List.of(Peer.JOB_MANAGERS);
  private static final List<Peer> REST =
      List.of(Peer.JOB_MANAGERS, Peer.OPERATOR, Peer.REST_CLIENTS);

  /** All of a cluster, those of JobManagers first; nothing else listens. */
  public static List<PortRule> of(CheckedCluster cluster) {
    PortSet ports = cluster.ports();
    Component jobManager = Component.JOB_MANAGER;
    Component taskManager = Component.TASK_MANAGER;
    String query = "metrics.internal.query-service.port";
    String metrics = "metrics.reporter.prom.port";
    return List.of(
        new PortRule(jobManager, ports.jobManagerRpc(), "jobmanager.rpc.port", BOTH),
        new PortRule(jobManager, ports.blob(), "blob.server.port", BOTH),
        new PortRule(jobManager, ports.queryService(), query, JOB_MANAGERS),
        new PortRule(jobManager, ports.rest(), "rest.port", REST),
        new PortRule(jobManager, ports.metrics(), metrics, List.of()),
        new PortRule(taskManager, ports.taskManagerRpc(), "taskmanager.rpc.port", BOTH),
        new PortRule(
            taskManager,
            ports.taskManagerData(),
            "taskmanager.data.port",
            List.of(Peer.TASK_MANAGERS)),
        new PortRule(taskManager, ports.queryService(), query, JOB_MANAGERS),
        new PortRule(
            taskManager, ports.collectSink(), "taskmanager.collect-sink.port", JOB_MANAGERS),
        new PortRule(taskManager, ports.metrics(), metrics, List.of()));
  }
}
