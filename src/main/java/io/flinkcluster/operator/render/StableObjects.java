package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.List;

/** The objects of a cluster that outlive a start. */
public final class StableObjects {

  private StableObjects() {}

  /**
   * The REST Service, the PodDisruptionBudgets, and where the spec asks for them the NetworkPolicy
   * and the Ingress.
   *
   * @param epoch the start whose JobManager the REST Service leads to
   * @param operator who besides the user's peers may reach the REST port
   */
  public static List<HasMetadata> of(CheckedCluster cluster, long epoch, OperatorPeer operator) {
    throw new UnsupportedOperationException("not written yet");
  }
}
