package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** An operation that has ended. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperationRecord(
    @JsonPropertyDescription("Identity of the operation.") String id,
    @JsonPropertyDescription("What kind of change it was.") OperationType type,
    @JsonPropertyDescription("Why it was begun; unset: it is long past.") String trigger,
    @JsonPropertyDescription("The same as one of a fixed set of words.") TriggerKind triggerKind,
    @JsonPropertyDescription("Generation of the spec that ran before.") Long fromGeneration,
    @JsonPropertyDescription("Generation of the spec that was to run.") Long toGeneration,
    @JsonPropertyDescription("The epoch it started; unset where it started none.") Long epoch,
    @JsonPropertyDescription("Fingerprint of the spec that was to run.") String fingerprint,
    @JsonPropertyDescription("When it began, RFC 3339 in UTC.") String startedAt,
    @JsonPropertyDescription("When it ended, RFC 3339 in UTC.") String endedAt,
    @JsonPropertyDescription("How it ended.") OperationResult result,
    @JsonPropertyDescription("Path of its savepoint, if it took one.") String savepoint,
    @JsonPropertyDescription(
            "From the last moment the old job ran to the first moment the new one ran all its tasks,"
                + " for instance 14.200s; unset where no running job was stopped.")
        String downtime,
    @JsonPropertyDescription("Its stages and how long each took; unset: it is long past.")
        List<StepStatus> steps,
    @JsonPropertyDescription("Why it ended as it did.") String message,
    @JsonPropertyDescription("The cause as one of a fixed set of words; unset where it succeeded.")
        Reason reason) {}
