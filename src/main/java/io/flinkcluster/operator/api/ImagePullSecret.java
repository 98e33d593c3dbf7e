package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Secret with the credentials of an image registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImagePullSecret(
    @JsonPropertyDescription(
            "Name of a Secret of type kubernetes.io/dockerconfigjson. A change restarts the job with"
                + " its state.")
        @Required
        @Size(min = 1, max = 253)
        String name) {}
