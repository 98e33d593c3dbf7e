package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ConfigMaps that say where the state of deleted clusters lies. */
final class FinalSavepoints {
  private static final Logger LOG = LoggerFactory.getLogger(FinalSavepoints.class);

  private static final Set<Integer> FINAL =
      Set.of(HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_NOT_FOUND);

  private final KubernetesClient client;

  FinalSavepoints(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes it down. It outlives the cluster, so that it does not carry its uid.
   *
   * @return what failed that somebody can do something about
   */
  Optional<String> write(
      ClusterKey cluster, ChildMetadataSpec metadata, Action.RememberFinalSavepoint point) {
    var names = new ClusterNames(cluster.namespace(), cluster.name());
    String what = "the restore point " + point.path() + " was not written down";
    var configMap =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(names.finalSavepoint())
            .withNamespace(names.namespace())
            .withLabels(metadata.labels())
            .addToLabels(names.labels())
            .withAnnotations(metadata.annotations())
            .endMetadata()
            .withData(Map.of(FinalSavepoint.PATH, point.path()))
            .addToData(
                point.searchDirectories().isEmpty()
                    ? Map.of()
                    : Map.of(
                        FinalSavepoint.SEARCH_DIRECTORIES,
                        String.join("\n", point.searchDirectories())))
            .addToData(point.jobId() == null ? Map.of() : Map.of("jobId", point.jobId()))
            .addToData(point.note().map(text -> Map.of("note", text)).orElse(Map.of()))
            .build();
    try {
      ConfigMap there = client.resource(configMap).get();
      if (there != null && !ObjectOwner.cluster(there).equals(Optional.of(names.name()))) {
        return Optional.of(
            what
                + ": the ConfigMap "
                + names.finalSavepoint()
                + " exists and is not the operator's own; delete or rename it");
      }
      client.resource(configMap).fieldManager(Labels.OPERATOR).forceConflicts().serverSideApply();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return failure(what, cluster, e);
    }
  }

  /**
   * Writes down that the cluster has begun from this point; where another is written there nothing
   * happens.
   *
   * @return what failed
   */
  Optional<String> mark(ClusterKey cluster, String path) {
    String what = "that " + path + " was continued was not written down";
    return change(
        cluster,
        path,
        what,
        there ->
            client
                .resource(
                    new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(there.getMetadata().getName())
                        .withNamespace(there.getMetadata().getNamespace())
                        .withUid(there.getMetadata().getUid())
                        .withResourceVersion(there.getMetadata().getResourceVersion())
                        .withLabels(there.getMetadata().getLabels())
                        .withAnnotations(there.getMetadata().getAnnotations())
                        .endMetadata()
                        .withData(there.getData())
                        .addToData(FinalSavepoint.CONTINUED_BY, cluster.uid())
                        .build())
                .fieldManager(Labels.OPERATOR)
                .forceConflicts()
                .serverSideApply());
  }

  /**
   * Removes it; where another point is written there nothing happens.
   *
   * @return what failed that somebody can do something about
   */
  Optional<String> forget(ClusterKey cluster, String path) {
    String what = "the restore point " + path + " is still written down";
    return change(cluster, path, what, there -> Removal.of(client, there));
  }

  private Optional<String> change(
      ClusterKey cluster, String path, String what, Consumer<ConfigMap> act) {
    var names = new ClusterNames(cluster.namespace(), cluster.name());
    try {
      ConfigMap there =
          client.configMaps().inNamespace(names.namespace()).withName(names.finalSavepoint()).get();
      if (there != null
          && ObjectOwner.cluster(there).equals(Optional.of(names.name()))
          && FinalSavepoint.read(there).filter(left -> left.path().equals(path)).isPresent()) {
        act.accept(there);
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return failure(what, cluster, e);
    }
  }

  /** What the API server forbids, as to write into a namespace that is going, stays forbidden. */
  static Optional<String> failure(String what, ClusterKey cluster, KubernetesClientException e) {
    String why = Refusal.words(e);
    LOG.warn("{}: {}: {}", cluster, what, why);
    return FINAL.contains(e.getCode()) ? Optional.empty() : Optional.of(what + ": " + why);
  }
}
