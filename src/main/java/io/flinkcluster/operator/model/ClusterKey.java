package io.flinkcluster.operator.model;

/**
 * What tells one FlinkCluster from all others of this Kubernetes cluster at one time.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record ClusterKey(String namespace, String name) {

  /** As people write it: {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
