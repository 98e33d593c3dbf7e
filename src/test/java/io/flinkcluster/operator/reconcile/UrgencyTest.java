package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.FlinkCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrgencyTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "{}, START",
        "\"{observedGeneration: -1}\", START",
        "\"{observedGeneration: 2, launch: {epoch: 1}, operation: {type: Start}}\", START",
        "\"{observedGeneration: 2, launch: {epoch: 1}}\", REST",
        "\"{observedGeneration: 1, launch: {epoch: 1}}\", CHANGE",
        "\"{observedGeneration: 2, launch: {epoch: 1}, operation: {type: Upgrade}}\", CHANGE"
      })
  void ofGenerationTwo(String status, Urgency expected) {
    FlinkCluster cluster = cluster(status);
    assertThat(Urgency.of(cluster)).isEqualTo(expected);
    cluster.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    assertThat(Urgency.of(cluster)).isEqualTo(Urgency.CHANGE);
  }

  @Test
  void whatIsNotKnownIsLookedAtAtOnce() {
    assertThat(Urgency.of(null)).isEqualTo(Urgency.CHANGE);
  }

  private static FlinkCluster cluster(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata: {name: c, namespace: n, generation: 2}
        status: %s
        """
            .formatted(status),
        FlinkCluster.class);
  }
}
