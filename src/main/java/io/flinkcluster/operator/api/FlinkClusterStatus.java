package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import java.util.List;

/** What the operator saw and does. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FlinkClusterStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about; -1: none yet.")
        @Default("-1")
        Long observedGeneration,
    @JsonPropertyDescription("Ready, Reconciling, Stalled, ConfigValid and StateSafe.")
        List<Condition> conditions,
    @JsonPropertyDescription("One word for people.") Phase phase,
    @JsonPropertyDescription("What the running job reports.") JobStatus job,
    @JsonPropertyDescription("The JobManager as observed.") JobManagerStatus jobManager,
    @JsonPropertyDescription("The TaskManagers as observed.") TaskManagersStatus taskManagers,
    @JsonPropertyDescription("The change under way; written before its effect.")
        OperationStatus operation,
    @JsonPropertyDescription(
            "The last ten operations, newest first, and of the savepoints by schedule the newest.")
        List<OperationRecord> operations,
    @JsonPropertyDescription("What a restart would use now.") RestorePoint restorePoint,
    @JsonPropertyDescription(
            "Known savepoints, newest first; of those that savepointHistory does not limit, 20.")
        List<SavepointStatus> savepoints,
    @JsonPropertyDescription("Identity of the current start.") LaunchStatus launch,
    @JsonPropertyDescription("Its effective Flink configuration.")
        ConfigurationStatus configuration,
    @JsonPropertyDescription("The last spec that ran.") LastStable lastStable,
    @JsonPropertyDescription("The last tokens of actions that were served.") ActionsStatus actions,
    @JsonPropertyDescription("What the size of the job should be, and why; unset: not evaluated.")
        AutoscalingStatus autoscaling) {

  /** Nothing is evaluated. */
  public FlinkClusterStatus(
      Long observedGeneration,
      List<Condition> conditions,
      Phase phase,
      JobStatus job,
      JobManagerStatus jobManager,
      TaskManagersStatus taskManagers,
      OperationStatus operation,
      List<OperationRecord> operations,
      RestorePoint restorePoint,
      List<SavepointStatus> savepoints,
      LaunchStatus launch,
      ConfigurationStatus configuration,
      LastStable lastStable,
      ActionsStatus actions) {
    this(
        observedGeneration,
        conditions,
        phase,
        job,
        jobManager,
        taskManagers,
        operation,
        operations,
        restorePoint,
        savepoints,
        launch,
        configuration,
        lastStable,
        actions,
        null);
  }
}
