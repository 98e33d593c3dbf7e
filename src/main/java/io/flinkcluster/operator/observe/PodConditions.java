package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Optional;

/** Conditions of a pod. */
final class PodConditions {

  private PodConditions() {}

  /** The condition of this type if it has this status. */
  static Optional<PodCondition> is(PodStatus status, String type, String value) {
    return status.getConditions().stream()
        .filter(one -> type.equals(one.getType()) && value.equals(one.getStatus()))
        .findFirst();
  }
}
