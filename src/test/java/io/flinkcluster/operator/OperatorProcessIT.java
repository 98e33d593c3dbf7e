package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.metrics.OperatorMetrics;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.reconcile.Urgency;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.AuditLog;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The process around a reconciler that does nothing, with the rights that the chart grants. */
@RealApiServer
class OperatorProcessIT {
  private static final String ACCOUNT = "flink-flinkcluster-operator";

  private final ApiServer server;
  private final TestNamespace namespace;

  OperatorProcessIT(ApiServer server, TestNamespace namespace) {
    this.server = server;
    this.namespace = namespace;
  }

  @BeforeAll
  static void grantTheRightsOfTheChart(TestNamespace namespace) {
    var chart = RenderedChart.in(namespace.name(), "watchNamespaces: [" + namespace.name() + "]");
    chart.objects().stream()
        .filter(o -> Set.of("Role", "RoleBinding").contains(o.path("kind").asText()))
        .forEach(o -> namespace.kubectl().apply(o.toString()));
  }

  @Test
  void whatAUserChangesIsLookedAtAndWhatTheOperatorWritesIsNot() {
    try (var replica = new Replica("triggers", false)) {
      replica.process.start();
      namespace.kubectl().apply(cluster("triggers"));
      replica.awaitVisits("triggers", 1);

      var kubectl = namespace.kubectl();
      kubectl.ok("label", "flc", "triggers", "a=b");
      kubectl.ok("annotate", "flc", "triggers", "example.org/a=b");
      kubectl.ok(
          "patch",
          "flc",
          "triggers",
          "--subresource=status",
          "--type=merge",
          "-p",
          "{\"status\": {\"phase\": \"Running\"}}");
      kubectl.ok("annotate", "flc", "triggers", Labels.SAVEPOINT + "=token");
      replica.awaitVisits("triggers", 2);
      kubectl.ok(
          "patch", "flc", "triggers", "--type=merge", "-p", "{\"spec\": {\"suspend\": true}}");
      replica.awaitVisits("triggers", 3);
      kubectl.ok("delete", "flc", "triggers", "--timeout=120s");
      assertThat(replica.visits.stream().filter("triggers"::equals)).hasSize(3);
      // each look is queued by the name of its cluster: the finalizer, three visits, the deletion
      assertThat(replica.queued)
          .hasSizeGreaterThanOrEqualTo(5)
          .containsOnly(namespace.name() + "/triggers");
    }
  }

  @Test
  void aReplicaThatWaitsIsReadyAndTakesOverAtOnceWhenTheLeaderEnds() throws Exception {
    try (var first = new Replica("first", true);
        var second = new Replica("second", true)) {
      first.process.start();
      await().until(() -> "first".equals(holder()));
      second.process.start();
      assertThat(second.probe("/readyz")).isEqualTo("ok\n");
      assertThat(second.probe("/livez")).isEqualTo("ok\n");

      first.process.stop();
      // far less than the 15 s after which an unreleased lease runs out
      await().atMost(Duration.ofSeconds(11)).until(() -> "second".equals(holder()));
      assertThat(first.halts).isEmpty();

      await()
          .ignoreExceptionsMatching(OperatorProcessIT::isConflict) // its holder renews it meanwhile
          .untilAsserted(this::takeTheLease);
      await().until(() -> second.halts.contains(1));
    } finally {
      leases().delete();
    }
  }

  @Test
  void theMetricsThatAlertsRestOnAreServed() throws Exception {
    try (var replica = new Replica("metrics", false)) {
      assertThat(replica.probe("/readyz")).isEqualTo("starting\n");
      replica.process.start();
      namespace.kubectl().apply(cluster(Visitor.FAILS));
      await()
          .until(
              () ->
                  replica
                      .probe("/metrics")
                      .contains("flinkcluster_operator_reconciliations_failure_total{"));
      assertThat(replica.probe("/metrics"))
          .contains("flinkcluster_operator_unreadable_fields_total 0.0")
          .contains("flinkcluster_operator_build_info{java=")
          .doesNotContain("custom_resources");
      namespace.kubectl().ok("delete", "flc", Visitor.FAILS, "--timeout=120s");
    }
  }

  @Test
  void theRightsOfTheChartSufficeForTheProcess() {
    AuditLog.Mark mark = server.audit().mark();
    try (var replica = new Replica("rights", true)) {
      replica.process.start();
      await().until(() -> "rights".equals(holder()));
    } finally {
      leases().delete();
    }
    assertThat(server.audit().requestsOf("rights", mark))
        .isNotEmpty()
        .noneMatch(request -> request.code() == 403);
  }

  private String holder() {
    var lease = leases().get();
    return lease == null ? null : lease.getSpec().getHolderIdentity();
  }

  private static boolean isConflict(Throwable e) {
    return e instanceof KubernetesClientException refused && refused.getCode() == 409;
  }

  private void takeTheLease() {
    leases()
        .edit(
            lease -> {
              lease.getSpec().setHolderIdentity("thief");
              lease.getSpec().setRenewTime(ZonedDateTime.now(ZoneOffset.UTC));
              return lease;
            });
  }

  private io.fabric8.kubernetes.client.dsl.Resource<
          io.fabric8.kubernetes.api.model.coordination.v1.Lease>
      leases() {
    return server.admin().leases().inNamespace(namespace.name()).withName(ACCOUNT);
  }

  private static String cluster(String name) {
    return """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata: {name: %s}
        spec:
          flinkVersion: "2.3"
          image: flink
          job: {jarURI: "local:///job.jar", upgradeMode: Stateless}
        """
        .formatted(name);
  }

  /** One operator in this JVM. */
  private final class Replica implements AutoCloseable {
    final Queue<String> visits = new ConcurrentLinkedQueue<>();
    final Queue<String> queued = new ConcurrentLinkedQueue<>();
    final Queue<Integer> halts = new ConcurrentLinkedQueue<>();
    final OperatorProcess process;
    private final Clients clients;

    Replica(String name, boolean leaderElection) {
      var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      var metrics = new OperatorMetrics(registry);
      try (KubernetesClient account = server.clientAs(name, namespace.name(), ACCOUNT)) {
        clients = Clients.connect(account.getConfiguration(), metrics::unreadableField);
      }
      var settings =
          new OperatorSettings(
              Set.of(namespace.name()),
              namespace.name(),
              name,
              leaderElection,
              ACCOUNT,
              0,
              2,
              Map.of(Labels.NAME, Labels.OPERATOR),
              "operator:test",
              false,
              DefaultOptions.NONE);
      process =
          new OperatorProcess(
              settings,
              clients.prompt(),
              new Visitor(visits),
              (where, which) -> {
                queued.add(where + "/" + which);
                return Urgency.CHANGE;
              },
              registry,
              () -> {},
              halts::add);
    }

    void awaitVisits(String cluster, int count) {
      await().until(() -> visits.stream().filter(cluster::equals).count() >= count);
    }

    String probe(String path) throws IOException, InterruptedException {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + process.httpPort() + path));
      return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
      process.stop();
      clients.close();
    }
  }

  /** Notes which clusters it was shown, and fails on one. */
  private record Visitor(Queue<String> visits)
      implements Reconciler<FlinkCluster>, Cleaner<FlinkCluster> {
    static final String FAILS = "fails";

    @Override
    public UpdateControl<FlinkCluster> reconcile(
        FlinkCluster cluster, Context<FlinkCluster> context) {
      visits.add(cluster.getMetadata().getName());
      if (cluster.getMetadata().getName().equals(FAILS)) {
        throw new IllegalStateException("as asked for");
      }
      return UpdateControl.noUpdate();
    }

    @Override
    public DeleteControl cleanup(FlinkCluster cluster, Context<FlinkCluster> context) {
      return DeleteControl.defaultDelete();
    }
  }
}
