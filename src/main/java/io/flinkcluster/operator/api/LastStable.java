package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The last spec that ran; target of a rollback. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LastStable(
    @JsonPropertyDescription("Generation of that spec.") Long generation,
    @JsonPropertyDescription("Fingerprint of that spec.") String fingerprint,
    @JsonPropertyDescription("Epoch whose ConfigMap holds that spec.") Long epoch,
    @JsonPropertyDescription("The size that start had, where its launch had one of its own.")
        SizeStatus size) {}
