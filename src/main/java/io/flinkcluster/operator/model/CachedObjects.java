package io.flinkcluster.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;

/**
 * What the caches hold under the name of one cluster, whoever made it: also what an earlier cluster
 * of the same name left. They may be behind.
 */
@FunctionalInterface
public interface CachedObjects {

  /** All objects of this kind; they are shared, and must not be changed. */
  <R extends HasMetadata> Collection<R> of(Class<R> kind);

  /**
   * What the caches hold of these kinds now, whatever they take in later. What is decided and what
   * is done then rest on the same view: a process that stood still after it had decided would else
   * remove what a successor has made meanwhile.
   *
   * @return fails for any other kind
   */
  default CachedObjects asOfNow(Collection<Class<? extends HasMetadata>> kinds) {
    var held = new HashMap<Class<? extends HasMetadata>, List<? extends HasMetadata>>();
    kinds.forEach(kind -> held.put(kind, List.copyOf(of(kind))));
    return new CachedObjects() {
      @Override
      public <R extends HasMetadata> Collection<R> of(Class<R> kind) {
        return held.get(kind).stream().map(kind::cast).toList();
      }
    };
  }
}
