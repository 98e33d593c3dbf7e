package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** What the size of the job should be, what was chosen, and why. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutoscalingStatus(
    @JsonPropertyDescription("The mode that it is about.") AutoscalingMode mode,
    @JsonPropertyDescription("The size that counts instead of that of the spec; unset: none.")
        Chosen chosen,
    @JsonPropertyDescription(
            "Since when an edit of the spec's size wins, RFC 3339 in UTC; set mode to Recommend and"
                + " back to Apply to let the size be chosen again.")
        String heldSince,
    @JsonPropertyDescription("The vertex that limits the job, and what follows, in plain words.")
        String bottleneck,
    @JsonPropertyDescription("What waits at the sources; unset: no source tells.") Lag lag,
    @JsonPropertyDescription("The last ten evaluations that differ, newest first.")
        List<EvaluationStatus> evaluations,
    @JsonPropertyDescription("The last ten changes of size that were asked for, newest first.")
        List<SizeChangeStatus> changes) {

  /** A chosen size. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Chosen(
      @JsonPropertyDescription("TaskManagers.") Integer replicas,
      @JsonPropertyDescription("Parallelism of the job.") Integer parallelism,
      @JsonPropertyDescription("The rule that chose it.") String rule,
      @JsonPropertyDescription("Why.") String why,
      @JsonPropertyDescription("When, RFC 3339 in UTC.") String at,
      @JsonPropertyDescription("taskManager.replicas of the spec then.") Integer specReplicas,
      @JsonPropertyDescription("taskManager.taskSlots of the spec then.") Integer specSlots,
      @JsonPropertyDescription("Parallelism of the spec then.") Integer specParallelism) {}

  /** What waits at the sources. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Lag(
      @JsonPropertyDescription("Records that wait.") Long records,
      @JsonPropertyDescription("Age of the record that is read now, in seconds.")
          Long secondsBehind,
      @JsonPropertyDescription(
              "Records per second by which it grows; below 0: it falls, for instance -900.")
          Long trend) {}

  /** One evaluation. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record EvaluationStatus(
      @JsonPropertyDescription("When it was made last, RFC 3339 in UTC.") String at,
      @JsonPropertyDescription("Since when it is the same, RFC 3339 in UTC.") String since,
      @JsonPropertyDescription("The rule that decided.") String rule,
      @JsonPropertyDescription("TaskManagers that there were.") Integer replicas,
      @JsonPropertyDescription("TaskManagers that there should be; unset: no change.")
          Integer wanted,
      @JsonPropertyDescription("Why, in plain words.") String why,
      @JsonPropertyDescription("What keeps it from being more; unset: more is not needed.")
          String whyNotMore,
      @JsonPropertyDescription(
              "What it rests on: of each vertex its tasks, the share of time in which they work,"
                  + " what each could read, and how many it should have.")
          String inputs,
      @JsonPropertyDescription("When the next is to be made, RFC 3339 in UTC.") String next) {}

  /** One change of size. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SizeChangeStatus(
      @JsonPropertyDescription("When it was asked for, RFC 3339 in UTC.") String at,
      @JsonPropertyDescription("TaskManagers before.") Integer from,
      @JsonPropertyDescription("TaskManagers after.") Integer to,
      @JsonPropertyDescription("The rule that asked for it.") String rule,
      @JsonPropertyDescription("The vertex that it was made for; unset: none.") String bottleneck,
      @JsonPropertyDescription("Records that the sources read per second just before.")
          Long rate) {}
}
