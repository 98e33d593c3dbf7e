package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.ObjectOwner;
import java.net.HttpURLConnection;

/**
 * A FlinkCluster that comes from a cache that is behind those of its objects. The caches are filled
 * one by one, and in a control plane of several API servers not each list is the newest. An epoch
 * is written into the status before anything of it is made: where there is a Deployment of an epoch
 * that the status does not know, it is the status that is old, and what it does not know must not
 * be removed.
 */
final class StaleRead {

  private StaleRead() {}

  /**
   * Compares with the API server where the objects tell of a later start than the status.
   *
   * @throws KubernetesClientException with the code of a conflict: the FlinkCluster has changed
   *     since it was read
   */
  static void refuse(
      FlinkCluster read, RecordedState recorded, CachedObjects cached, KubernetesClient live) {
    String uid = read.getMetadata().getUid();
    long next = recorded.nextEpoch();
    boolean behind =
        cached.of(Deployment.class).stream()
            .filter(o -> ObjectOwner.is(o, uid))
            .anyMatch(o -> ObjectOwner.epoch(o).orElse(0) >= next);
    if (!behind) {
      return;
    }
    FlinkCluster now = live.resource(read).get();
    String version = read.getMetadata().getResourceVersion();
    if (now == null || !version.equals(now.getMetadata().getResourceVersion())) {
      throw new KubernetesClientException(
          "the FlinkCluster was read at version "
              + version
              + ", and its objects are of a start after that",
          HttpURLConnection.HTTP_CONFLICT,
          null);
    }
  }
}
