package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.HadoopConfSpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for what a spec refers to before pods are made that would wait for it without a word. Only
 * ConfigMaps: the operator may not read Secrets, of which the pods' events tell.
 */
public final class References {
  /** What Flink reads from {@code HADOOP_CONF_DIR} (2.3, HadoopUtils). */
  private static final List<String> FILES = List.of("core-site.xml", "hdfs-site.xml");

  private final KubernetesClient client;

  /** Reads live: ConfigMaps of users are not cached. */
  public References(KubernetesClient client) {
    this.client = client;
  }

  /**
   * What is wrong with the ConfigMap of Hadoop's configuration, and what to do; empty: nothing.
   *
   * @param namespace of the cluster
   */
  public Optional<String> absent(String namespace, HadoopConfSpec hadoop) {
    String name = hadoop.configMapName();
    ConfigMap found = client.configMaps().inNamespace(namespace).withName(name).get();
    if (found == null) {
      return Optional.of(
          "spec.hadoopConf.configMapName: ConfigMap \"%s\" not found in namespace %s; no pod is made"
                  .formatted(name, namespace)
              + " before it is there: kubectl -n %s create configmap %s".formatted(namespace, name)
              + " --from-file=core-site.xml --from-file=hdfs-site.xml");
    }
    List<String> keys = keys(found);
    return FILES.stream().anyMatch(keys::contains)
        ? Optional.empty()
        : Optional.of(
            "spec.hadoopConf.configMapName: ConfigMap \"%s\" holds neither core-site.xml nor"
                    .formatted(name)
                + " hdfs-site.xml"
                + (keys.isEmpty() ? "" : " (but " + String.join(", ", keys) + ")")
                + ", which are all that Flink reads of Hadoop's configuration; no pod is made before"
                + " it does");
  }

  private static List<String> keys(ConfigMap map) {
    return Stream.of(Optional.ofNullable(map.getData()), Optional.ofNullable(map.getBinaryData()))
        .flatMap(Optional::stream)
        .map(data -> data.keySet())
        .flatMap(Collection::stream)
        .sorted()
        .toList();
  }
}
