package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The JobManager as observed. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobManagerStatus(
    @JsonPropertyDescription("Address of its RPC: service and port.") String address,
    @JsonPropertyDescription("URL of the REST API and web UI inside the Kubernetes cluster.")
        String restURL,
    @JsonPropertyDescription("Whether its pod is ready.") Boolean ready) {}
