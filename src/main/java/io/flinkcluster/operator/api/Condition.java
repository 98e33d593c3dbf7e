package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A condition as the Kubernetes API conventions define it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("Ready, Reconciling, Stalled, ConfigValid or StateSafe.") String type,
    @JsonPropertyDescription("True, False or Unknown.") String status,
    @JsonPropertyDescription("Generation of the spec the condition is about.")
        Long observedGeneration,
    @JsonPropertyDescription("When the status last changed, RFC 3339 in UTC.")
        String lastTransitionTime,
    @JsonPropertyDescription("One of a fixed set of words.") String reason,
    @JsonPropertyDescription("What is the case and what to do, for people.") String message) {}
