package io.flinkcluster.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Labels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Kubernetes names of a cluster's state is found wherever it stands. */
class StorageReferencesTest {
  private static final String UID = "11111111-2222-3333-4444-555555555555";

  private static FlinkCluster cluster(String uid, String spec, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata: {name: a, namespace: shop, uid: %s}
        spec: %s
        status: %s
        """
            .formatted(uid, spec, status),
        FlinkCluster.class);
  }

  private static ConfigMap object(long epoch, String text) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName("a-config-" + epoch)
        .withLabels(Map.of(Labels.EPOCH, Long.toString(epoch)))
        .endMetadata()
        .withData(Map.of("config.yaml", text))
        .build();
  }

  private static String path(long epoch, int checkpoint) {
    return "s3://bucket/flink/" + Ids.jobId(UID, epoch) + "/chk-" + checkpoint;
  }

  @Test
  void startsThatAreNamedStay() {
    String recovery = new ClusterNames("shop", "a").highAvailabilityOf(UID);
    FlinkCluster cluster =
        cluster(
            UID,
            "{job: {initialSavepoint: \"%s/\"}}".formatted(path(2, 1)),
            """
            {launch: {epoch: 20, jobId: %s, restoredFrom: "s3://b/savepoint-1-2"}, lastStable: {epoch: 15},
             operations: [{epoch: 19, message: "%s"}],
             savepoints: [{path: "s3://b/savepoint-3-4", jobId: %s}],
             conditions: [{type: Ready, status: "True", message: "%s"}]}
            """
                .formatted(Ids.jobId(UID, 20), path(7, 1), Ids.jobId(UID, 6), path(8, 1)));
    FlinkCluster other =
        cluster("other", "{job: {initialSavepoint: \"%s\"}}".formatted(path(3, 9)), "{}");

    StorageReferences found =
        StorageReferences.of(
            cluster,
            List.of(
                object(
                    18, "args: [--fromSavepoint, '" + path(4, 2) + "']\nid: " + recovery + "12")),
            List.of(other));

    assertThat(found.last()).isEqualTo(20);
    assertThat(found.starts()).containsExactlyInAnyOrder(2L, 3L, 4L, 12L, 15L, 18L, 20L);
    assertThat(found.snapshots())
        .containsExactlyInAnyOrder(
            path(2, 1), path(4, 2), "s3://b/savepoint-1-2", "s3://b/savepoint-3-4");
  }

  @Test
  void aStartThatIsBeingMadeIsTheLast() {
    FlinkCluster cluster =
        cluster(
            UID,
            "{}",
            "{launch: {epoch: 4}, operation: {epoch: 5, savepoint: \"file:/s/savepoint-a\"}}");

    StorageReferences found = StorageReferences.of(cluster, List.of(), List.of());

    assertThat(found.last()).isEqualTo(5);
    assertThat(found.starts()).containsExactly(4L, 5L);
    assertThat(found.snapshots()).containsExactly("file:/s/savepoint-a");
  }
}
