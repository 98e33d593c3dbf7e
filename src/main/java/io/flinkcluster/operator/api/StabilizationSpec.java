package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** How long a need must last before the size follows it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StabilizationSpec(
    @JsonPropertyDescription(
            "How long more TaskManagers must be needed before they are asked for, at least 30s."
                + " A change touches nothing that runs.")
        @Default("90s")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String up,
    @JsonPropertyDescription(
            "How long fewer TaskManagers must have been enough before some are given back, at most"
                + " 1h. A change touches nothing that runs.")
        @Default("15m")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String down) {}
