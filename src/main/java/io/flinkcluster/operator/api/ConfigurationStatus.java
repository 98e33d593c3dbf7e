package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The effective Flink configuration of the current start. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConfigurationStatus(
    @JsonPropertyDescription(
            "ConfigMap whose key effective.yaml has every option with where it comes from.")
        String configMap,
    @JsonPropertyDescription(
            "Hash of all options and their values; equal for two starts that Flink would see no"
                + " difference between.")
        String fingerprint) {}
