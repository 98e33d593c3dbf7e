package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** An Ingress for the REST API and web UI. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngressSpec(
    @JsonPropertyDescription("Host name of the web UI. A change touches nothing that runs.")
        @Required
        @Size(min = 1, max = 253)
        String host,
    @JsonPropertyDescription(
            "Ingress class; unset: the cluster's default. A change touches nothing that runs.")
        @Size(max = 253)
        String className,
    @JsonPropertyDescription("Annotations of the Ingress. A change touches nothing that runs.")
        @Size(max = 64)
        Map<String, String> annotations,
    @JsonPropertyDescription(
            "Secret with the certificate for the host; unset: no TLS. A change touches nothing that"
                + " runs.")
        @Size(max = 253)
        String tlsSecretName) {}
