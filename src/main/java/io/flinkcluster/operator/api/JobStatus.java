package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What the running job reports. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobStatus(
    @JsonPropertyDescription("Flink's id of the job.") String id,
    @JsonPropertyDescription("Flink's state of the job, for instance RUNNING.") String state,
    @JsonPropertyDescription("The largest parallelism of its vertices.") Integer parallelism,
    @JsonPropertyDescription("When it was started, RFC 3339 in UTC.") String startedAt,
    @JsonPropertyDescription("How often Flink restarted it since then.") Long restarts,
    @JsonPropertyDescription(
            "The buffer timeout in effect: a duration, or -1 where only full buffers are sent; \"-1"
                + " or 0\" where the job's own code has replaced it by one of these.")
        String bufferTimeout,
    @JsonPropertyDescription("Its checkpoints.") Checkpoints checkpoints,
    @JsonPropertyDescription("The most back-pressured vertex.") BackPressure backPressure,
    @JsonPropertyDescription("Records pending at the sources; unset where they do not tell.")
        Long sourceLag) {

  /** Counts and the last of the job's checkpoints. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Checkpoints(
      @JsonPropertyDescription("How many completed since the start.") Long completed,
      @JsonPropertyDescription("How many failed since the start.") Long failed,
      @JsonPropertyDescription("Path of the last completed one.") String lastPath,
      @JsonPropertyDescription("When the last completed one was triggered, RFC 3339 in UTC.")
          String lastAt,
      @JsonPropertyDescription("How long the last completed one took, for instance 0.120s.")
          String lastDuration,
      @JsonPropertyDescription("Bytes of the last completed one.") Long lastSize) {}

  /** Back-pressure of one vertex. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BackPressure(
      @JsonPropertyDescription("Share of time it was held up, 0.00 to 1.00.") String ratio,
      @JsonPropertyDescription("Name of the vertex.") String vertex) {}
}
