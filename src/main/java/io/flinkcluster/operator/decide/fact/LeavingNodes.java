package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.ObservedPod;
import java.util.Map;
import java.util.Optional;

/** Nodes that are about to go, and carry pods of the present start. */
public final class LeavingNodes {

  private LeavingNodes() {}

  /**
   * Why the job should be moved, as the trigger of an operation; empty: it need not be. For one
   * node that is tried once: where its pods tolerate what keeps others away they come back to it.
   */
  public static Optional<String> trigger(Situation s) {
    Map<String, String> leaving = s.seen().leavingNodes();
    return s.seen().pods().stream()
        .filter(pod -> pod.epoch() == s.launch().epoch() && !pod.deleting() && !pod.ended())
        .map(ObservedPod::node)
        .flatMap(Optional::stream)
        .filter(leaving::containsKey)
        .sorted()
        .filter(node -> !tried(s, node))
        .map(node -> named(node) + "(" + leaving.get(node) + ")")
        .findFirst();
  }

  private static String named(String node) {
    return "node " + node + " is about to go ";
  }

  private static boolean tried(Situation s, String node) {
    return s.recorded().operations().stream()
        .filter(o -> o.triggerKind() == TriggerKind.NodeLeaves && o.trigger() != null)
        .anyMatch(o -> o.trigger().startsWith(named(node)));
  }

  /**
   * Whether the operation moves a job from a node that is about to go: what runs there gives no
   * room, so that the job is not stopped before all of the next start has a place.
   */
  public static boolean moves(OperationStatus operation) {
    return operation.triggerKind() == TriggerKind.NodeLeaves;
  }
}
