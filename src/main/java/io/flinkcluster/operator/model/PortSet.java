package io.flinkcluster.operator.model;

import java.util.List;

/** The seven ports of a cluster, each from 6000 to 60000, all different. */
public record PortSet(
    int jobManagerRpc,
    int blob,
    int rest,
    int taskManagerRpc,
    int taskManagerData,
    int queryService,
    int metrics) {

  private static final int COLLECT_SINK = 6127;

  /**
   * Port at which a TaskManager gives the results of {@code collect()} to its JobManager; Flink's
   * own choice is random. The first from 6127 on that is none of the seven.
   */
  public int collectSink() {
    var taken =
        List.of(jobManagerRpc, blob, rest, taskManagerRpc, taskManagerData, queryService, metrics);
    int port = COLLECT_SINK;
    while (taken.contains(port)) {
      port++;
    }
    return port;
  }
}
