package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** The change under way; written before its effect. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperationStatus(
    @JsonPropertyDescription("Identity, derived from the cluster's uid and the epoch it starts.")
        String id,
    @JsonPropertyDescription("What kind of change it is.") OperationType type,
    @JsonPropertyDescription("Why it was begun: what differs, or what was asked for.")
        String trigger,
    @JsonPropertyDescription("The same as one of a fixed set of words.") TriggerKind triggerKind,
    @JsonPropertyDescription("Generation of the spec that ran before.") Long fromGeneration,
    @JsonPropertyDescription("Generation of the spec that is to run.") Long toGeneration,
    @JsonPropertyDescription("The stage it is in.") OperationStage stage,
    @JsonPropertyDescription("When it began, RFC 3339 in UTC.") String startedAt,
    @JsonPropertyDescription("When it is given up, RFC 3339 in UTC.") String deadline,
    @JsonPropertyDescription("The epoch it starts; unset where it starts none.") Long epoch,
    @JsonPropertyDescription("Fingerprint of the spec that is to run.") String fingerprint,
    @JsonPropertyDescription("Trigger id of the savepoint, chosen before Flink is asked.")
        String triggerId,
    @JsonPropertyDescription("Directory of the savepoint, used by this operation only.")
        String savepointDirectory,
    @JsonPropertyDescription("Path of the savepoint, once it is complete.") String savepoint,
    @JsonPropertyDescription("Last moment the old job was known to run, RFC 3339 in UTC.")
        String stoppedAt,
    @JsonPropertyDescription("The size to reach; set for a rescale in place only.") SizeStatus size,
    @JsonPropertyDescription(
            "Whether the JobManager of the next start is prepared while the old one runs; unset: it"
                + " is made when that is gone.")
        Boolean preparesJobManager,
    @JsonPropertyDescription(
            "How often the same was tried again after it had failed, or the savepoint after the job"
                + " had run on; unset: never.")
        Integer retries,
    @JsonPropertyDescription(
            "Name of the rule that was decided by last; docs/state-machine.md lists them.")
        String rule,
    @JsonPropertyDescription("The stages walked so far.") List<StepStatus> steps,
    @JsonPropertyDescription("What it waits for, or why it fails.") String message,
    @JsonPropertyDescription("Why the last try failed; unset: none has.") Reason reason) {

  /** Whether the JobManager of the next start is prepared while the old one runs. */
  public boolean withJobManagerPrepared() {
    return epoch != null && Boolean.TRUE.equals(preparesJobManager);
  }

  /** The same operation, decided on by this rule; null: not told. */
  public OperationStatus withRule(String name) {
    return new OperationStatus(
        id,
        type,
        trigger,
        triggerKind,
        fromGeneration,
        toGeneration,
        stage,
        startedAt,
        deadline,
        epoch,
        fingerprint,
        triggerId,
        savepointDirectory,
        savepoint,
        stoppedAt,
        size,
        preparesJobManager,
        retries,
        name,
        steps,
        message,
        reason);
  }
}
