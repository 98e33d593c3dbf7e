package io.flinkcluster.operator.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.NodeProtection;
import java.net.HttpURLConnection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the annotations of pods that keep their nodes from being taken away. Nothing depends on
 * them, so that no failure is passed on: what is still to be done is decided anew.
 */
final class PodAnnotations {
  private static final Logger LOG = LoggerFactory.getLogger(PodAnnotations.class);

  private final KubernetesClient client;
  private final Map<ClusterKey, Round> rounds = new ConcurrentHashMap<>();

  /**
   * All that is put on between two times at which something is taken off, or the other way round.
   *
   * <p>What was done is not remembered: another leader may have undone it since, and a request that
   * changes nothing costs little.
   */
  private static final class Round {
    private final boolean on;
    private final Set<String> refused = new HashSet<>();
    private boolean told;

    private Round(boolean on) {
      this.on = on;
    }
  }

  PodAnnotations(KubernetesClient client) {
    this.client = client;
  }

  void write(ClusterKey cluster, Action.ProtectPods pods) {
    Round round =
        rounds.compute(
            cluster, (k, r) -> r == null || r.on != pods.on() ? new Round(pods.on()) : r);
    for (Action.ProtectPods.Pod pod : pods.pods()) {
      if (!round.refused.contains(pod.uid())) {
        write(cluster, round, pod);
      }
    }
  }

  /** The uid is a precondition: a pod of the same name that came later is decided anew. */
  private void write(ClusterKey cluster, Round round, Action.ProtectPods.Pod pod) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode annotations =
        patch.putObject("metadata").put("uid", pod.uid()).putObject("annotations");
    annotations.put(Labels.PROTECTED, round.on ? String.join(" ", pod.keys()) : null);
    pod.keys().forEach(key -> annotations.put(key, round.on ? NodeProtection.value(key) : null));
    try {
      client
          .resource(pod(cluster, pod.name()))
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    } catch (KubernetesClientException e) {
      boolean gone =
          e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
              || e.getCode() == HttpURLConnection.HTTP_CONFLICT;
      if (!gone && !round.told) {
        round.told = true;
        LOG.warn(
            "{}: pod {} was not told to {} its node: {}",
            cluster,
            pod.name(),
            round.on ? "keep" : "let go of",
            Refusal.words(e));
      }
      if (round.on && e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        round.refused.add(pod.uid()); // not asked again and again while an operation runs
      }
    }
  }

  /** Named by an object and not by its name: the client (7.8.0) would read it first. */
  static Pod pod(ClusterKey cluster, String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(cluster.namespace())
        .withName(name)
        .endMetadata()
        .build();
  }

  void forget(ClusterKey cluster) {
    rounds.remove(cluster);
  }
}
