package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads from a node whether it is about to go. */
final class NodeReader {
  /**
   * Of Karpenter ({@code pkg/apis/v1/taints.go}; before 1.0 the second) and of the Cluster
   * Autoscaler ({@code utils/taints/taints.go}).
   */
  private static final Set<String> LEAVES =
      Set.of("karpenter.sh/disrupted", "karpenter.sh/disruption", "ToBeDeletedByClusterAutoscaler");

  /**
   * Of the AWS Node Termination Handler, one for each kind of notice ({@code pkg/node/node.go}).
   */
  private static final String TERMINATION_HANDLER = "aws-node-termination-handler/";

  private NodeReader() {}

  /** What says that it is about to go; empty: it stays. */
  static Optional<String> leaves(Node node) {
    if (node.getMetadata().getDeletionTimestamp() != null) {
      return Optional.of("it is being deleted");
    }
    boolean cordoned = Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    return taints(node)
        .map(Taint::getKey)
        .filter(key -> LEAVES.contains(key) || key.startsWith(TERMINATION_HANDLER))
        .sorted()
        .map(key -> "taint " + key)
        .findFirst()
        .or(() -> cordoned ? Optional.of("it is cordoned") : Optional.empty());
  }

  private static Stream<Taint> taints(Node node) {
    return Stream.ofNullable(node.getSpec().getTaints()).flatMap(List::stream);
  }
}
