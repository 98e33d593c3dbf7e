package io.flinkcluster.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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

  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  /**
   * Objects that still differed right after they were applied, by uid of the cluster and key, with
   * the version they had: something else keeps changing them, or the comparison errs. They are left
   * alone until they change again.
   */
  private final Map<String, Map<String, String>> conflicting = new ConcurrentHashMap<>();

  private final KubernetesClient client;

  /**
   * An applier.
   *
   * @param client for the clusters' objects. The one of the SDK gives up early, as a lease must: an
   *     object whose making takes longer would be made all the same, be read, and be applied again.
   */
  public ObjectApplier(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Applies and prunes. What others made under the names of the cluster is refused: it is neither
   * changed nor removed, and no process is made that would use it.
   *
   * @param cached what the decision to apply these rests on
   * @param wanted the objects that should exist
   * @param dryRuns objects that the API server is only asked about
   * @param keep epochs whose objects are left as they are
   * @param keepConfigs epochs whose ConfigMaps are not removed
   * @param confirmed called before anything is changed; it throws where the resource has changed
   * @return what cannot be applied, one line each; where that is a trial nothing was applied, but
   *     what is left over was removed: it may be what stands in the way
   */
  public List<String> apply(
      Context<FlinkCluster> context,
      CachedObjects cached,
      List<HasMetadata> wanted,
      List<HasMetadata> dryRuns,
      Set<Long> keep,
      Set<Long> keepConfigs,
      Runnable confirmed) {
    String uid = context.getPrimaryResource().getMetadata().getUid();
    var own = new OwnObjects(cached, o -> client.resource(o).get(), uid, confirmed);
    var refusals = new ArrayList<String>();
    for (HasMetadata object : dryRuns) {
      own.claim(object)
          .map(why -> line(object, why))
          .or(() -> attempt(object, () -> tryOut(context, own, object)))
          .ifPresent(refusals::add);
    }
    var ordered = new ArrayList<>(refusals.isEmpty() ? wanted : List.of());
    ordered.sort(Comparator.comparingInt(ObjectApplier::rank));
    var barred = new HashSet<Long>();
    for (HasMetadata object : ordered) {
      OptionalLong epoch = ObjectOwner.epoch(object);
      if (epoch.isPresent()
          && barred.contains(epoch.getAsLong())
          && own.existing(object).isEmpty()) {
        continue; // it would use what is not the cluster's own
      }
      Optional<String> refusal =
          own.claim(object)
              .map(why -> line(object, why))
              .or(() -> attempt(object, () -> applyOne(context, own, object)));
      refusal.ifPresent(refusals::add);
      if (refusal.isPresent() && !(object instanceof Deployment)) {
        epoch.ifPresent(barred::add);
      }
    }
    retainConflicting(uid, wanted);
    Pruning.prune(client, own, wanted, keep, keepConfigs);
    return refusals;
  }

  /** A cluster is gone. */
  public void forget(String uid) {
    conflicting.remove(uid);
  }

  private void retainConflicting(String uid, List<HasMetadata> wanted) {
    conflicting.computeIfPresent(
        uid,
        (u, versions) -> {
          versions.keySet().retainAll(wanted.stream().map(ObjectApplier::key).toList());
          return versions.isEmpty() ? null : versions;
        });
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

  private static Optional<String> attempt(HasMetadata object, Supplier<Optional<String>> act) {
    try {
      return act.get().map(why -> line(object, why));
    } catch (KubernetesClientException e) {
      String why = Refusal.words(e);
      if (!REFUSED.contains(e.getCode()) && !why.contains(NOT_OF_THE_SCHEMA)) {
        throw e;
      }
      return Optional.of(line(object, why));
    }
  }

  private static String line(HasMetadata object, String why) {
    return object.getKind() + " " + object.getMetadata().getName() + ": " + why;
  }

  /** Why it was not applied; empty: it is as wanted, or left as it is on purpose. */
  private Optional<String> applyOne(
      Context<FlinkCluster> context, OwnObjects own, HasMetadata object) {
    Optional<? extends HasMetadata> existing = own.existing(object);
    if (existing.isPresent() && object instanceof Pod) {
      return Optional.empty(); // it is made once, and what is in the cache cannot be compared
    }
    if (existing.filter(e -> PreparedTemplate.isLate(object, e)).isPresent()) {
      return Optional.empty();
    }
    if (existing.filter(e -> isCovered(own.uid(), object, e)).isPresent()) {
      return Optional.empty();
    }
    own.confirmed().run();
    if (existing.filter(e -> OlderMaking.is(object, e)).isPresent()) {
      OlderMaking.update(client, object, existing.get());
      return Optional.empty();
    }
    if (existing.filter(e -> isSealed(object, e)).isPresent()) {
      LOG.warn("{} is not what was made: it is replaced", key(object));
      Removal.of(client, existing.get());
      existing = Optional.empty();
    }
    LOG.info("applying {}", key(object));
    if (existing.isEmpty()) {
      return own.create(object, () -> applyTo(context, own, object));
    }
    // A precondition: what took the name of the object since is not changed.
    object.getMetadata().setUid(existing.get().getMetadata().getUid());
    applyTo(context, own, object);
    return Optional.empty();
  }

  private void applyTo(Context<FlinkCluster> context, OwnObjects own, HasMetadata object) {
    HasMetadata applied = send(context, object);
    object.getMetadata().setResourceVersion(null);
    if (!SubsetMatcher.covers(tree(applied), tree(object))) {
      LOG.warn("{} still differs after it was applied", key(object));
      conflicting
          .computeIfAbsent(own.uid(), u -> new ConcurrentHashMap<>())
          .put(key(object), version(applied));
    }
  }

  /** Whether it must be removed to be changed. */
  private static boolean isSealed(HasMetadata wanted, HasMetadata actual) {
    if (PreparedTemplate.isGivenUp(wanted, actual)) {
      return true;
    }
    return wanted instanceof ConfigMap w
        && actual instanceof ConfigMap a
        && Boolean.TRUE.equals(a.getImmutable())
        && !(Objects.equals(w.getData(), a.getData()) && OlderMaking.sameBinaryData(w, a));
  }

  /** By way of the source that watches its namespace, and so knows it at once. */
  @SuppressWarnings("unchecked")
  private <R extends HasMetadata> R send(Context<FlinkCluster> context, R object) {
    var how =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(context.getControllerConfiguration().fieldManager())
            .withForce(true)
            .build();
    UnaryOperator<R> apply = o -> client.resource(o).patch(how);
    String namespace = object.getMetadata().getNamespace();
    var sources = context.eventSourceRetriever().getEventSourcesFor((Class<R>) object.getClass());
    for (var source : sources) {
      if (source instanceof InformerEventSource<R, FlinkCluster> informer
          && informer.configuration().getInformerConfig().getNamespaces().contains(namespace)) {
        return context.resourceOperations().resourcePatch(object, apply, informer);
      }
    }
    return context.resourceOperations().resourcePatch(object, apply);
  }

  private boolean isCovered(String uid, HasMetadata wanted, HasMetadata actual) {
    var versions = conflicting.getOrDefault(uid, Map.of());
    if (Objects.equals(versions.get(key(wanted)), version(actual))) {
      return true;
    }
    return SubsetMatcher.covers(tree(actual), tree(wanted));
  }

  private static String key(HasMetadata object) {
    var meta = object.getMetadata();
    return object.getKind()
        + "/"
        + meta.getNamespace()
        + "/"
        + meta.getName()
        + "/"
        + OlderMaking.annotation(object, Labels.RENDERED);
  }

  private static String version(HasMetadata object) {
    return object.getMetadata().getResourceVersion();
  }

  private static JsonNode tree(HasMetadata object) {
    return JSON.convertValue(object, JsonNode.class);
  }

  /**
   * Under the name under which it would be applied: under another, an object that is there would
   * keep the fields that it is to lose, and could be refused or accepted for them.
   */
  private Optional<String> tryOut(
      Context<FlinkCluster> context, OwnObjects own, HasMetadata object) {
    Runnable send =
        () ->
            context
                .getClient()
                .resource(object)
                .dryRun(true)
                .fieldManager(context.getControllerConfiguration().fieldManager())
                .forceConflicts()
                .serverSideApply();
    Optional<? extends HasMetadata> existing = own.existing(object);
    if (existing.isEmpty()) {
      return own.create(object, send);
    }
    // What would be made of both is nothing that could be.
    if (existing.filter(e -> PreparedTemplate.isGivenUp(object, e)).isEmpty()) {
      send.run();
    }
    return Optional.empty();
  }
}
