package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A TaskManager pod that is ready and that the JobManager does not know. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UnregisteredPod(
    @JsonPropertyDescription("Name of the pod.") String pod,
    @JsonPropertyDescription("Since when it was seen so, RFC 3339 in UTC.") String since,
    @JsonPropertyDescription("When its replacement was decided; unset: it is waited for.")
        String replacedAt) {}
