package io.flinkcluster.operator.model;

/**
 * What tells one FlinkCluster from all others of this Kubernetes cluster, also from an earlier or
 * later one of the same name.
 *
 * @param namespace its namespace
 * @param name its name
 * @param uid of the resource
 */
public record ClusterKey(String namespace, String name, String uid) {

  /** As people write it: {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
