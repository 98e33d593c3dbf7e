package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** The size of a start whose size was changed while it ran, or is to be. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SizeStatus(
    @JsonPropertyDescription(
            "Parallelism of the job; of a session cluster the number of its slots.")
        Integer parallelism,
    @JsonPropertyDescription("Number of TaskManagers.") Integer taskManagers,
    @JsonPropertyDescription(
            "Ids of the vertices whose parallelism the job's own code fixes; they keep it.")
        List<String> fixed) {}
