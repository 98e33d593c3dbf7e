package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The Flink minor versions that a cluster may run, oldest first. */
public enum FlinkVersion {
  /** Flink 1.20, the last of the 1.x line. */
  @JsonProperty("1.20")
  V1_20("1.20"),
  /** Flink 2.0. */
  @JsonProperty("2.0")
  V2_0("2.0"),
  /** Flink 2.1. */
  @JsonProperty("2.1")
  V2_1("2.1"),
  /** Flink 2.2. */
  @JsonProperty("2.2")
  V2_2("2.2"),
  /** Flink 2.3. */
  @JsonProperty("2.3")
  V2_3("2.3");

  private final String minor;

  FlinkVersion(String minor) {
    this.minor = minor;
  }

  /** The version as it is written in the resource, for instance {@code 2.3}. */
  public String minor() {
    return minor;
  }
}
