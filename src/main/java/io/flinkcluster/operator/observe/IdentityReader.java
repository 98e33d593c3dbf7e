package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.flinkcluster.operator.model.CloudIdentity;
import io.flinkcluster.operator.model.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads from a pod, as the API server made it, which identity its Flink container has on AWS. */
final class IdentityReader {

  private IdentityReader() {}

  static CloudIdentity of(PodSpec spec) {
    Optional<Container> flink = flink(spec);
    Map<String, String> environment =
        flink.stream()
            .flatMap(IdentityReader::variables)
            .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue, (a, b) -> b));
    return CloudIdentity.of(
        environment, flink.filter(container -> !container.getEnvFrom().isEmpty()).isPresent());
  }

  /** The container with no more than {@link #of} reads, and no value that may be a secret. */
  static List<Container> trimmed(PodSpec spec) {
    return flink(spec)
        .map(
            container ->
                new ContainerBuilder()
                    .withName(container.getName())
                    .withEnv(variables(container).toList())
                    .withEnvFrom(container.getEnvFrom())
                    .build())
        .filter(container -> !container.getEnv().isEmpty() || !container.getEnvFrom().isEmpty())
        .stream()
        .toList();
  }

  /** Those that tell, each with a value only where that is no secret. */
  private static Stream<EnvVar> variables(Container container) {
    return container.getEnv().stream()
        .filter(one -> CloudIdentity.VARIABLES.contains(one.getName()))
        .map(one -> new EnvVar(one.getName(), told(one), null));
  }

  private static String told(EnvVar one) {
    return one.getName().equals(CloudIdentity.TOLD) && one.getValue() != null ? one.getValue() : "";
  }

  private static Optional<Container> flink(PodSpec spec) {
    return spec.getContainers().stream()
        .filter(container -> Labels.FLINK.equals(container.getName()))
        .findFirst();
  }
}
