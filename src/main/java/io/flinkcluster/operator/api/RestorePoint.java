package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What a restart would use now. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestorePoint(
    @JsonPropertyDescription("Savepoint or Checkpoint.") Type type,
    @JsonPropertyDescription("Where it is.") String path,
    @JsonPropertyDescription("The job that wrote it.") String jobId,
    @JsonPropertyDescription("When it was taken, RFC 3339 in UTC.") String takenAt,
    @JsonPropertyDescription("Bytes of state, where Flink reports them.") Long size) {

  /** What kind of snapshot it is. */
  public enum Type {
    /** Taken on request, never removed by Flink. */
    Savepoint,
    /** Taken periodically; Flink keeps the newest few. */
    Checkpoint
  }
}
