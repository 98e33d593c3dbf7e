package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Compute resources of one process. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Resources(
    @JsonPropertyDescription(
            "What the scheduler reserves, for instance cpu: \"1\", memory: 2Gi. A change restarts"
                + " the job with its state.")
        @Size(max = 16)
        Map<String, Quantity> requests,
    @JsonPropertyDescription(
            "What the process may use at most. The memory limit becomes Flink's process size. A"
                + " change restarts the job with its state.")
        @Size(max = 16)
        Map<String, Quantity> limits) {}
