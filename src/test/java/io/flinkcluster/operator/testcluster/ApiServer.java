package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real Kubernetes control plane for this JVM run, with the resource definition of {@code crds/}
 * installed and one node that exists on paper. Everything is below one temporary directory and on
 * 127.0.0.1; nothing is left after {@link #close()} or the JVM's end.
 */
public final class ApiServer implements AutoCloseable {
  /** The node that {@link FakeKubelet} binds pods to. */
  public static final String NODE = "paper-node";

  private static final Path CRDS = Path.of("crds");

  /** Several tests at a time may keep a busy machine from answering for a while. */
  private static final int PATIENCE_MILLIS = 60_000;

  private final ControlPlane plane;
  private final KubernetesClient admin;
  private final AuditLog audit;

  private ApiServer(ControlPlane plane, KubernetesClient admin) {
    this.plane = plane;
    this.admin = admin;
    this.audit = new AuditLog(plane.auditLog(), admin);
  }

  /** Starts the control plane; takes some seconds. */
  public static ApiServer start() {
    ControlPlane plane = null;
    try {
      Path dir = Files.createTempDirectory("flinkcluster-apiserver-");
      plane = new ControlPlane(dir, UUID.randomUUID().toString(), Binaries.find());
      plane.start();
      return ready(plane);
    } catch (IOException | RuntimeException e) {
      String words = plane == null ? "" : plane.lastWords();
      closeQuietly(plane);
      throw new IllegalStateException("the test API server did not start: " + e + words, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeQuietly(plane);
      throw new IllegalStateException("interrupted while starting the test API server", e);
    }
  }

  private static ApiServer ready(ControlPlane plane) throws IOException {
    Awaitility.await("the API server's certificate")
        .pollInterval(Duration.ofMillis(50))
        .until(() -> answersOrDied(plane));
    KubernetesClient admin = clientOf(plane, "test-admin", null);
    Awaitility.await("the API server")
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(KubernetesClientException.class::isInstance)
        .until(() -> admin.namespaces().withName("default").get() != null);
    plane.startControllers();
    var server = new ApiServer(plane, admin);
    server.installDefinition();
    server.createNode();
    return server;
  }

  private static boolean answersOrDied(ControlPlane plane) throws IOException {
    plane.checkAlive();
    return Files.exists(plane.certificate()) && Files.size(plane.certificate()) > 0;
  }

  private void installDefinition() throws IOException {
    try (var files = Files.newDirectoryStream(CRDS, "*.yml")) {
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          var definition = admin.apiextensions().v1().customResourceDefinitions().load(in).item();
          admin.resource(definition).fieldManager("test").forceConflicts().serverSideApply();
          admin
              .apiextensions()
              .v1()
              .customResourceDefinitions()
              .withName(definition.getMetadata().getName())
              .waitUntilCondition(
                  d ->
                      d != null
                          && d.getStatus() != null
                          && d.getStatus().getConditions() != null
                          && d.getStatus().getConditions().stream()
                              .anyMatch(
                                  c ->
                                      c.getType().equals("Established")
                                          && c.getStatus().equals("True")),
                  Patience.LONG.toSeconds(),
                  TimeUnit.SECONDS);
          awaitStorage(definition);
        }
      }
    }
  }

  /** Established, a kind is still refused with 429 until the API server has its storage. */
  private void awaitStorage(CustomResourceDefinition definition) {
    var kind = CustomResourceDefinitionContext.fromCrd(definition);
    Awaitility.await("the API server's storage of " + kind.getPlural())
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(KubernetesClientException.class::isInstance)
        .until(() -> admin.genericKubernetesResources(kind).list() != null);
  }

  private void createNode() {
    admin
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NODE)
                .addToLabels("kubernetes.io/hostname", NODE)
                .endMetadata()
                .build())
        .create();
  }

  /** A client with every right; its requests carry the user agent {@code test-admin}. */
  public KubernetesClient admin() {
    return admin;
  }

  /** A new client with every right under a user agent of its own; the caller closes it. */
  public KubernetesClient client(String userAgent) {
    return clientOf(plane, userAgent, null);
  }

  /**
   * A new client that acts as a service account, with the rights of its roles only; the caller
   * closes it.
   */
  public KubernetesClient clientAs(String userAgent, String namespace, String serviceAccount) {
    return clientOf(plane, userAgent, "system:serviceaccount:" + namespace + ":" + serviceAccount);
  }

  private static KubernetesClient clientOf(ControlPlane plane, String agent, String as) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(plane.url())
            .withCaCertFile(plane.certificate().toString())
            .withOauthToken(plane.token)
            .withUserAgent(agent)
            .withImpersonateUsername(as)
            .withNamespace("default")
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(PATIENCE_MILLIS)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(Serializations.PLAIN)
        .build();
  }

  /** URL of the API server. */
  public String url() {
    return plane.url();
  }

  /** The certificate that it shows, and that clients trust. */
  public Path certificate() {
    return plane.certificate();
  }

  /** A kubeconfig of the administrator. */
  public Path kubeconfig() {
    return plane.kubeconfig();
  }

  /** What has been asked of the API server, by everyone but its own controllers. */
  public AuditLog audit() {
    return audit;
  }

  /** Runs kubectl as administrator in a namespace. */
  public Kubectl kubectl(String namespace) {
    return new Kubectl(plane.program("kubectl"), plane.kubeconfig(), namespace);
  }

  /**
   * A real scheduler beside it; the caller closes it.
   *
   * @param name that pods give as their {@code schedulerName}; unique in this run
   */
  public RealScheduler scheduler(String name) {
    try {
      return RealScheduler.start(plane, admin, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    admin.close();
    closeQuietly(plane);
  }

  private static void closeQuietly(ControlPlane plane) {
    if (plane == null) {
      return;
    }
    try {
      plane.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
