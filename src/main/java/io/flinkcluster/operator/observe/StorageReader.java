package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObservedPod.PodProblem;
import io.flinkcluster.operator.model.StorageFinding;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what the init container of a JobManager found out about Flink's directories. */
final class StorageReader {

  private StorageReader() {}

  /** What the last run of it that has ended said, whether all was well or not. */
  static List<StorageFinding> of(PodStatus status) {
    return found(status.getInitContainerStatuses());
  }

  /** The same of any containers. */
  static List<StorageFinding> found(List<ContainerStatus> containers) {
    return containers.stream()
        .filter(container -> Labels.FETCH.equals(container.getName()))
        .flatMap(StorageReader::ends)
        .map(end -> StorageFinding.parse(end.getMessage()))
        .filter(findings -> !findings.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static Stream<ContainerStateTerminated> ends(ContainerStatus container) {
    return Stream.of(
            Optional.ofNullable(container.getState()),
            Optional.ofNullable(container.getLastState()))
        .flatMap(Optional::stream)
        .map(ContainerState::getTerminated)
        .filter(Objects::nonNull);
  }

  /** That Flink does not start because of it; empty: it ended for another reason. */
  static Optional<PodProblem> problem(ContainerStateTerminated end) {
    List<StorageFinding> findings = StorageFinding.parse(end.getMessage());
    if (findings.isEmpty()) {
      return Optional.empty();
    }
    StorageFinding worst = findings.get(0);
    long more = findings.stream().filter(f -> f.kind() == worst.kind()).count() - 1;
    String others = more == 0 ? "" : " (and " + more + " more in the condition StorageReady)";
    return Optional.of(new PodProblem(worst.kind().reason(), worst.text() + others));
  }
}
