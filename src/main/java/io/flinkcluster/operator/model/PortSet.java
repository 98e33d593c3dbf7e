package io.flinkcluster.operator.model;

import java.util.LinkedHashMap;
import java.util.Map;

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

  /** The seven, by the field of the spec that names them. */
  public Map<String, Integer> byField() {
    var ports = new LinkedHashMap<String, Integer>();
    ports.put("spec.ports.jobManagerRpc", jobManagerRpc);
    ports.put("spec.ports.blob", blob);
    ports.put("spec.ports.rest", rest);
    ports.put("spec.ports.taskManagerRpc", taskManagerRpc);
    ports.put("spec.ports.taskManagerData", taskManagerData);
    ports.put("spec.ports.queryService", queryService);
    ports.put("spec.ports.metrics", metrics);
    return ports;
  }

  /**
   * Port at which a TaskManager gives the results of {@code collect()} to its JobManager; Flink's
   * own choice is random. The first from 6127 on that is none of the seven.
   */
  public int collectSink() {
    int port = COLLECT_SINK;
    while (byField().containsValue(port)) {
      port++;
    }
    return port;
  }
}
