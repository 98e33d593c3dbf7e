package io.flinkcluster.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.report.Conditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must happen before the operator is uninstalled together with the definition of
 * FlinkClusters: all of them are deleted while it can still take their savepoints. Afterwards each
 * would wait for ever for a finalizer that nobody removes, and the definition for them.
 */
public final class UninstallMain {
  private static final Logger log = LoggerFactory.getLogger(UninstallMain.class);

  /** For all of them together; the Job of the chart has a minute more. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private UninstallMain() {}

  /**
   * Exit code 1 where some are left: nothing is uninstalled then.
   *
   * @param args none; the environment is {@code WATCH_NAMESPACES} as the operator has it
   */
  public static void main(String[] args) {
    var namespaces = new TreeSet<String>();
    for (String name : System.getenv().getOrDefault("WATCH_NAMESPACES", "").split(",")) {
      if (!name.isBlank()) {
        namespaces.add(name.strip());
      }
    }
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      Runtime.getRuntime().halt(run(client, namespaces, PATIENCE).isEmpty() ? 0 : 1);
    }
  }

  /**
   * Deletes all and waits until they are gone.
   *
   * @param namespaces where; empty: everywhere
   * @param patience for all of them together
   * @return those that are left, with what their conditions say
   */
  static List<String> run(KubernetesClient client, Set<String> namespaces, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    List<FlinkCluster> all = all(client, namespaces);
    for (FlinkCluster cluster : all) {
      log.info("{} is deleted", name(cluster));
      client.resource(cluster).delete();
    }
    var left = new ArrayList<String>();
    for (FlinkCluster cluster : all) {
      try {
        client
            .resource(cluster)
            .waitUntilCondition(
                Objects::isNull, Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        log.info("{} is gone", name(cluster));
      } catch (KubernetesClientTimeoutException e) {
        FlinkCluster now = client.resource(cluster).get();
        if (now != null) {
          String why =
              Conditions.find(now.getStatus(), Conditions.READY)
                  .map(Condition::message)
                  .orElse("nobody has looked at it");
          log.error("{} is still there: {}. Nothing is uninstalled", name(cluster), why);
          left.add(name(cluster) + ": " + why);
        }
      }
    }
    return left;
  }

  private static List<FlinkCluster> all(KubernetesClient client, Set<String> namespaces) {
    var resources = client.resources(FlinkCluster.class);
    return namespaces.isEmpty()
        ? resources.inAnyNamespace().list().getItems()
        : namespaces.stream()
            .flatMap(n -> resources.inNamespace(n).list().getItems().stream())
            .toList();
  }

  private static ClusterKey name(FlinkCluster cluster) {
    var meta = cluster.getMetadata();
    return new ClusterKey(meta.getNamespace(), meta.getName(), meta.getUid());
  }
}
