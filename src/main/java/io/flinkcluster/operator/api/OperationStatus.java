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
    @JsonPropertyDescription("The stages walked so far.") List<StepStatus> steps,
    @JsonPropertyDescription("What it waits for, or why it fails.") String message) {}
