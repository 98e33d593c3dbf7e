package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Set;

/**
 * Removes the very object that was seen: its uid is a precondition, so that what took its name
 * since is left alone, whoever made it. Not its version: the status of a Deployment that is on its
 * way out changes all the time.
 */
final class Removal {
  private static final Set<Integer> NOT_THERE =
      Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT);

  private Removal() {}

  /**
   * Asks for the removal, of what it owns too; returns before that is done. Where the object is
   * gone already, or another has its name, nothing happens.
   *
   * @throws KubernetesClientException where the API server does not let it go
   */
  static void of(KubernetesClient client, HasMetadata object) {
    // The client (7.8.0) sends no uid with a deletion of its own.
    var options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy(DeletionPropagation.BACKGROUND.toString())
            .withNewPreconditions()
            .withUid(object.getMetadata().getUid())
            .endPreconditions()
            .build();
    try {
      client.raw(path(object), "DELETE", options);
    } catch (KubernetesClientException e) {
      if (!NOT_THERE.contains(e.getCode())) {
        throw e;
      }
    }
  }

  private static String path(HasMetadata object) {
    String group = HasMetadata.getGroup(object.getClass());
    return (group == null || group.isEmpty() ? "/api/" : "/apis/" + group + "/")
        + HasMetadata.getVersion(object.getClass())
        + "/namespaces/"
        + object.getMetadata().getNamespace()
        + "/"
        + HasMetadata.getPlural(object.getClass())
        + "/"
        + object.getMetadata().getName();
  }
}
