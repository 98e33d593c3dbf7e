package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The last tokens of one-off actions that were served. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ActionsStatus(
    @JsonPropertyDescription(
            "Last served value of the annotation flinkcluster.io/savepoint; written when its savepoint has ended, well or badly: operations[] tells how. A value longer than 256 characters is cut.")
        String savepoint,
    @JsonPropertyDescription("Last served value of the annotation flinkcluster.io/restart.")
        String restart) {}
