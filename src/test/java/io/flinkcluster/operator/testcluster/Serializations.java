package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.flinkcluster.operator.Clients;

/**
 * How the clients of tests read and write objects: each learns the model once for the whole JVM,
 * which takes a second, and not once for each of hundreds of clients.
 */
public final class Serializations {
  /** As a client does by default. */
  public static final KubernetesSerialization PLAIN = new KubernetesSerialization();

  /** As the operator does; fields that it cannot read are not counted. */
  public static final KubernetesSerialization OPERATOR = Clients.serialization(() -> {});

  private Serializations() {}
}
