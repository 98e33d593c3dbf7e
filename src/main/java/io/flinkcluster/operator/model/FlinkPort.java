package io.flinkcluster.operator.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The ports of Flink that are fixed, and the options that fix them (1.20 to 2.3). */
public enum FlinkPort {
  /** RPC of a JobManager. */
  JOB_MANAGER_RPC("ports.jobManagerRpc", PortSet::jobManagerRpc, "jobmanager.rpc.port"),
  /** Where TaskManagers fetch jars from a JobManager. */
  BLOB("ports.blob", PortSet::blob, "blob.server.port"),
  /** REST API and web UI. */
  REST("ports.rest", PortSet::rest, "rest.port", "rest.bind-port"),
  /** RPC of a TaskManager. */
  TASK_MANAGER_RPC("ports.taskManagerRpc", PortSet::taskManagerRpc, "taskmanager.rpc.port"),
  /** Records between TaskManagers. */
  TASK_MANAGER_DATA("ports.taskManagerData", PortSet::taskManagerData, "taskmanager.data.port"),
  /** Metrics on their way to the JobManager. */
  QUERY_SERVICE("ports.queryService", PortSet::queryService, "metrics.internal.query-service.port"),
  /** Metrics for Prometheus. */
  METRICS("ports.metrics", PortSet::metrics, "metrics.reporter.prom.port"),
  /** Results of {@code collect()} on their way to the JobManager; no field of the spec. */
  COLLECT_SINK("", PortSet::collectSink, "taskmanager.collect-sink.port");

  private final String field;
  private final ToIntFunction<PortSet> number;
  private final List<String> options;

  FlinkPort(String field, ToIntFunction<PortSet> number, String... options) {
    this.field = field;
    this.number = number;
    this.options = List.of(options);
  }

  /** Those that the spec names, by its field. */
  public static Map<String, Integer> byField(PortSet ports) {
    var fields = new LinkedHashMap<String, Integer>();
    for (FlinkPort port : values()) {
      if (!port.field.isEmpty()) {
        fields.put("spec." + port.field, port.in(ports));
      }
    }
    return fields;
  }

  /** The field of the spec that names it, below {@code spec}; empty: none does. */
  public String field() {
    return field;
  }

  /** Its number, from 1 to 65535. */
  public int in(PortSet ports) {
    return number.applyAsInt(ports);
  }

  /** The options of Flink that must all say it; the first is what it is known by. */
  public List<String> options() {
    return options;
  }
}
