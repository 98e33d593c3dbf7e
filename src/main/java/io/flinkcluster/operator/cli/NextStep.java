package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.report.Conditions;
import java.util.Map;

/** What happens next with a cluster, as one or two sentences: by itself, or when a person acts. */
final class NextStep {

  private NextStep() {}

  static String of(FlinkCluster cluster) {
    FlinkClusterStatus status = cluster.getStatus();
    String name = cluster.getMetadata().getName();
    Map<String, String> annotations =
        cluster.getMetadata().getAnnotations() == null
            ? Map.of()
            : cluster.getMetadata().getAnnotations();
    if ("true".equals(annotations.get(Labels.PAUSE))
        && cluster.getMetadata().getDeletionTimestamp() == null) {
      return "nothing: all writes are stopped. To go on: kubectl annotate flc "
          + name
          + " "
          + Labels.PAUSE
          + "-";
    }
    if (unseen(cluster)) {
      return "the operator has not looked at generation "
          + cluster.getMetadata().getGeneration()
          + " yet. If that lasts, see whether it runs: kubectl flinkcluster doctor";
    }
    if (holds(status, Conditions.STALLED)) {
      return "nothing until you act: " + message(status, Conditions.STALLED);
    }
    if (status.operation() != null) {
      return of(status.operation());
    }
    if (status.phase() == Phase.Suspended) {
      return "nothing: kubectl flinkcluster resume " + name + resumed(status);
    }
    if (status.phase() == Phase.Finished) {
      return "nothing: the job has come to its end. kubectl flinkcluster restart "
          + name
          + " runs it again";
    }
    if (holds(status, Conditions.RECONCILING)) {
      return "it is waited for: " + message(status, Conditions.RECONCILING);
    }
    String interval =
        cluster.getSpec().storage() == null
            ? null
            : cluster.getSpec().storage().savepointInterval();
    return "nothing has to be done"
        + (interval == null
            ? ""
            : "; a savepoint is taken when the newest is " + interval + " old");
  }

  private static String resumed(FlinkClusterStatus status) {
    if (status.launch() != null && status.launch().finishedAt() != null) {
      return " runs its job again from the beginning";
    }
    return status.restorePoint() == null
        ? " starts it"
        : " continues from " + status.restorePoint().path();
  }

  /** Whether the operator has not looked at the present spec yet. */
  static boolean unseen(FlinkCluster cluster) {
    FlinkClusterStatus status = cluster.getStatus();
    Long generation = cluster.getMetadata().getGeneration();
    return status == null
        || status.observedGeneration() == null
        || generation != null && status.observedGeneration() < generation;
  }

  static boolean holds(FlinkClusterStatus status, String condition) {
    return Conditions.find(status, condition).filter(c -> "True".equals(c.status())).isPresent();
  }

  static String message(FlinkClusterStatus status, String condition) {
    return Conditions.find(status, condition).map(c -> c.message()).orElse("");
  }

  private static String of(OperationStatus operation) {
    if (operation.stage() == null || operation.type() == null) {
      return "a newer operator is at work: this plugin does not know its words";
    }
    boolean goesOn = operation.type() == OperationType.Savepoint;
    boolean startsNone = operation.epoch() == null;
    return switch (operation.stage()) {
      case Planned -> "nothing: the annotation " + Labels.PLAN + " holds the change back";
      case Preparing ->
          operation.type() == OperationType.RescaleInPlace
              ? "Flink is asked for the new size as soon as the TaskManagers have registered"
              : "the job is stopped as soon as the new pods are up; until then it runs";
      case WaitingForJob -> "Flink is asked for a savepoint as soon as all tasks run";
      case Savepointing ->
          goesOn
              ? "its path is recorded as soon as the savepoint is complete; the job keeps running"
              : "the job is stopped by the savepoint that Flink is writing";
      case AwaitingJobEnd -> "the old JobManager is removed as soon as the job has ended";
      case Cancelling -> "the old JobManager is removed as soon as the job is cancelled";
      case Checkpointing -> "Flink is asked for the new size when the checkpoint is complete";
      case Resizing -> "it is done when every vertex of the job has its new parallelism";
      case Stopping ->
          startsNone
              ? "it is done when no JobManager exists any more"
              : "the new start begins when no JobManager of an earlier one exists any more";
      case Starting -> "what was restored is compared as soon as all tasks run";
      case Verifying -> "it is done when Flink says that it restored what it was to restore";
      case CleaningUp -> "the objects are removed when its storage is cleaned";
      case Removing -> "the resource goes when no object of it is left";
    };
  }
}
