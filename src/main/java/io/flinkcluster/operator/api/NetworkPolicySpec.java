package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;

/** The NetworkPolicy of the cluster's pods. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkPolicySpec(
    @JsonPropertyDescription(
            "Whether a NetworkPolicy opens exactly the ports of spec.ports between the right pods."
                + " A change touches nothing that runs.")
        @Default("true")
        Boolean enabled,
    @JsonPropertyDescription(
            "Who may reach the REST port besides the operator; unset: nobody. A change touches"
                + " nothing that runs.")
        @Size(max = 32)
        List<NetworkPolicyPeer> restFrom) {}
