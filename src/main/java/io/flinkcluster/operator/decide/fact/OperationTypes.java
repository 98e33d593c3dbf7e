package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;

/**
 * What an operation of each type may do; the one place that says so.
 *
 * @param stopsJob whether the running job is stopped by it
 * @param keepsRestorePoint whether the restore point from before it is kept until it has ended, so
 *     that a rollback finds it
 * @param reversible whether the last spec that ran is started again where it fails
 * @param retriesFailedJob whether a start whose job fails is tried again: it ran from the same
 *     state before, so that its failure tells of its surroundings
 * @param phase of the cluster while it is under way
 */
public record OperationTypes(
    boolean stopsJob,
    boolean keepsRestorePoint,
    boolean reversible,
    boolean retriesFailedJob,
    Phase phase) {

  /** The row of this type. */
  public static OperationTypes of(OperationType type) {
    return switch (type) {
      case Start -> new OperationTypes(false, false, false, false, Phase.Starting);
      case Rescale -> new OperationTypes(true, true, true, false, Phase.Changing);
      case RescaleInPlace -> new OperationTypes(false, false, true, false, Phase.Changing);
      case Upgrade -> new OperationTypes(true, true, true, false, Phase.Changing);
      case Restart -> new OperationTypes(true, true, true, false, Phase.Changing);
      case Rerun -> new OperationTypes(true, false, false, false, Phase.Starting);
      case Recovery -> new OperationTypes(true, false, false, true, Phase.Recovering);
      case Suspend -> new OperationTypes(true, false, false, false, Phase.Suspending);
      case Resume -> new OperationTypes(false, false, false, true, Phase.Starting);
      case Savepoint -> new OperationTypes(false, false, false, false, Phase.Running);
      case Rollback -> new OperationTypes(true, true, false, true, Phase.RollingBack);
      case Delete -> new OperationTypes(true, false, false, false, Phase.Deleting);
    };
  }

  /**
   * The phase of the cluster while this operation is under way. Before the first start, and before
   * a resume, nothing runs while remains of an earlier start are removed.
   */
  public static Phase phase(OperationStatus operation) {
    Phase phase = of(operation.type()).phase();
    return phase == Phase.Starting && operation.stage() == OperationStage.Stopping
        ? Phase.Pending
        : phase;
  }
}
