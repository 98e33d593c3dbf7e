package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** How a change of size is carried out. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RescaleSpec(
    @JsonPropertyDescription(
            "How a change of job.parallelism or taskManager.replicas is carried out. Savepoint: stop"
                + " with a savepoint and restart. InPlace: Flink's adaptive scheduler is asked, and"
                + " the job goes on from its newest checkpoint within the same JobManager; what"
                + " cannot be done so is refused. Auto: in place where possible, else by savepoint."
                + " An operator whose parallelism the code fixes keeps it where it differs from the"
                + " job's; one that must stay at 1 needs setMaxParallelism(1). Other changes restart the job with"
                + " its state in every mode. A change restarts the job with its state where it is"
                + " from or to Savepoint, since Flink gets another scheduler then.")
        @Default("Savepoint")
        RescaleMode mode) {}
