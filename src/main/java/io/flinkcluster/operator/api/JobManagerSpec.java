package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** The JobManager: coordinates the job. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobManagerSpec(
    @JsonPropertyDescription(
            "How many JobManagers run; all but one are standbys. More than one needs"
                + " highAvailability.enabled. A change restarts the job with its state.")
        @Default("1")
        @Min(1)
        @Max(10)
        Integer replicas,
    @JsonPropertyDescription(
            "Requests and limits of the JobManager; without a memory limit the request is the"
                + " process size, without either it is 1600Mi. A change restarts the job with its"
                + " state.")
        Resources resources,
    @JsonPropertyDescription(
            "A pod template merged over the rendered JobManager pod, after spec.podTemplate, by"
                + " name: containers, volumes, env, ports. The Flink container is named flink. A"
                + " change restarts the job with its state.")
        ObjectNode podTemplate) {}
