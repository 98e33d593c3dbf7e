package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** How a change of size is carried out. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RescaleSpec(
    @JsonPropertyDescription(
            "Savepoint: stop with a savepoint and restart. InPlace: resource requirements of the"
                + " adaptive scheduler. Auto: in place where possible, else by savepoint. A change"
                + " restarts the job with its state.")
        @Default("Savepoint")
        RescaleMode mode) {}
