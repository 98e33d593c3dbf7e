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
    return List.of(
        rule(jobManager, ports, FlinkPort.JOB_MANAGER_RPC, BOTH),
        rule(jobManager, ports, FlinkPort.BLOB, BOTH),
        rule(jobManager, ports, FlinkPort.QUERY_SERVICE, JOB_MANAGERS),
        rule(jobManager, ports, FlinkPort.REST, REST),
        rule(jobManager, ports, FlinkPort.METRICS, List.of()),
        rule(taskManager, ports, FlinkPort.TASK_MANAGER_RPC, BOTH),
        rule(taskManager, ports, FlinkPort.TASK_MANAGER_DATA, List.of(Peer.TASK_MANAGERS)),
        rule(taskManager, ports, FlinkPort.QUERY_SERVICE, JOB_MANAGERS),
        rule(taskManager, ports, FlinkPort.COLLECT_SINK, JOB_MANAGERS),
        rule(taskManager, ports, FlinkPort.METRICS, List.of()));
  }

  private static PortRule rule(
      Component component, PortSet ports, FlinkPort port, List<Peer> from) {
    return new PortRule(component, port.in(ports), port.options().get(0), from);
  }
}
