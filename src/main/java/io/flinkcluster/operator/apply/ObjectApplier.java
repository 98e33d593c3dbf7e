package io.flinkcluster.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Labels;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the objects of a cluster what they should be: applies what is missing or differs, removes
 * what is left over. Where everything is as it should be, no request is sent.
 */
public final class ObjectApplier {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectApplier.class);
  private static final Set<Integer> REFUSED = Set.of(400, 403, 404, 422);

  /** With status 500, for an unknown field or a key that is given twice (kubernetes#122480). */
  private static final String NOT_OF_THE_SCHEMA = "failed to create typed patch object";

  private static final Comparator<HasMetadata> BY_NAME =
      Comparator.comparing(object -> object.getMetadata().getName());

  private final KubernetesSerialization json = new KubernetesSerialization();

  /**
   * Objects that still differed right after they were applied, by key, with the version they had:
   * something else keeps changing them, or the comparison errs. They are left alone until they
   * change again.
   */
  private final Map<String, String> conflicting = new ConcurrentHashMap<>();

  /**
   * Applies and prunes.
   *
   * @param wanted the objects that should exist
   * @param dryRuns objects that the API server is only asked about
   * @param keep epochs whose objects are left as they are
   * @param keepConfigs epochs whose ConfigMaps are not removed
   * @return what the API server refused, one line each; where that is a trial nothing was applied,
   *     but what is left over was removed: it may be what stands in the way
   */
  public List<String> apply(
      Context<FlinkCluster> context,
      List<HasMetadata> wanted,
      List<HasMetadata> dryRuns,
      Set<Long> keep,
      Set<Long> keepConfigs) {
    var refusals = new ArrayList<String>();
    dryRuns.forEach(t -> attempt(t, () -> tryOut(context, t)).ifPresent(refusals::add));
    var ordered = new ArrayList<>(refusals.isEmpty() ? wanted : List.of());
    ordered.sort(Comparator.comparingInt(ObjectApplier::rank));
    for (HasMetadata object : ordered) {
      attempt(object, () -> applyOne(context, object)).ifPresent(refusals::add);
    }
    prune(context, wanted, keep, keepConfigs);
    return refusals;
  }

  private static int rank(HasMetadata object) {
    for (int i = 0; i < ManagedKinds.KINDS.size(); i++) {
      if (ManagedKinds.KINDS.get(i).isInstance(object)) {
        return i;
      }
    }
    if (object instanceof Pod) {
      return ManagedKinds.KINDS.size();
    }
    throw new IllegalArgumentException("not a child of a cluster: " + object.getKind());
  }

  private static Optional<String> attempt(HasMetadata object, Runnable act) {
    try {
      act.run();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      String why = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
      if (!REFUSED.contains(e.getCode()) && !String.valueOf(why).contains(NOT_OF_THE_SCHEMA)) {
        throw e;
      }
      return Optional.of(object.getKind() + " " + object.getMetadata().getName() + ": " + why);
    }
  }

  private void applyOne(Context<FlinkCluster> context, HasMetadata object) {
    Optional<? extends HasMetadata> existing = existing(context, object);
    if (existing.isPresent() && object instanceof Pod) {
      return; // it is made once, and of what is in the cache nothing can be compared
    }
    if (existing.filter(e -> isCovered(object, e)).isPresent()) {
      return;
    }
    if (existing.filter(e -> isOfOlderMaking(object, e)).isPresent()) {
      resize(context, object, existing.get());
      return;
    }
    LOG.info("applying {} {}", object.getKind(), object.getMetadata().getName());
    HasMetadata applied = send(context, object);
    if (!SubsetMatcher.covers(tree(applied), tree(object))) {
      LOG.warn(
          "{} {} still differs after it was applied",
          object.getKind(),
          object.getMetadata().getName());
      conflicting.put(key(object), version(applied));
    }
  }

  /** By way of the source that watches its namespace, and so knows it at once. */
  @SuppressWarnings("unchecked")
  private static <R extends HasMetadata> R send(Context<FlinkCluster> context, R object) {
    String namespace = object.getMetadata().getNamespace();
    var sources = context.eventSourceRetriever().getEventSourcesFor((Class<R>) object.getClass());
    for (var source : sources) {
      if (source instanceof InformerEventSource<R, FlinkCluster> informer
          && informer.configuration().getInformerConfig().getNamespaces().contains(namespace)) {
        return context.resourceOperations().serverSideApply(object, informer);
      }
    }
    return context.resourceOperations().serverSideApply(object);
  }

  private boolean isCovered(HasMetadata wanted, HasMetadata actual) {
    if (Objects.equals(conflicting.get(key(wanted)), version(actual))) {
      return true;
    }
    return SubsetMatcher.covers(tree(actual), tree(wanted));
  }

  /**
   * Whether it belongs to a start that an earlier version of the operator rendered in another way.
   * Such an object is left as it is until the next start: rolling it would restart a running job,
   * or leave its processes with configurations that differ. Only its size is changed.
   */
  private boolean isOfOlderMaking(HasMetadata wanted, HasMetadata actual) {
    if (epoch(wanted).isEmpty() || rendered(wanted).equals(rendered(actual))) {
      return false;
    }
    if (wanted instanceof Deployment) {
      JsonNode template = tree(wanted).at("/spec/template");
      return !SubsetMatcher.covers(tree(actual).at("/spec/template"), template);
    }
    return wanted instanceof ConfigMap;
  }

  private static void resize(
      Context<FlinkCluster> context, HasMetadata wanted, HasMetadata actual) {
    if (!(wanted instanceof Deployment w) || !(actual instanceof Deployment a)) {
      return;
    }
    Integer replicas = w.getSpec().getReplicas();
    if (replicas == null || replicas.equals(a.getSpec().getReplicas())) {
      return;
    }
    LOG.info("scaling Deployment {} to {}", w.getMetadata().getName(), replicas);
    // Not applied: that would take away every other field that is applied under the same name.
    context
        .getClient()
        .apps()
        .deployments()
        .inNamespace(w.getMetadata().getNamespace())
        .withName(w.getMetadata().getName())
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(Labels.OPERATOR)
                .build(),
            "{\"spec\": {\"replicas\": %d}}".formatted(replicas));
  }

  private static String rendered(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(Labels.RENDERED, "");
  }

  private static String key(HasMetadata object) {
    var meta = object.getMetadata();
    return object.getKind()
        + "/"
        + meta.getNamespace()
        + "/"
        + meta.getName()
        + "/"
        + rendered(object);
  }

  private static String version(HasMetadata object) {
    return object.getMetadata().getResourceVersion();
  }

  private JsonNode tree(HasMetadata object) {
    return json.convertValue(object, JsonNode.class);
  }

  private static Optional<? extends HasMetadata> existing(
      Context<FlinkCluster> context, HasMetadata object) {
    String name = object.getMetadata().getName();
    return context.getSecondaryResources(object.getClass()).stream()
        .filter(e -> e.getMetadata().getName().equals(name))
        .findFirst();
  }

  private static void tryOut(Context<FlinkCluster> context, HasMetadata object) {
    context
        .getClient()
        .resource(object)
        .dryRun(true)
        .fieldManager(Labels.OPERATOR)
        .forceConflicts()
        .serverSideApply();
  }

  private static void prune(
      Context<FlinkCluster> context,
      List<HasMetadata> wanted,
      Set<Long> keep,
      Set<Long> keepConfigs) {
    for (Class<? extends HasMetadata> kind : ManagedKinds.REMOVED) {
      context.getSecondaryResources(kind).stream()
          .filter(existing -> isLeftOver(existing, wanted, keep, keepConfigs))
          .sorted(BY_NAME) // the JobManager is waited for
          .forEach(existing -> remove(context, existing));
    }
  }

  private static boolean isLeftOver(
      HasMetadata existing, List<HasMetadata> wanted, Set<Long> keep, Set<Long> keepConfigs) {
    Optional<Long> epoch = epoch(existing);
    if (existing.getMetadata().getDeletionTimestamp() != null) {
      return false;
    }
    if (existing instanceof ConfigMap && (epoch.isEmpty() || keepConfigs.contains(epoch.get()))) {
      return false; // the memory of a deleted cluster, or of a start that may be gone back to
    }
    if (epoch.isPresent() && keep.contains(epoch.get())) {
      return false;
    }
    if (epoch.isEmpty() && !keep.isEmpty() && wanted.isEmpty()) {
      return false;
    }
    return wanted.stream()
        .noneMatch(
            w ->
                w.getKind().equals(existing.getKind())
                    && w.getMetadata().getName().equals(existing.getMetadata().getName()));
  }

  private static Optional<Long> epoch(HasMetadata object) {
    var labels = object.getMetadata().getLabels();
    return Optional.ofNullable(labels == null ? null : labels.get(Labels.EPOCH))
        .filter(e -> e.matches("[0-9]{1,18}"))
        .map(Long::valueOf);
  }

  /**
   * What the API server does not let go now is tried again at the next look, and keeps no other.
   */
  private static void remove(Context<FlinkCluster> context, HasMetadata object) {
    LOG.info("removing {} {}", object.getKind(), object.getMetadata().getName());
    try {
      context
          .getClient()
          .resource(object)
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .delete();
    } catch (KubernetesClientException e) {
      if (e.getStatus() == null) {
        throw e; // it was not heard at all
      }
      LOG.warn(
          "{} {} was not removed: {}",
          object.getKind(),
          object.getMetadata().getName(),
          e.getStatus().getMessage());
    }
  }
}
