package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedPod;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Nodes that are about to go, and carry pods of the present start. */
public final class LeavingNodes {

  private LeavingNodes() {}

  /**
   * The spec with which the job could be moved: the one that runs. A session cluster would lose its
   * jobs, and a job that is upgraded stateless its state, which a restart by Flink itself keeps; a
   * spec that is yet to be made, or has failed, is not made for a node.
   */
  public static Optional<CheckedCluster> movable(Situation s) {
    return s.wanted()
        .filter(w -> !w.spec().suspend() && w.stateful())
        .filter(w -> w.fingerprint().equals(s.launch().fingerprint()))
        .filter(w -> LaunchFacts.allTasksRun(s, s.launch()));
  }

  /**
   * Why the job should be moved, as the trigger of an operation; empty: it need not be. For one
   * node that is tried once: where its pods tolerate what keeps others away they come back to it.
   * One that gave way to another spec was not tried.
   */
  public static Optional<String> trigger(Situation s) {
    return leaving(s)
        .filter(node -> !tried(s, node))
        .map(node -> named(node) + "(" + known(s).get(node) + ")")
        .findFirst();
  }

  private static Map<String, String> known(Situation s) {
    return s.seen().leavingNodes().orElse(Map.of());
  }

  /** Those that carry pods of the present start, by name. */
  private static Stream<String> leaving(Situation s) {
    return s.seen().pods().stream()
        .filter(pod -> pod.epoch() == s.launch().epoch() && !pod.deleting() && !pod.ended())
        .map(ObservedPod::node)
        .flatMap(Optional::stream)
        .filter(known(s)::containsKey)
        .distinct()
        .sorted();
  }

  private static String named(String node) {
    return "node " + node + " is about to go ";
  }

  private static boolean tried(Situation s, String node) {
    return s.recorded().operations().stream()
        .filter(o -> o.triggerKind() == TriggerKind.NodeLeaves && o.trigger() != null)
        .filter(o -> o.result() != OperationResult.Superseded)
        .anyMatch(o -> o.trigger().startsWith(named(node)));
  }

  /**
   * Whether the operation moves a job from a node that is about to go: what runs there gives no
   * room, so that the job is not stopped before all of the next start has a place.
   */
  public static boolean moves(OperationStatus operation) {
    return operation.triggerKind() == TriggerKind.NodeLeaves;
  }

  /**
   * Whether pods may not be evicted: a drain asks again every few seconds, and waits so until the
   * job was moved. Not where it would not be moved, or was in vain, and for no operation that is
   * overdue or tried again and again: no node is kept for ever.
   */
  public static boolean drainWaits(Situation s) {
    Optional<LaunchStatus> launch =
        s.recorded().launch().filter(l -> l.jobId() != null && l.stoppedAt() == null);
    if (s.seen().leavingNodes().isEmpty() || launch.isEmpty() || s.wishes().deleting()) {
      return false;
    }
    return s.recorded()
        .operation()
        .map(o -> PodProtection.mayKeepNodes(s, o))
        .orElseGet(() -> atRest(s));
  }

  /** A spec that is refused changes nothing while no node is about to go. */
  private static boolean atRest(Situation s) {
    boolean runs =
        s.running().filter(CheckedCluster::stateful).isPresent()
            && LaunchFacts.allTasksRun(s, s.launch());
    boolean stays = leaving(s).findAny().isEmpty();
    return runs
        && (stays || (movable(s).isPresent() && leaving(s).noneMatch(node -> tried(s, node))));
  }
}
