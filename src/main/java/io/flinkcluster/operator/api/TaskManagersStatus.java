package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** The TaskManagers as observed. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskManagersStatus(
    @JsonPropertyDescription("How many pods exist.") @StatusReplicas Integer replicas,
    @JsonPropertyDescription("How many the present start should have.") Integer wanted,
    @JsonPropertyDescription("How many are registered with the JobManager.") Integer ready,
    @JsonPropertyDescription("How many slots they offer.") Integer slots,
    @JsonPropertyDescription("Label selector of the TaskManager pods.") @LabelSelector
        String selector,
    @JsonPropertyDescription("Ready and wanted, for people.") String summary,
    @JsonPropertyDescription("The TaskManagers one by one, by pod name; at most 100.")
        List<Member> members,
    @JsonPropertyDescription(
            "Pods that are ready, and not registered with a JobManager that answers; a pod that stays so for three minutes is replaced, one at a time.")
        List<UnregisteredPod> unregistered) {

  /** One TaskManager. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Member(
      @JsonPropertyDescription("Name of its pod.") String pod,
      @JsonPropertyDescription("Address of its pod.") String podIP,
      @JsonPropertyDescription("Address of its node.") String hostIP,
      @JsonPropertyDescription("Name of its node.") String node,
      @JsonPropertyDescription("Its slots; unset until it is registered.") Integer slots,
      @JsonPropertyDescription("Its free slots; unset until it is registered.") Integer free) {}
}
