package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.databind.JsonNode;

/** The specs, as YAML, that are gone through in the simulated world and on a real API server. */
public final class SampleCluster {
  public static final String STATEFUL =
      """
      flinkVersion: "2.3"
      image: flink:2.3
      job: {jarURI: "local:///opt/flink/a.jar", parallelism: 1}
      taskManager: {replicas: 1}
      storage: {baseURI: "s3://bucket/flink", checkpointInterval: 10s}
      """;

  public static final String STATELESS =
      """
      flinkVersion: "2.3"
      image: flink:2.3
      job: {jarURI: "local:///opt/flink/a.jar", upgradeMode: Stateless}
      """;

  public static final String SESSION =
      """
      flinkVersion: "2.3"
      image: flink:2.3
      taskManager: {replicas: 1}
      ingress: {host: "session.example.com"}
      """;

  private SampleCluster() {}

  /** The stateful one with another line. */
  public static String with(String line) {
    return STATEFUL + line + "\n";
  }

  /** Whether the last change of a FlinkCluster is carried out, and this phase reached. */
  public static boolean settled(JsonNode cluster, String phase) {
    return cluster.at("/status/observedGeneration").asLong(-1)
            == cluster.at("/metadata/generation").asLong()
        && cluster.at("/status/operation").isMissingNode()
        && cluster.at("/status/phase").asText().equals(phase);
  }
}
