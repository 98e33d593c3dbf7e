package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.ObservedPod.PodProblem;
import io.flinkcluster.operator.model.SafeText;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads why a Deployment has no pods. */
public final class DeploymentReader {

  private DeploymentReader() {}

  /**
   * Why pods of this Deployment are not created, in the controller's own words: a quota, pod
   * security, a missing service account. Empty: they are.
   */
  public static Optional<PodProblem> problem(Deployment deployment) {
    return Optional.ofNullable(deployment.getStatus()).map(DeploymentStatus::getConditions).stream()
        .flatMap(conditions -> conditions == null ? Stream.empty() : conditions.stream())
        .filter(one -> "ReplicaFailure".equals(one.getType()) && "True".equals(one.getStatus()))
        .map(one -> Objects.requireNonNullElse(one.getMessage(), ""))
        .map(
            message ->
                new PodProblem(
                    PodProblemReader.missing(message)
                        ? Reason.ReferenceNotFound
                        : Reason.PodCreationFailed,
                    SafeText.line(message)))
        .findFirst();
  }
}
