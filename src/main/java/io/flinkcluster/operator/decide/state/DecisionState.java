package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import java.util.Optional;

/**
 * The states between which decisions move. Each is read from what is recorded and from whether the
 * resource is being deleted, never from the world.
 */
public enum DecisionState {
  /** What is recorded makes no sense: a newer operator wrote it, or somebody by hand. */
  Unreadable("the status makes no sense"),
  /** No operation, and nothing was ever started. */
  NothingStarted("no operation; nothing was ever started"),
  /** No operation, and the current start was stopped for good. */
  Stopped("no operation; suspended, or a start failed for good"),
  /** No operation, and the current start is meant to run. */
  Running("no operation; the current start is meant to run"),
  /** A change is only shown. */
  Planned("the change is shown, not made"),
  /** TaskManagers of the next start come up while the job runs on. */
  Preparing("TaskManagers of the next start come up; the job runs on"),
  /** A savepoint is wanted; the job must run first. */
  WaitingForJob("a savepoint is wanted, Flink was not asked yet"),
  /** Flink was asked for a savepoint. */
  Savepointing("Flink was asked for a savepoint, or may have been"),
  /** The savepoint is complete. */
  AwaitingJobEnd("the savepoint is complete, the job has not ended"),
  /** The job is being cancelled. */
  Cancelling("the job is being cancelled"),
  /** Old JobManagers go. */
  Stopping("JobManagers of earlier starts are removed"),
  /** The new job comes up. */
  Starting("the new JobManager and its job come up"),
  /** The new job runs. */
  Verifying("all tasks run; what was restored is compared"),
  /** A rescale in place is only shown. */
  InPlacePlanned("the rescale in place is shown, not made"),
  /** More TaskManagers of the same start come up. */
  InPlacePreparing("TaskManagers for the new size come up"),
  /** A checkpoint is awaited. */
  Checkpointing("a checkpoint is awaited before the tasks restart"),
  /** Flink has the new size. */
  Resizing("Flink was asked for the new size, or may have been"),
  /** The resource is being deleted and nothing is written down yet. */
  DeletionRequested("the resource is being deleted, nothing is recorded yet"),
  /** Of a deletion: storage is cleaned. */
  CleaningUp("a pod removes what high availability left in storage"),
  /** Of a deletion: objects go. */
  Removing("the objects of the cluster are going"),
  /** The end of the deletion is recorded. */
  Removed("the end of the deletion is recorded");

  private final String meaning;

  DecisionState(String meaning) {
    this.meaning = meaning;
  }

  /** What is the case in this state, for people. */
  public String meaning() {
    return meaning;
  }

  /** The state that this situation is in, unless what is recorded makes no sense. */
  public static DecisionState of(RecordedState recorded, boolean deleting) {
    Optional<OperationStatus> operation = recorded.operation();
    if (deleting && operation.filter(o -> o.type() == OperationType.Delete).isEmpty()) {
      return operation.isEmpty() && endOfDeletion(recorded).isPresent()
          ? Removed
          : DeletionRequested;
    }
    if (operation.isPresent()) {
      return of(operation.get());
    }
    if (recorded.launch().isEmpty()) {
      return NothingStarted;
    }
    return recorded.launch().get().stoppedAt() == null ? Running : Stopped;
  }

  /** The record of the deletion, where that is what happened last. */
  public static Optional<OperationRecord> endOfDeletion(RecordedState recorded) {
    return recorded.operations().stream().findFirst().filter(o -> o.type() == OperationType.Delete);
  }

  private static DecisionState of(OperationStatus operation) {
    boolean inPlace = operation.type() == OperationType.RescaleInPlace;
    return switch (operation.stage()) {
      case Planned -> inPlace ? InPlacePlanned : Planned;
      case Preparing -> inPlace ? InPlacePreparing : Preparing;
      case WaitingForJob -> WaitingForJob;
      case Savepointing -> Savepointing;
      case AwaitingJobEnd -> AwaitingJobEnd;
      case Cancelling -> Cancelling;
      case Checkpointing -> Checkpointing;
      case Resizing -> Resizing;
      case Stopping -> Stopping;
      case Starting -> Starting;
      case Verifying -> Verifying;
      case CleaningUp -> CleaningUp;
      case Removing -> Removing;
    };
  }
}
