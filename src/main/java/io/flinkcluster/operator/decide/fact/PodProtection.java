package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedPod.Preparation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * While an operation is under way no node is to be taken away under running pods to save money: the
 * pods carry annotations that say so to Karpenter and to the Cluster Autoscaler. At rest they do
 * not, so that nodes can be consolidated then.
 */
public final class PodProtection {

  /** So many requests delay nothing; the others follow when the change of these pods is heard. */
  private static final int AT_ONCE = 25;

  /** A start that is tried again for ever keeps no node for ever. */
  private static final int TRIES = 3;

  private PodProtection() {}

  /** Which pods are to be told now; empty: none. Not all at once. */
  public static Optional<Action.ProtectPods> of(Situation s) {
    Optional<OperationStatus> operation = s.recorded().operation().filter(o -> isProtected(s, o));
    if (operation.isEmpty()) {
      return action(false, pods(s).filter(p -> p.protection().marked()));
    }
    return putsOn(operation.get())
        ? action(true, pods(s).filter(PodProtection::lacks))
        : Optional.empty();
  }

  /**
   * A plan does nothing yet, and a first start has nothing to lose. A savepoint by schedule is
   * taken again if it fails, and would cost two requests for each pod each time.
   */
  private static boolean isProtected(Situation s, OperationStatus operation) {
    boolean scheduled =
        operation.type() == OperationType.Savepoint
            && operation.triggerKind() == TriggerKind.Schedule;
    return !scheduled && mayKeepNodes(s, operation);
  }

  /** Whether it has something to lose, and will not keep its nodes for ever. */
  static boolean mayKeepNodes(Situation s, OperationStatus operation) {
    boolean endless =
        Timeouts.overdue(operation, s.now())
            || (operation.retries() != null && operation.retries() >= TRIES);
    return operation.stage() != OperationStage.Planned
        && operation.type() != OperationType.Start
        && !endless;
  }

  /**
   * Not from when the job has its savepoint until the next one comes up: the pods that run are on
   * their way out, those that are prepared have it, and every moment counts.
   */
  private static boolean putsOn(OperationStatus operation) {
    return switch (operation.stage()) {
      case Preparing, WaitingForJob, Savepointing, Checkpointing, Resizing, Starting, Verifying ->
          true;
      case Planned, AwaitingJobEnd, Cancelling, Stopping, CleaningUp, Removing -> false;
    };
  }

  private static Stream<ObservedPod> pods(Situation s) {
    return s.seen().pods().stream().filter(p -> !p.deleting());
  }

  private static boolean lacks(ObservedPod pod) {
    boolean runs = pod.running() || (pod.held() && pod.preparation() != Preparation.COMING_UP);
    return runs && !pod.protection().marked() && !pod.protection().free().isEmpty();
  }

  private static Optional<Action.ProtectPods> action(boolean on, Stream<ObservedPod> pods) {
    List<Action.ProtectPods.Pod> some =
        pods.limit(AT_ONCE)
            .map(
                p ->
                    new Action.ProtectPods.Pod(
                        p.name(), p.uid(), on ? p.protection().free() : p.protection().own()))
            .toList();
    return some.isEmpty() ? Optional.empty() : Optional.of(new Action.ProtectPods(on, some));
  }
}
