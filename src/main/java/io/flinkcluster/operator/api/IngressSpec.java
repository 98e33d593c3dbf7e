package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** An Ingress for the REST API and web UI. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngressSpec(
    @JsonPropertyDescription(
            "Host name of the web UI; unset: every host that the ingress controller serves. A"
                + " change touches nothing that runs.")
        @Size(min = 1, max = 253)
        String host,
    @JsonPropertyDescription(
            "Path of the web UI; unset: /. Flink knows no path of its own, so that the ingress"
                + " controller must take it off, by its annotations; the UI is then opened with a"
                + " slash at the end. A change touches nothing that runs.")
        @Size(min = 1, max = 512)
        @Pattern("^/[^\\s]*$")
        String path,
    @JsonPropertyDescription(
            "How the path is matched: Prefix (default), Exact or ImplementationSpecific, which"
                + " rewriting by a regular expression may need. A change touches nothing that"
                + " runs.")
        @Pattern("^(Prefix|Exact|ImplementationSpecific)$")
        String pathType,
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
