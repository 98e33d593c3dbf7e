package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** High availability of the JobManager. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HighAvailabilitySpec(
    @JsonPropertyDescription(
            "Keep the JobManager's recovery data in ConfigMaps and storage, so that a lost"
                + " JobManager continues by itself. A change restarts the job with its state.")
        @Default("false")
        Boolean enabled) {}
