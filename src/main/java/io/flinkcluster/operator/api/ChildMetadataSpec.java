package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** Labels and annotations for everything that is made for a cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChildMetadataSpec(
    @JsonPropertyDescription(
            "Labels, for instance for cost allocation or an admission policy. A change touches"
                + " nothing that runs: pods get it with the next start of the cluster.")
        @Size(max = 32)
        Map<String, @Size(max = 63) String> labels,
    @JsonPropertyDescription(
            "Annotations. A change touches nothing that runs: pods get it with the next start of"
                + " the cluster.")
        @Size(max = 32)
        Map<String, @Size(max = 4096) String> annotations) {

  /** None at all. */
  public static final ChildMetadataSpec NONE = new ChildMetadataSpec(Map.of(), Map.of());
}
