package io.flinkcluster.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is only tried is judged as it would be if it were applied. */
@RealApiServer
class TryOutIT {
  private static final String MANAGER = "whoever-applies";
  private static final String UID = "ours";
  private static final Map<String, String> LABELS = Map.of(Labels.UID, UID, Labels.EPOCH, "2");

  private final KubernetesClient client;
  private final String namespace;

  TryOutIT(TestNamespace namespace) {
    this.client = namespace.client();
    this.namespace = namespace.name();
  }

  private Deployment deployment(Probe probe) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("a")
        .withNamespace(namespace)
        .withLabels(LABELS)
        .endMetadata()
        .withNewSpec()
        .withReplicas(0)
        .withNewSelector()
        .withMatchLabels(LABELS)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(LABELS)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("one")
        .withImage("image")
        .withStartupProbe(probe)
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private List<String> refusals(Deployment there, Deployment tried) {
    return new ObjectApplier(client)
        .apply(
            context(), cached(there), List.of(), List.of(tried), Set.of(2L), Set.of(2L), () -> {});
  }

  /** A probe has one handler: as somebody else's the first would stay beside the second. */
  @Test
  void whatIsThereLosesWhatItIsToLose() {
    Probe port = new ProbeBuilder().withNewTcpSocket().withNewPort(1).endTcpSocket().build();
    Probe command = new ProbeBuilder().withNewExec().withCommand("true").endExec().build();
    Deployment there =
        client.resource(deployment(port)).fieldManager(MANAGER).forceConflicts().serverSideApply();

    assertThat(refusals(there, deployment(command))).isEmpty();
    Deployment now = client.resource(there).get();
    assertThat(now.getMetadata().getGeneration())
        .as("it was only tried")
        .isEqualTo(there.getMetadata().getGeneration());
    assertThat(now.getSpec().getTemplate()).isEqualTo(there.getSpec().getTemplate());
    client.resource(deployment(command)).fieldManager(MANAGER).forceConflicts().serverSideApply();
  }

  private static CachedObjects cached(Deployment there) {
    return new CachedObjects() {
      @Override
      public <R extends HasMetadata> Collection<R> of(Class<R> kind) {
        return kind.isInstance(there) ? List.of(kind.cast(there)) : List.of();
      }
    };
  }

  @SuppressWarnings("unchecked")
  private Context<FlinkCluster> context() {
    var cluster = new FlinkCluster();
    cluster.getMetadata().setUid(UID);
    ControllerConfiguration<FlinkCluster> configuration =
        answering(ControllerConfiguration.class, Map.of("fieldManager", () -> MANAGER));
    return answering(
        Context.class,
        Map.of(
            "getClient", () -> client,
            "getPrimaryResource", () -> cluster,
            "getControllerConfiguration", () -> configuration));
  }

  private static <T> T answering(Class<T> type, Map<String, Supplier<Object>> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> answers.get(method.getName()).get()));
  }
}
