package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.HadoopConfSpec;
import io.flinkcluster.operator.model.Problem;
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
          problem(
              name,
              "ConfigMap \"%s\" not found in namespace %s".formatted(name, namespace),
              "no pod is made before it is there: kubectl -n %s create configmap %s"
                      .formatted(namespace, name)
                  + " --from-file=core-site.xml --from-file=hdfs-site.xml"));
    }
    List<String> keys = keys(found);
    if (FILES.stream().anyMatch(keys::contains)) {
      return Optional.empty();
    }
    String others = keys.isEmpty() ? "" : " (but " + String.join(", ", keys) + ")";
    return Optional.of(
        problem(
            name,
            "it holds neither core-site.xml nor hdfs-site.xml" + others,
            "no pod is made before it has one of them: Flink reads no other"));
  }

  private static String problem(String name, String reason, String remedy) {
    return new Problem("spec.hadoopConf.configMapName", name, reason, remedy).message();
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
