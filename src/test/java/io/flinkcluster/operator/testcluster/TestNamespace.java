package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A namespace of its own for one test class, with the ServiceAccount {@code flink} and the
 * restricted Pod Security Standard. Its deletion is begun at the class's end and not waited for.
 *
 * @param name of the namespace
 */
public record TestNamespace(String name, ApiServer server) implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

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
    server.admin().namespaces().withName(name).delete();
  }
}
