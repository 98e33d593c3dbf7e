package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.Clients;
import io.flinkcluster.operator.OperatorFactory;
import io.flinkcluster.operator.OperatorSettings;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.HttpFlinkRest;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.render.OperatorIdentity;
import io.flinkcluster.operator.testcluster.Serializations;
import io.flinkcluster.operator.testcluster.TestNamespace;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** The whole operator in the test's process, serving namespaces of the real API server. */
final class OperatorUnderTest implements AutoCloseable {
  private final Clients clients;
  private final HttpFlinkRest rest = new HttpFlinkRest();
  private final FlinkClusterReconciler reconciler;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Operator operator;

  private OperatorUnderTest(
      TestNamespace namespace, Optional<CrashAfterWrites> mortal, Clock clock, String... served) {
    Config config =
        new ConfigBuilder(namespace.client().getConfiguration())
            .withUserAgent(Labels.OPERATOR)
            .build();
    clients =
        mortal
            .map(m -> new Clients(m.client(config), m.client(config)))
            .orElseGet(() -> Clients.connect(config, Serializations.OPERATOR));
    KubernetesClient patient = clients.patient();
    reconciler =
        new FlinkClusterReconciler(
            patient,
            mortal.<FlinkRest>map(m -> m.rest(rest)).orElse(rest),
            new OperatorIdentity(
                namespace.name(), Map.of("app.kubernetes.io/name", "operator"), "operator:test"),
            clock);
    operator =
        OperatorFactory.create(
            clients.prompt(),
            OperatorSettings.embedded(namespace.name(), served),
            reconciler,
            reconciler::urgency,
            meters);
    operator.start();
    reconciler.leads();
  }

  static OperatorUnderTest in(TestNamespace namespace) {
    return in(namespace, Clock.systemUTC());
  }

  static OperatorUnderTest in(TestNamespace namespace, Clock clock) {
    return new OperatorUnderTest(namespace, Optional.empty(), clock, namespace.name());
  }

  /** Counts as running in the first of them. */
  static OperatorUnderTest in(List<TestNamespace> namespaces) {
    return new OperatorUnderTest(
        namespaces.get(0),
        Optional.empty(),
        Clock.systemUTC(),
        namespaces.stream().map(TestNamespace::name).toArray(String[]::new));
  }

  static OperatorUnderTest in(TestNamespace namespace, CrashAfterWrites mortal) {
    return in(namespace, mortal, Clock.systemUTC());
  }

  static OperatorUnderTest in(TestNamespace namespace, CrashAfterWrites mortal, Clock clock) {
    return new OperatorUnderTest(namespace, Optional.of(mortal), clock, namespace.name());
  }

  /**
   * Returns when it has looked at its cluster so often, one look after the other. The first may
   * have been under way already.
   *
   * @param poke an event that makes it look, without anything having changed
   */
  void awaitLooks(int count, Runnable poke) {
    for (int i = 0; i < count; i++) {
      long before = looks();
      poke.run();
      Awaitility.await("a look at the cluster")
          .pollInterval(Duration.ofMillis(20))
          .until(() -> looks() > before);
    }
  }

  private long looks() {
    return Math.round(
        meters.find("reconciliations.success.total").counters().stream()
            .mapToDouble(Counter::count)
            .sum());
  }

  /** Moves jobs from nodes that are about to go. */
  void watchNodes() {
    reconciler.watchNodes();
  }

  /** Where the reconciler and what it uses hold this text. */
  List<String> holds(String text) {
    return LeftInMemory.of(reconciler, text);
  }

  /** Does nothing any more, like an operator that is about to stop. */
  void stopping() {
    reconciler.stopping();
  }

  @Override
  public void close() {
    stopping();
    OperatorFactory.stop(operator);
    reconciler.close();
    rest.close();
    clients.close();
  }
}
