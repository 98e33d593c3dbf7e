package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A savepoint of this cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SavepointStatus(
    @JsonPropertyDescription("Where it is.") String path,
    @JsonPropertyDescription("Why it was taken: the operation's type or an action's token.")
        String trigger,
    @JsonPropertyDescription("The job that wrote it.") String jobId,
    @JsonPropertyDescription("When it was complete, RFC 3339 in UTC.") String takenAt) {}
