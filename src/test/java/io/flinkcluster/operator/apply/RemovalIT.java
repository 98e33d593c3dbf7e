package io.flinkcluster.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the API server makes of preconditions. */
@RealApiServer
class RemovalIT {
  private final KubernetesClient client;
  private final String namespace;
  private final ClusterKey cluster;
  private final ClusterNames names;
  private final ActionRunner runner;

  RemovalIT(TestNamespace namespace) {
    this.client = namespace.client();
    this.namespace = namespace.name();
    this.cluster = new ClusterKey(namespace.name(), "a", "ours");
    this.names = new ClusterNames(namespace.name(), "a");
    this.runner = new ActionRunner(client, null, null);
  }

  private ConfigMap create(String name, Map<String, String> labels) {
    return client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
  }

  private boolean exists(String name) {
    return client.configMaps().inNamespace(namespace).withName(name).get() != null;
  }

  /** As by an operator that was paused meanwhile. */
  @Test
  void whatTookTheNameSinceIsLeftAlone() {
    ConfigMap former = create("one", Map.of());
    client.resource(former).delete();
    ConfigMap present = create("one", Map.of());

    Removal.of(client, former);
    assertThat(exists("one")).isTrue();
    Removal.of(client, present);
    assertThat(exists("one")).isFalse();
    Removal.of(client, present);
  }

  @Test
  void highAvailabilityDataOfForgottenStartsIsRemovedAndThatOfOthersKept() {
    List<String> ids =
        List.of(
            names.highAvailability("ours", 1),
            names.highAvailability("ours", 12),
            names.highAvailability("ours", 13),
            names.highAvailability("theirs", 1));
    ids.forEach(id -> create(id + "-map", Map.of("app", id, "type", "flink-native-kubernetes")));

    List<Action> acts = List.of(new Action.RemoveHighAvailabilityData(List.of(ids.get(1))));
    assertThat(runner.run(cluster, Optional.empty(), ChildMetadataSpec.NONE, acts)).isEmpty();

    assertThat(ids.stream().filter(id -> exists(id + "-map")))
        .containsExactly(ids.get(2), ids.get(3));
  }

  @Test
  void theMemoryOfAnEarlierClusterIsWrittenOverButNotWhatSomebodyElseMade() {
    List<Action> acts =
        List.of(new Action.RememberFinalSavepoint("s3://b/s-1", "j", List.of(), Optional.empty()));
    create("a-final-savepoint", Map.of("app", "shop"));
    assertThat(runner.run(cluster, Optional.empty(), ChildMetadataSpec.NONE, acts))
        .singleElement()
        .asString()
        .contains("s3://b/s-1", "a-final-savepoint", "delete or rename it");

    client.configMaps().inNamespace(namespace).withName("a-final-savepoint").delete();
    assertThat(runner.run(cluster, Optional.empty(), ChildMetadataSpec.NONE, acts)).isEmpty();
    var later =
        List.<Action>of(
            new Action.RememberFinalSavepoint("s3://b/s-2", "j", List.of(), Optional.empty()));
    assertThat(runner.run(cluster, Optional.empty(), ChildMetadataSpec.NONE, later)).isEmpty();
    assertThat(
            client
                .configMaps()
                .inNamespace(namespace)
                .withName("a-final-savepoint")
                .get()
                .getData())
        .containsEntry("path", "s3://b/s-2");
  }
}
