package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.CheckedDirectories;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.StorageFinding.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether Flink can work in its directories on S3, as the pod of the JobManager found before Flink
 * started in it: told of clusters that have any. What a pod said stays while it says nothing else.
 */
final class StorageCondition {

  private StorageCondition() {}

  /** Empty: there is nothing to tell. */
  static Optional<Condition> of(
      FlinkClusterStatus before,
      long generation,
      Optional<CheckedCluster> running,
      long epoch,
      Observation seen) {
    if (running.filter(spec -> !CheckedDirectories.of(spec).isEmpty()).isEmpty()) {
      return Optional.empty();
    }
    List<StorageFinding> found = found(seen, epoch);
    if (found.isEmpty()) {
      return Conditions.find(before, Conditions.STORAGE_READY);
    }
    StorageFinding worst = found.get(0);
    return Optional.of(
        Conditions.next(
            before,
            Conditions.STORAGE_READY,
            worst.kind() == Kind.CHECKED ? "True" : "False",
            generation,
            seen.at(),
            worst.kind().reason(),
            found.stream().map(StorageFinding::text).collect(Collectors.joining("\n"))));
  }

  /** Of several pods that of the worst: it is the one that holds a start back. */
  private static List<StorageFinding> found(Observation seen, long epoch) {
    return seen.pods(Component.JOB_MANAGER, epoch).stream()
        .filter(p -> !p.deleting() && !p.ended() && !p.storage().isEmpty())
        .map(p -> p.storage())
        .min((a, b) -> a.get(0).kind().compareTo(b.get(0).kind()))
        .orElse(List.of());
  }
}
