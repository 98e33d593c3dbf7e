package io.flinkcluster.operator.bench;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.StepStatus;
import java.util.Objects;

/**
 * How long an operation took, as its record says.
 *
 * @param result how it ended
 * @param preparing seconds in which the new pods were prepared beside the running job
 * @param savepoint seconds from the request for the savepoint to the end of the old job
 * @param downtime seconds without all tasks running; 0 where no running job was stopped
 * @param whole seconds from its beginning to its end
 */
record OperationTimes(
    String result, double preparing, double savepoint, double downtime, double whole) {
  static OperationTimes of(OperationRecord operation) {
    return new OperationTimes(
        operation.result().name(),
        in(operation, OperationStage.Preparing),
        in(operation, OperationStage.Savepointing),
        operation.downtime() == null ? 0 : seconds(operation.downtime()),
        operation.steps().stream()
            .map(StepStatus::duration)
            .filter(Objects::nonNull)
            .mapToDouble(OperationTimes::seconds)
            .sum());
  }

  private static double in(OperationRecord operation, OperationStage stage) {
    return operation.steps().stream()
        .filter(step -> step.name() == stage && step.duration() != null)
        .mapToDouble(step -> seconds(step.duration()))
        .sum();
  }

  private static double seconds(String text) {
    if (!text.endsWith("s")) {
      throw new IllegalArgumentException("not in seconds: " + text);
    }
    return Double.parseDouble(text.substring(0, text.length() - 1));
  }
}
