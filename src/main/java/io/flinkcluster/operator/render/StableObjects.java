package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLS;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.IngressSpec;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The objects of a cluster that outlive a start. What a foreground deletion of the resource may
 * take away early has an owner reference; the REST Service has none, since the last savepoint is
 * asked for through it.
 */
public final class StableObjects {

  private StableObjects() {}

  /**
   * The REST Service, the PodDisruptionBudgets, and where the spec asks for them the
   * NetworkPolicies and the Ingress.
   *
   * @param running the spec of the start whose JobManager the REST Service leads to
   * @param epoch of that start
   * @param drainWaits whether none of its pods may be evicted
   * @param operator who besides the user's peers may reach the REST port
   */
  public static List<HasMetadata> of(
      CheckedCluster cluster,
      CheckedCluster running,
      long epoch,
      boolean drainWaits,
      OperatorIdentity operator) {
    var objects = new ArrayList<HasMetadata>();
    objects.add(rest(cluster, epoch));
    for (Component component : Component.values()) {
      int replicas = replicas(running, component);
      int stay = drainWaits ? replicas : Math.max(0, replicas - 1);
      objects.add(disruptionBudget(cluster, component, epoch, stay));
    }
    if (cluster.spec().networkPolicy().enabled()) {
      objects.add(
          Policy.of(
              cluster, Component.JOB_MANAGER, operator, owned(cluster, cluster.names().policy())));
      objects.add(
          Policy.of(
              cluster,
              Component.TASK_MANAGER,
              operator,
              owned(cluster, cluster.names().taskManagerPolicy())));
    }
    if (cluster.spec().ingress() != null) {
      objects.add(ingress(cluster, cluster.spec().ingress()));
    }
    objects.forEach(Json::stamped);
    return List.copyOf(objects);
  }

  private static Service rest(CheckedCluster cluster, long epoch) {
    return new ServiceBuilder()
        .withMetadata(metadata(cluster, cluster.names().rest()).build())
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(selectorOfJobManager(cluster, epoch))
        .withPorts(Ports.service("rest", cluster.ports().rest()))
        .endSpec()
        .build();
  }

  /** By uid too: a deleted cluster of the same name may have left a JobManager of this epoch. */
  static Map<String, String> selectorOfJobManager(CheckedCluster cluster, long epoch) {
    return Map.of(
        Labels.CLUSTER, cluster.names().name(),
        Labels.UID, cluster.uid(),
        Labels.COMPONENT, Component.JOB_MANAGER.label(),
        Labels.EPOCH, Long.toString(epoch));
  }

  private static int replicas(CheckedCluster running, Component component) {
    return component == Component.JOB_MANAGER
        ? running.spec().jobManager().replicas()
        : running.spec().taskManager().replicas();
  }

  /**
   * One pod at a time, or none while a drain is to wait. Else never none: a lost TaskManager
   * restarts the job whatever the budget says, and a budget of zero stops the upgrade of every node
   * where nobody moves the job. Said as the number that must stay: for the number that may go
   * Kubernetes looks for the controllers of pods, and warns where a stop has removed these a moment
   * before their pods.
   */
  private static PodDisruptionBudget disruptionBudget(
      CheckedCluster cluster, Component component, long epoch, int stay) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(owned(cluster, cluster.names().disruptionBudget(component)))
        .withNewSpec()
        .withMinAvailable(new IntOrString(stay))
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(
            Map.of(
                Labels.CLUSTER, cluster.names().name(),
                Labels.COMPONENT, component.label(),
                Labels.EPOCH, Long.toString(epoch)))
        .endSelector()
        .endSpec()
        .build();
  }

  private static Ingress ingress(CheckedCluster cluster, IngressSpec spec) {
    var metadata = new ObjectMetaBuilder(owned(cluster, cluster.names().policy()));
    if (!spec.annotations().isEmpty()) {
      metadata.withAnnotations(spec.annotations());
    }
    var ingress =
        new IngressBuilder()
            .withMetadata(metadata.build())
            .withNewSpec()
            .withIngressClassName(spec.className())
            .addNewRule()
            .withHost(spec.host())
            .withNewHttp()
            .addNewPath()
            .withPath(spec.path())
            .withPathType(spec.pathType())
            .withNewBackend()
            .withNewService()
            .withName(cluster.names().rest())
            .withNewPort()
            .withNumber(cluster.ports().rest())
            .endPort()
            .endService()
            .endBackend()
            .endPath()
            .endHttp()
            .endRule()
            .endSpec()
            .build();
    if (spec.tlsSecretName() != null) {
      var hosts = spec.host() == null ? List.<String>of() : List.of(spec.host());
      ingress.getSpec().setTls(List.of(new IngressTLS(hosts, spec.tlsSecretName())));
    }
    return ingress;
  }

  private static ObjectMetaBuilder metadata(CheckedCluster cluster, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(cluster.names().namespace())
        .withLabels(cluster.names().labels())
        .addToLabels(Labels.UID, cluster.uid());
  }

  private static ObjectMeta owned(CheckedCluster cluster, String name) {
    return metadata(cluster, name)
        .addNewOwnerReference()
        .withApiVersion(FlinkCluster.GROUP + "/v1")
        .withKind("FlinkCluster")
        .withName(cluster.names().name())
        .withUid(cluster.uid())
        .withController(false)
        .endOwnerReference()
        .build();
  }
}
