package io.flinkcluster.operator.model;

import io.flinkcluster.operator.api.Reason;
import java.util.Optional;

/**
 * A pod of the cluster.
 *
 * @param epoch the start it belongs to
 * @param gated whether it waits for its scheduling gate to be removed
 * @param running whether its Flink container runs
 * @param ready whether it is ready
 * @param deleting whether its deletion has begun
 * @param flinkRestarts how often its Flink container was started again
 * @param trouble why it does not come up, in the pod's own words
 * @param goesFirst whether it is marked to be removed before others of its Deployment
 */
public record PodSeen(
    String name,
    String uid,
    Component component,
    long epoch,
    boolean gated,
    boolean running,
    boolean ready,
    boolean deleting,
    int flinkRestarts,
    Optional<String> podIP,
    Optional<String> hostIP,
    Optional<String> node,
    Optional<Trouble> trouble,
    boolean goesFirst) {

  /** A pod without a mark. */
  public PodSeen(
      String name,
      String uid,
      Component component,
      long epoch,
      boolean gated,
      boolean running,
      boolean ready,
      boolean deleting,
      int flinkRestarts,
      Optional<String> podIP,
      Optional<String> hostIP,
      Optional<String> node,
      Optional<Trouble> trouble) {
    this(
        name,
        uid,
        component,
        epoch,
        gated,
        running,
        ready,
        deleting,
        flinkRestarts,
        podIP,
        hostIP,
        node,
        trouble,
        false);
  }

  /** What keeps a pod from coming up. */
  public record Trouble(Reason reason, String message) {}

  /** The same pod with this explanation of its trouble. */
  public PodSeen withTrouble(Optional<Trouble> trouble) {
    return new PodSeen(
        name,
        uid,
        component,
        epoch,
        gated,
        running,
        ready,
        deleting,
        flinkRestarts,
        podIP,
        hostIP,
        node,
        trouble,
        goesFirst);
  }
}
