package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedPod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Looks at the world once and returns it as a value: from the caches, but live where an act rests
 * on something not being there any more.
 */
public final class WorldObserver {
  private static final List<Class<? extends HasMetadata>> CHILDREN =
      List.of(
          Deployment.class,
          Service.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          Ingress.class,
          Pod.class);

  private final KubernetesClient client;
  private final Clock clock;
  private final Function<ClusterKey, Optional<FlinkObservation>> flink;
  private final PendingPodEvents stuckPods;

  /**
   * An observer.
   *
   * @param client for live reads
   * @param flink what a JobManager said last
   */
  public WorldObserver(
      KubernetesClient client,
      Clock clock,
      Function<ClusterKey, Optional<FlinkObservation>> flink) {
    this.client = client;
    this.clock = clock;
    this.flink = flink;
    this.stuckPods = new PendingPodEvents(client, clock);
  }

  /**
   * Looks.
   *
   * @param names names of the cluster's objects
   * @param uid of the resource
   * @param stoppingBefore an epoch that may start only when no JobManager of an earlier one exists;
   *     empty: nobody waits for that
   * @param beforeFirstStart whether a first start may follow at once, which rests on nothing having
   *     been left behind by an earlier cluster of this name
   */
  public Observation look(
      ClusterNames names,
      String uid,
      Context<FlinkCluster> context,
      Optional<Long> stoppingBefore,
      boolean beforeFirstStart) {
    var podObjects = context.getSecondaryResources(Pod.class);
    List<ObservedPod> pods =
        podObjects.stream()
            .flatMap(p -> PodReader.seen(p).stream())
            .sorted(Comparator.comparing(ObservedPod::name))
            .toList();
    pods = stuckPods.explained(pods, podObjects);
    return new Observation(
            clock.instant(),
            pods,
            missing(context),
            flink.apply(new ClusterKey(names.namespace(), names.name())),
            jobManagersGone(names, pods, stoppingBefore),
            left(context),
            finalSavepoint(names, context)
                .or(() -> beforeFirstStart ? finalSavepoint(names) : Optional.empty()))
        .with(CleanupReader.seen(podObjects, names.cleanup(uid)));
  }

  private static List<Observation.PodCreationFailure> missing(Context<FlinkCluster> context) {
    var missing = new ArrayList<Observation.PodCreationFailure>();
    for (Deployment deployment : context.getSecondaryResources(Deployment.class)) {
      Map<String, String> labels = deployment.getMetadata().getLabels();
      Component component =
          Component.JOB_MANAGER.label().equals(labels.get(Labels.COMPONENT))
              ? Component.JOB_MANAGER
              : Component.TASK_MANAGER;
      DeploymentReader.problem(deployment)
          .ifPresent(
              t -> missing.add(new Observation.PodCreationFailure(component, epoch(labels), t)));
    }
    return missing;
  }

  private static long epoch(Map<String, String> labels) {
    String epoch = labels.getOrDefault(Labels.EPOCH, "");
    return epoch.matches("[0-9]{1,18}") ? Long.parseLong(epoch) : -1;
  }

  /** The cache may be behind, so that its "gone" is only a reason to ask the API server. */
  private boolean jobManagersGone(
      ClusterNames names, List<ObservedPod> cached, Optional<Long> stoppingBefore) {
    if (stoppingBefore.isEmpty()) {
      return false;
    }
    long epoch = stoppingBefore.get();
    boolean cachedGone =
        cached.stream().noneMatch(p -> p.component() == Component.JOB_MANAGER && p.epoch() < epoch);
    return cachedGone
        && client
            .pods()
            .inNamespace(names.namespace())
            .withLabels(
                Map.of(
                    Labels.CLUSTER, names.name(), Labels.COMPONENT, Component.JOB_MANAGER.label()))
            .list()
            .getItems()
            .stream()
            .noneMatch(p -> epoch(p.getMetadata().getLabels()) < epoch);
  }

  private static List<Observation.RemainingObject> left(Context<FlinkCluster> context) {
    Stream<HasMetadata> configMaps =
        context.getSecondaryResources(ConfigMap.class).stream()
            .filter(c -> c.getMetadata().getLabels().containsKey(Labels.EPOCH))
            .map(HasMetadata.class::cast);
    Stream<HasMetadata> others =
        CHILDREN.stream()
            .<HasMetadata>flatMap(kind -> context.getSecondaryResources(kind).stream())
            .filter(o -> !(o instanceof Pod pod && CleanupReader.is(pod)));
    return Stream.concat(others, configMaps)
        .map(
            o ->
                new Observation.RemainingObject(
                    words(o), o.getMetadata().getDeletionTimestamp() != null))
        .sorted(Comparator.comparing(Observation.RemainingObject::what))
        .toList();
  }

  /** Kind and name, and what may hold the object: its finalizers, or a node that is gone. */
  private static String words(HasMetadata object) {
    var meta = object.getMetadata();
    String name = object.getKind() + " " + meta.getName();
    if (!meta.getFinalizers().isEmpty()) {
      return name + " (finalizer " + String.join(", ", meta.getFinalizers()) + ")";
    }
    return object instanceof Pod pod && pod.getSpec() != null && pod.getSpec().getNodeName() != null
        ? name + " (node " + pod.getSpec().getNodeName() + ")"
        : name;
  }

  private static Optional<String> finalSavepoint(
      ClusterNames names, Context<FlinkCluster> context) {
    return context.getSecondaryResources(ConfigMap.class).stream()
        .filter(c -> c.getMetadata().getName().equals(names.finalSavepoint()))
        .flatMap(c -> path(c).stream())
        .findFirst();
  }

  /** The same, live. */
  private Optional<String> finalSavepoint(ClusterNames names) {
    ConfigMap found =
        client.configMaps().inNamespace(names.namespace()).withName(names.finalSavepoint()).get();
    return Optional.ofNullable(found).flatMap(WorldObserver::path);
  }

  private static Optional<String> path(ConfigMap configMap) {
    return Optional.ofNullable(configMap.getData()).map(d -> d.get("path"));
  }
}
