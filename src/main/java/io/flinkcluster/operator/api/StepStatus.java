package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** One stage of an operation with the time it took. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepStatus(
    @JsonPropertyDescription("The stage.") OperationStage name,
    @JsonPropertyDescription("When it began, RFC 3339 in UTC with milliseconds.") String startedAt,
    @JsonPropertyDescription("How long it took, for instance 1.250s; unset while it lasts.")
        String duration,
    @JsonPropertyDescription("What held it up, where that is known.") String message) {}
