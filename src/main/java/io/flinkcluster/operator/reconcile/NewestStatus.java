package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.ClusterKey;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the status that a pass rests on is the last one. Caches are filled one by one, and in a
 * control plane of several API servers not each list is the newest: a process that takes over may
 * be shown what its predecessor had written a while ago, beside newer objects, and would take those
 * for left over. The first time that it is to change anything of a cluster it compares with the API
 * server; from then on the status is its own. A process that has nothing to change asks nothing.
 */
final class NewestStatus {
  private final KubernetesClient live;

  /** The version at which the status was the last one. */
  private final Map<ClusterKey, String> known = new ConcurrentHashMap<>();

  NewestStatus(KubernetesClient live) {
    this.live = live;
  }

  /** This process has written it, on the condition that nobody had since it was read. */
  void written(FlinkCluster cluster) {
    known.put(Sources.key(cluster), version(cluster));
  }

  /**
   * To be called before anything is changed.
   *
   * @throws KubernetesClientException with the code of a conflict: the FlinkCluster has changed
   *     since it was read
   */
  void confirm(FlinkCluster read) {
    if (isAsNew(version(read), known.get(Sources.key(read)))) {
      return;
    }
    FlinkCluster now = live.resource(read).get();
    if (now == null || !version(read).equals(version(now))) {
      throw new KubernetesClientException(
          "the FlinkCluster was read at version %s and has changed since".formatted(version(read)),
          HttpURLConnection.HTTP_CONFLICT,
          null);
    }
    written(now);
  }

  void forget(ClusterKey cluster) {
    known.remove(cluster);
  }

  private static String version(FlinkCluster cluster) {
    return cluster.getMetadata().getResourceVersion();
  }

  /**
   * Versions of one resource are numbers that grow
   * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
   */
  private static boolean isAsNew(String version, String known) {
    if (known == null) {
      return false;
    }
    try {
      return version.equals(known) || Long.parseLong(version) > Long.parseLong(known);
    } catch (NumberFormatException e) {
      return false; // asked again, which is right with any version
    }
  }
}
