package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The kinds of object that a cluster consists of. */
public final class ManagedKinds {
  /** In the order in which they are applied: what pods need comes first. */
  public static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          ConfigMap.class,
          Service.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          Deployment.class,
          Ingress.class);

  /** The same, and pods. */
  public static final List<Class<? extends HasMetadata>> WATCHED = watched();

  /**
   * The same the other way round, in which they are removed: what others rest on goes last, and a
   * start may wait for the processes of another to end.
   */
  static final List<Class<? extends HasMetadata>> REMOVED = reversed();

  private ManagedKinds() {}

  private static List<Class<? extends HasMetadata>> watched() {
    var kinds = new ArrayList<>(KINDS);
    kinds.add(Pod.class);
    return List.copyOf(kinds);
  }

  private static List<Class<? extends HasMetadata>> reversed() {
    var kinds = new ArrayList<>(KINDS);
    Collections.reverse(kinds);
    return List.copyOf(kinds);
  }
}
