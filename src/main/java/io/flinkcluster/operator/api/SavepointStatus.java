package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A savepoint of this cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SavepointStatus(
    @JsonPropertyDescription("Where it is.") String path,
    @JsonPropertyDescription(
            "Why it was taken: periodic, the type of an operation, or the token of a user.")
        String trigger,
    @JsonPropertyDescription("The same as one of a fixed set of words.") TriggerKind triggerKind,
    @JsonPropertyDescription("The job that wrote it.") String jobId,
    @JsonPropertyDescription("When it was complete, RFC 3339 in UTC.") String takenAt,
    @JsonPropertyDescription("Set once its deletion is decided: it may be gone at any moment.")
        Disposal disposal) {

  /** A savepoint that is to be kept. */
  public SavepointStatus(
      String path, String trigger, TriggerKind triggerKind, String jobId, String takenAt) {
    this(path, trigger, triggerKind, jobId, takenAt, null);
  }

  /** The same savepoint, whose deletion is decided. */
  public SavepointStatus with(Disposal decided) {
    return new SavepointStatus(path, trigger, triggerKind, jobId, takenAt, decided);
  }

  /** How far the deletion of a savepoint has come. Its entry goes when Flink says it is gone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Disposal(
      @JsonPropertyDescription("When it was decided, RFC 3339 in UTC.") String since,
      @JsonPropertyDescription("How often it was tried and failed; unset: never.") Integer failures,
      @JsonPropertyDescription("When it failed last, RFC 3339 in UTC.") String failedAt,
      @JsonPropertyDescription("Why it failed last. It is tried again.") String message) {}
}
