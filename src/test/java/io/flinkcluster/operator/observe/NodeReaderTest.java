package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeReaderTest {
  private static NodeBuilder node() {
    return new NodeBuilder().withNewMetadata().withName("n").endMetadata().withNewSpec().endSpec();
  }

  private static Node tainted(String key, String effect) {
    return node().editSpec().addNewTaint(effect, key, null, null).endSpec().build();
  }

  @Test
  void mostStay() {
    assertThat(NodeReader.leaves(node().build())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "karpenter.sh/disrupted, NoSchedule",
    "karpenter.sh/disruption, NoSchedule",
    "ToBeDeletedByClusterAutoscaler, NoSchedule",
    "aws-node-termination-handler/spot-itn, NoSchedule",
    "aws-node-termination-handler/asg-lifecycle-termination, NoSchedule"
  })
  void aTaintOfWhatTakesNodesAwayIsNamed(String key, String effect) {
    assertThat(NodeReader.leaves(tainted(key, effect))).contains("taint " + key);
  }

  @ParameterizedTest
  @CsvSource({
    "DeletionCandidateOfClusterAutoscaler, PreferNoSchedule",
    "node.kubernetes.io/memory-pressure, NoSchedule",
    "team, NoSchedule"
  })
  void anotherTaintSaysNothing(String key, String effect) {
    assertThat(NodeReader.leaves(tainted(key, effect))).isEmpty();
  }

  @Test
  void aCordonedNodeLeavesAndATaintSaysMore() {
    Node cordoned = node().editSpec().withUnschedulable(true).endSpec().build();
    assertThat(NodeReader.leaves(cordoned)).contains("it is cordoned");
    Node both =
        new NodeBuilder(cordoned)
            .editSpec()
            .addNewTaint("NoSchedule", "karpenter.sh/disrupted", null, null)
            .endSpec()
            .build();
    assertThat(NodeReader.leaves(both)).contains("taint karpenter.sh/disrupted");
  }

  @Test
  void aNodeThatIsDeletedLeaves() {
    Node deleted =
        node().editMetadata().withDeletionTimestamp("2026-01-01T00:00:00Z").endMetadata().build();
    assertThat(NodeReader.leaves(deleted)).contains("it is being deleted");
  }
}
