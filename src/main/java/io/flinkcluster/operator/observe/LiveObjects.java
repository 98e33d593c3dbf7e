package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads past the caches, as they are at this moment. */
interface LiveObjects {

  /** All objects of a kind with these labels. */
  <R extends HasMetadata> List<R> list(Class<R> kind, String namespace, Map<String, String> labels);

  /** The ConfigMap of this name; empty: it does not exist. */
  Optional<ConfigMap> configMap(String namespace, String name);

  /** By this client, which asks for no resourceVersion: so the answer is not of a cache. */
  static LiveObjects by(KubernetesClient client) {
    return new LiveObjects() {
      @Override
      public <R extends HasMetadata> List<R> list(
          Class<R> kind, String namespace, Map<String, String> labels) {
        return client.resources(kind).inNamespace(namespace).withLabels(labels).list().getItems();
      }

      @Override
      public Optional<ConfigMap> configMap(String namespace, String name) {
        return Optional.ofNullable(client.configMaps().inNamespace(namespace).withName(name).get());
      }
    };
  }
}
