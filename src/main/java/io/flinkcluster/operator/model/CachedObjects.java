package io.flinkcluster.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;

/**
 * What the caches hold under the name of one cluster, whoever made it: also what an earlier cluster
 * of the same name left. They may be behind.
 */
@FunctionalInterface
public interface CachedObjects {

  /** All objects of this kind; they are shared, and must not be changed. */
  <R extends HasMetadata> Collection<R> of(Class<R> kind);
}
