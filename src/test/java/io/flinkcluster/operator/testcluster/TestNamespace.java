package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.api.FlinkCluster;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A namespace of its own for one test class, with the ServiceAccount {@code flink} and the
 * restricted Pod Security Standard. Its deletion is begun at the class's end and not waited for.
 * Operator and kubelet of the namespace are closed before it: what they would have to remove goes
 * without them, as tearing down each cluster as a user does takes longer than most tests.
 *
 * @param name of the namespace
 */
public record TestNamespace(String name, ApiServer server) implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final PatchContext MERGED = PatchContext.of(PatchType.JSON_MERGE);
  private static final String WITHOUT_FINALIZERS = "{\"metadata\":{\"finalizers\":null}}";

  /** Creates one; the name is the given one in lower case with a number. */
  public static TestNamespace create(ApiServer server, String base) {
    String lower = base.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    String name = lower.substring(0, Math.min(40, lower.length())) + "-" + NUMBER.incrementAndGet();
    server
        .admin()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
    server
        .admin()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("flink")
                .withNamespace(name)
                .endMetadata()
                .build())
        .create();
    return new TestNamespace(name, server);
  }

  /** The administrator's client. */
  public KubernetesClient client() {
    return server.admin();
  }

  /** kubectl in this namespace. */
  public Kubectl kubectl() {
    return server.kubectl(name);
  }

  @Override
  public void close() {
    // First, so that no controller makes new pods for those that go.
    client().namespaces().withName(name).delete();
    client().pods().inNamespace(name).withGracePeriod(0).delete();
    var clusters = client().resources(FlinkCluster.class).inNamespace(name);
    clusters.list().getItems().stream()
        .filter(cluster -> !cluster.getMetadata().getFinalizers().isEmpty())
        .forEach(cluster -> clusters.resource(cluster).patch(MERGED, WITHOUT_FINALIZERS));
  }
}
