package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.FormerJobManager;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import io.flinkcluster.operator.model.SafeText;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The objects of one cluster, and what others made under its names. An object is the cluster's own
 * if it carries the uid of the resource.
 *
 * @param cached what the caches hold under the cluster's name, by kind
 * @param live the object of the same kind and name as the API server has it now; null: none
 * @param uid of the resource
 * @param confirmed to be called before one of them is made, changed or removed
 */
record OwnObjects(
    CachedObjects cached, UnaryOperator<HasMetadata> live, String uid, Runnable confirmed) {
  /** No object has this version, so that whatever exists is in conflict with it. */
  private static final String NO_VERSION = "1";

  /** All of this kind that are the cluster's own. */
  <R extends HasMetadata> Stream<R> all(Class<R> kind) {
    return cached.of(kind).stream().filter(o -> ObjectOwner.is(o, uid));
  }

  /** The one that is to become as wanted, if it is there already. */
  Optional<? extends HasMetadata> existing(HasMetadata wanted) {
    return all(wanted.getClass()).filter(o -> sameName(o, wanted)).findFirst();
  }

  /**
   * Why the wanted object must not be made, as far as the caches know: somebody else's has its
   * name, or a JobManager of a former cluster may run still.
   *
   * @return empty: nothing is known against it
   */
  Optional<String> claim(HasMetadata wanted) {
    if (existing(wanted).isPresent()) {
      return Optional.empty();
    }
    return cached.of(wanted.getClass()).stream()
        .filter(o -> sameName(o, wanted) && !ObjectOwner.is(o, uid))
        .findFirst()
        .map(OwnObjects::words)
        .or(() -> formerJobManager(wanted));
  }

  /**
   * Makes an object that the caches do not know. They know only what has the operator's labels, so
   * that the API server is told to make it only if there is none: that costs no request of its own.
   *
   * @param send applies the object as it is then
   * @return why it was not made; empty: it was, or it is the cluster's own
   */
  Optional<String> create(HasMetadata wanted, Runnable send) {
    var meta = wanted.getMetadata();
    HasMetadata there;
    try {
      meta.setResourceVersion(NO_VERSION);
      send.run();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      there = e.getCode() == HttpURLConnection.HTTP_CONFLICT ? live.apply(wanted) : null;
      if (there == null || PreparedTemplate.isGivenUp(wanted, there)) {
        throw e;
      }
    } finally {
      meta.setResourceVersion(null);
    }
    if (!ObjectOwner.is(there, uid)) {
      return Optional.of(words(there));
    }
    if (PreparedTemplate.isLate(wanted, there)) {
      return Optional.empty();
    }
    meta.setUid(there.getMetadata().getUid());
    send.run();
    return Optional.empty();
  }

  private static boolean sameName(HasMetadata one, HasMetadata other) {
    return one.getMetadata().getName().equals(other.getMetadata().getName());
  }

  private Optional<String> formerJobManager(HasMetadata wanted) {
    if (!(wanted instanceof Deployment) || !ObjectOwner.isJobManager(wanted)) {
      return Optional.empty();
    }
    return FormerJobManager.waitedFor(cached, uid);
  }

  /** Whose it is, as far as the object itself tells, and what a person may do. */
  private static String words(HasMetadata object) {
    if (ObjectOwner.uid(object).isPresent()) {
      return "it belongs to "
          + ObjectOwner.formerCluster(object)
          + " and is removed when that one is known to be gone";
    }
    return "it exists and does not belong to this FlinkCluster%s. It is left as it is: delete it, or give this FlinkCluster another name"
        .formatted(whose(object));
  }

  private static String whose(HasMetadata object) {
    var signs = new ArrayList<String>();
    var labels = ObjectOwner.labels(object);
    Stream.of(Labels.MANAGED_BY, Labels.INSTANCE)
        .filter(labels::containsKey)
        .forEach(key -> signs.add(key + ": " + labels.get(key)));
    var managers =
        Optional.ofNullable(object.getMetadata().getManagedFields()).stream()
            .flatMap(Collection::stream)
            .map(ManagedFieldsEntry::getManager)
            .filter(Objects::nonNull)
            .map(SafeText::line)
            .distinct()
            .limit(3)
            .toList();
    if (!managers.isEmpty()) {
      signs.add("written by " + String.join(", ", managers));
    }
    return signs.isEmpty() ? "" : " (" + String.join("; ", signs) + ")";
  }
}
