package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes are watched by an account that may, or that is not allowed to at first. */
@RealApiServer
class NodeWatchIT {
  private static final String ACCOUNT = "watcher";

  private final TestNamespace namespace;
  private final KubernetesClient account;
  private final String node;
  private final ClusterKey key;
  private final Queue<ClusterKey> told = new ConcurrentLinkedQueue<>();

  NodeWatchIT(ApiServer server) {
    namespace = TestNamespace.create(server, "node-watch");
    account = server.clientAs(ACCOUNT, namespace.name(), ACCOUNT);
    node = namespace.name() + "-node";
    key = new ClusterKey(namespace.name(), "c", "u");
    namespace
        .client()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(node)
                .endMetadata()
                .withNewSpec()
                .withUnschedulable(true)
                .endSpec()
                .build())
        .create();
  }

  @AfterEach
  void leave() {
    namespace.client().nodes().withName(node).delete();
    namespace.kubectl().run("delete", "clusterrole,clusterrolebinding", namespace.name());
    account.close();
    namespace.close();
  }

  private ObservedPod pod() {
    return new ObservedPod(
        "p",
        "u",
        Component.JOB_MANAGER,
        1,
        false,
        true,
        true,
        false,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.of(node),
        Optional.empty());
  }

  private void allow() {
    String name = namespace.name();
    namespace.kubectl().ok("create", "clusterrole", name, "--verb=list,watch", "--resource=nodes");
    namespace
        .kubectl()
        .ok(
            "create",
            "clusterrolebinding",
            name,
            "--clusterrole=" + name,
            "--serviceaccount=" + name + ":" + ACCOUNT);
  }

  private Map<String, String> leaving(NodeWatch watch) {
    return watch.leaving(key, List.of(pod()));
  }

  @Test
  void whatIsNotAllowedYetIsTriedAgainAndWhatChangesIsTold() {
    try (var watch = NodeWatch.begin(account, told::add)) {
      assertThat(leaving(watch)).isEmpty();
      allow();
      await("the node is seen").until(() -> leaving(watch).containsKey(node));
      assertThat(leaving(watch)).containsEntry(node, "it is cordoned");
      assertThat(told).as("it has pods there").containsOnly(key);
      told.clear();

      namespace.kubectl().ok("uncordon", node);
      await("that is told").until(() -> told.contains(key));
      assertThat(leaving(watch)).isEmpty();

      told.clear();
      watch.forget(key);
      namespace.kubectl().ok("cordon", node);
      var other = new ClusterKey(namespace.name(), "d", "v");
      await("it is seen").until(() -> watch.leaving(other, List.of(pod())).containsKey(node));
      assertThat(told).as("of the one that is gone nothing is told").doesNotContain(key);
    }
  }
}
