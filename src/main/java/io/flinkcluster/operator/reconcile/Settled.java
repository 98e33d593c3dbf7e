package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.flinkcluster.operator.apply.ManagedKinds;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.Launch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Of each cluster, what its objects rested on when they were last found to be as they should be.
 * While that is the same, and no object has changed, nothing need be rendered or compared: most
 * looks at most clusters end here.
 */
final class Settled {
  private final Map<ClusterKey, Basis> found = new ConcurrentHashMap<>();

  /**
   * What objects are rendered from, and the objects that there are.
   *
   * @param wanted the spec of the resource, where it is not refused
   * @param keep epochs whose objects are left as they are
   * @param memories epochs whose ConfigMaps are not removed
   * @param objects versions of all objects of the cluster that are in the caches; by those of its
   *     ConfigMaps the specs of earlier starts are known as well
   */
  record Basis(
      Optional<Shape> wanted,
      List<Start> starts,
      Set<Long> keep,
      Set<Long> memories,
      String objects) {

    static Basis of(
        Optional<CheckedCluster> wanted,
        Decision decision,
        Set<Long> memories,
        CachedObjects cached) {
      return new Basis(
          wanted.map(Shape::of),
          decision.runs().stream().map(Start::of).toList(),
          decision.keep(),
          memories,
          versions(cached));
    }

    private static String versions(CachedObjects cached) {
      var versions = new StringBuilder();
      ManagedKinds.WATCHED.stream()
          .flatMap(kind -> cached.of(kind).stream())
          .map(HasMetadata::getMetadata)
          .map(meta -> meta.getUid() + "@" + meta.getResourceVersion())
          .sorted()
          .forEach(version -> versions.append(version).append(' '));
      return versions.toString();
    }

    /** Whether the API server is to be asked about something, whatever there is. */
    boolean asks() {
      return starts.stream().anyMatch(Start::tried);
    }
  }

  /** What tells one spec of a cluster from another, with the size that it was given. */
  record Shape(long generation, String fingerprint, Integer taskManagers, int parallelism) {
    static Shape of(CheckedCluster spec) {
      return new Shape(
          spec.generation(),
          spec.fingerprint(),
          spec.spec().taskManager().replicas(),
          spec.parallelism());
    }
  }

  /** What is rendered of a {@link Run}. */
  record Start(Shape spec, Launch launch, Set<Part> parts, boolean tried, boolean drainWaits) {
    static Start of(Run run) {
      return new Start(
          Shape.of(run.spec()), run.launch(), run.parts(), run.tryJobManager(), run.drainWaits());
    }
  }

  /** Whether all is known to be as it should be. */
  boolean holds(ClusterKey key, Basis basis) {
    return basis.equals(found.get(key));
  }

  /** All was found to be as it should be: nothing was changed and nothing refused. */
  void found(ClusterKey key, Basis basis) {
    if (!basis.asks()) {
      found.put(key, basis);
    }
  }

  /** Nothing is known of it any more. */
  void forget(ClusterKey key) {
    found.remove(key);
  }
}
