package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/** How the size of a job follows its load. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutoscalingSpec(
    @JsonPropertyDescription(
            "Off: the size is that of the spec. Recommend: status.autoscaling tells what the size"
                + " should be, and nothing is done. Apply: it is done, as rescale.mode says; the"
                + " chosen size stands in status.autoscaling.chosen, never in the spec. An edit of"
                + " taskManager.replicas, taskManager.taskSlots or job.parallelism then wins, until"
                + " mode was something else for a moment. Back from Apply a change rescales the job"
                + " to the size of the spec.")
        @Default("Off")
        AutoscalingMode mode,
    @JsonPropertyDescription("Fewest TaskManagers. A change rescales the job where it has fewer.")
        @Default("1")
        @Min(1)
        Integer minReplicas,
    @JsonPropertyDescription(
            "Most TaskManagers; needed for mode Apply, unset: as many as job.maxParallelism can"
                + " use. A change rescales the job where it has more.")
        @Min(1)
        Integer maxReplicas,
    @JsonPropertyDescription(
            "Share of their time in which tasks should work, in percent. A change touches nothing"
                + " that runs.")
        @Default("70")
        @Min(10)
        @Max(95)
        Integer targetUtilization,
    @JsonPropertyDescription(
            "How far behind the sources may be, in time, before more TaskManagers are taken to catch"
                + " up. A change touches nothing that runs.")
        @Default("1m")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String maxLag,
    @JsonPropertyDescription(
            "Within which time a lag should be worked off, at least 1m. A change touches nothing"
                + " that runs.")
        @Default("10m")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String catchUp,
    @JsonPropertyDescription("How long a need must last before the size follows it.")
        StabilizationSpec stabilization,
    @JsonPropertyDescription(
            "Most of the TaskManagers that are given back at once, in percent; one always may be. A"
                + " change touches nothing that runs.")
        @Default("60")
        @Min(1)
        @Max(100)
        Integer maxScaleDownPercent,
    @JsonPropertyDescription("Hours in which the size is left as it is.") @Size(max = 16)
        List<QuietHoursSpec> quietHours,
    @JsonPropertyDescription(
            "true: the size is left as it is, and what it should be is told. A change touches nothing"
                + " that runs.")
        @Default("false")
        Boolean freeze,
    @JsonPropertyDescription(
            "Most tasks of a vertex, by its name as Flink shows it: more of them are never reckoned"
                + " with, as for a sink with a limited number of connections. A change touches"
                + " nothing that runs.")
        @Size(max = 64)
        Map<String, Integer> vertexMaxParallelism) {}
