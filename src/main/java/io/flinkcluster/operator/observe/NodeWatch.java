package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ObservedPod;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which nodes are about to go, and tells of each cluster that has pods there. Needs the
 * rights to list and watch nodes; without them it says so and goes on trying.
 */
public final class NodeWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeWatch.class);

  private final Consumer<ClusterKey> tell;

  /** What says so, by the name of the node. */
  private final Map<String, String> leaving = new ConcurrentHashMap<>();

  /** The nodes of the pods of a cluster, as they were seen last. */
  private final Map<ClusterKey, Set<String>> nodes = new ConcurrentHashMap<>();

  private final SharedIndexInformer<Node> informer;

  private NodeWatch(KubernetesClient client, Consumer<ClusterKey> tell) {
    this.tell = tell;
    this.informer = client.nodes().runnableInformer(0);
    informer.itemStore(
        new CompactStore<>(Node.class, client.getKubernetesSerialization(), NodeWatch::trimmed));
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(Node node) {
            seen(node);
          }

          @Override
          public void onUpdate(Node before, Node node) {
            seen(node);
          }

          @Override
          public void onDelete(Node node, boolean unknown) {
            leaving.remove(node.getMetadata().getName());
          }
        });
    informer.exceptionHandler(
        (started, cause) -> {
          log.warn(
              "Nodes cannot be watched, and no job is moved before its node goes: {}. The chart"
                  + " gives the rights with nodes.watch: true; it is tried again",
              words(cause));
          return true;
        });
  }

  /**
   * Begins to watch, and returns at once.
   *
   * @param tell called for each cluster with pods on a node of which something else is known now
   */
  public static NodeWatch begin(KubernetesClient client, Consumer<ClusterKey> tell) {
    var watch = new NodeWatch(client, tell);
    watch.informer.start();
    return watch;
  }

  /** The API server's own words, which are in one of the causes. */
  private static String words(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refused && refused.getStatus() != null) {
        return refused.getStatus().getMessage();
      }
    }
    return String.valueOf(failure.getMessage());
  }

  /** What is compared: the store keeps no status with its long list of images. */
  private static Node trimmed(Node node) {
    return new NodeBuilder(node).withStatus(null).build();
  }

  private void seen(Node node) {
    String name = node.getMetadata().getName();
    Optional<String> now = NodeReader.leaves(node);
    String before = now.isPresent() ? leaving.put(name, now.get()) : leaving.remove(name);
    if (!now.equals(Optional.ofNullable(before))) {
      nodes.forEach(
          (cluster, its) -> {
            if (its.contains(name)) {
              tell.accept(cluster);
            }
          });
    }
  }

  /** Which nodes of these pods of the cluster are about to go, with what says so. */
  public Map<String, String> leaving(ClusterKey cluster, Collection<ObservedPod> pods) {
    Set<String> its =
        pods.stream().flatMap(p -> p.node().stream()).collect(Collectors.toUnmodifiableSet());
    nodes.put(cluster, its); // before it looks: what is seen from now on is told
    var found = new TreeMap<String, String>();
    for (String node : its) {
      Optional.ofNullable(leaving.get(node)).ifPresent(why -> found.put(node, why));
    }
    return found;
  }

  /** The cluster is gone. */
  public void forget(ClusterKey cluster) {
    nodes.remove(cluster);
  }

  @Override
  public void close() {
    informer.close();
  }
}
