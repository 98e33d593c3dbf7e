package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** On which nodes the pods of a cluster are placed. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlacementSpec(
    @JsonPropertyDescription(
            "Over which availability zones, by the node label topology.kubernetes.io/zone. Any:"
                + " wherever there is room. Same: all pods of a start in one zone, whichever the"
                + " first finds room in, so that no record that TaskManagers exchange is paid for as"
                + " traffic between zones; the next start may choose another one, and on nodes"
                + " without that label no pod is placed. Spread: the TaskManagers evenly over the"
                + " zones as far as there is room. For one certain zone write it as nodeSelector in"
                + " podTemplate. A change restarts the job with its state.")
        @Default("Any")
        ZonePlacement zones) {}
