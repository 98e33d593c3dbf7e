package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;

/** The TaskManagers: run the job's tasks. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskManagerSpec(
    @JsonPropertyDescription(
            "How many TaskManagers run; target of kubectl scale, HPA and KEDA. Without"
                + " job.parallelism a change rescales the job: it is stopped with a savepoint and"
                + " started again from it.")
        @Default("1")
        @Min(0)
        @Max(10000)
        @SpecReplicas
        Integer replicas,
    @JsonPropertyDescription(
            "Slots of one TaskManager, each runs one slice of the job. A change restarts the job"
                + " with its state.")
        @Default("1")
        @Min(1)
        @Max(1024)
        Integer taskSlots,
    @JsonPropertyDescription(
            "Requests and limits of one TaskManager; without a memory limit the request is the"
                + " process size, without either it is 1728Mi. A change restarts the job with its"
                + " state.")
        Resources resources,
    @JsonPropertyDescription(
            "A pod template merged over the rendered TaskManager pod, after spec.podTemplate, by"
                + " name: containers, volumes, env, ports. The Flink container is named flink. A"
                + " change restarts the job with its state.")
        ObjectNode podTemplate) {

  /** As many as this, otherwise the same. */
  public TaskManagerSpec withReplicas(Integer replicas) {
    return new TaskManagerSpec(replicas, taskSlots, resources, podTemplate);
  }
}
