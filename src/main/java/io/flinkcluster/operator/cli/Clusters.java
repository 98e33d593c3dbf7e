package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.launched.LaunchedSpecs;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The FlinkClusters of one namespace.
 *
 * @param client closed with it
 */
record Clusters(KubernetesClient client, String namespace) implements AutoCloseable {

  private static final PatchContext MERGED =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager("kubectl-flinkcluster")
          .build();

  private Resource<FlinkCluster> resource(String name) {
    return client.resources(FlinkCluster.class).inNamespace(namespace).withName(name);
  }

  /** The cluster; a failure says what to do where there is none. */
  FlinkCluster get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.REFUSED,
                    "there is no FlinkCluster "
                        + name
                        + " in namespace "
                        + namespace
                        + "; kubectl get flinkclusters -A shows all"));
  }

  Optional<FlinkCluster> find(String name) {
    return Optional.ofNullable(resource(name).get());
  }

  List<FlinkCluster> list() {
    return client.resources(FlinkCluster.class).inNamespace(namespace).list().getItems();
  }

  /** Merges this JSON into it; returns what it is then. */
  FlinkCluster patch(String name, String json) {
    get(name);
    return resource(name).patch(MERGED, json);
  }

  /**
   * Waits for something to become the case.
   *
   * @return the cluster for which it is
   * @throws io.fabric8.kubernetes.client.KubernetesClientTimeoutException if it does not in time
   */
  FlinkCluster await(String name, Predicate<FlinkCluster> wanted, Duration timeout) {
    return resource(name).waitUntilCondition(wanted, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The specs that its starts were made with, by epoch. */
  Map<Long, CheckedCluster> launched(FlinkCluster cluster) {
    List<ConfigMap> configs =
        client
            .configMaps()
            .inNamespace(cluster.getMetadata().getNamespace())
            .withLabel(Labels.CLUSTER, cluster.getMetadata().getName())
            .list()
            .getItems();
    return LaunchedSpecs.read(cluster, configs);
  }

  /** The Deployments of operators, of all namespaces. */
  Answer<List<Deployment>> operators() {
    return Answer.ask(
        () ->
            client
                .apps()
                .deployments()
                .inAnyNamespace()
                .withLabel(Labels.NAME, Labels.OPERATOR)
                .list()
                .getItems());
  }

  /** The savepoint that a deleted cluster of this name left behind. */
  Optional<FinalSavepoint> finalSavepoint(String name) {
    String configMap = new ClusterNames(namespace, name).finalSavepoint();
    return Optional.ofNullable(client.configMaps().inNamespace(namespace).withName(configMap).get())
        .flatMap(FinalSavepoint::read);
  }

  @Override
  public void close() {
    client.close();
  }
}
