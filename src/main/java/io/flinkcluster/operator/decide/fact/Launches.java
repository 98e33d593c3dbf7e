package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Launch;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The starts of a cluster: what is recorded of them, and what of them exists. */
public final class Launches {

  private Launches() {}

  /** The launch as the renderer wants it: what is prepared is told later what to begin from. */
  public static Launch of(LaunchStatus status) {
    return status.waitsForRelease()
        ? Launch.prepared(status.epoch(), status.jobId())
        : withState(status);
  }

  /** The launch with what it begins from. */
  public static Launch withState(LaunchStatus status) {
    return new Launch(
        status.epoch(),
        Optional.ofNullable(status.jobId()),
        Optional.ofNullable(status.restoredFrom()),
        status.snapshotSearchDirectories() == null
            ? List.of()
            : status.snapshotSearchDirectories());
  }

  /** The start that the operation leads to, before it is recorded as the current one. */
  public static Launch prepared(Situation s, boolean hasJob) {
    long epoch = s.operation().epoch();
    if (s.operation().withJobManagerPrepared()) {
      return Launch.prepared(epoch, Ids.jobId(s.uid(), epoch));
    }
    return new Launch(
        epoch,
        hasJob ? Optional.of(Ids.jobId(s.uid(), epoch)) : Optional.empty(),
        Optional.empty());
  }

  /** Epochs that the current start and the operation under way are about. */
  public static Set<Long> underWay(Situation s) {
    var epochs = new HashSet<Long>();
    s.recorded().launch().ifPresent(l -> epochs.add(l.epoch()));
    s.recorded().operation().map(OperationStatus::epoch).ifPresent(epochs::add);
    return Set.copyOf(epochs);
  }

  /** Starts of which objects exist. */
  public static Set<Long> traces(Situation s) {
    var epochs = new TreeSet<>(s.launched().keySet());
    s.seen().pods().forEach(pod -> epochs.add(pod.epoch()));
    return epochs;
  }

  /** The newest start of which objects exist; 0: there is none. */
  public static long newestTrace(Situation s) {
    return traces(s).stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** The first epoch that no start has used or reserved, of which nothing exists either. */
  public static long nextEpoch(Situation s) {
    return Math.max(s.recorded().nextEpoch(), newestTrace(s) + 1);
  }

  /** The cluster ids of high availability data of all starts but this one. */
  public static List<String> pastClusterIds(Situation s, long current) {
    var epochs = new TreeSet<>(underWay(s));
    s.recorded().operations().stream()
        .map(OperationRecord::epoch)
        .filter(Objects::nonNull)
        .forEach(epochs::add);
    epochs.remove(current);
    return epochs.stream().map(e -> s.names().highAvailability(s.uid(), e)).toList();
  }

  /** Whether any start that is remembered, or the wanted one, keeps high availability data. */
  public static boolean keepHighAvailabilityData(Situation s) {
    return s.launched().values().stream().anyMatch(CheckedCluster::highlyAvailable)
        || s.wanted().filter(CheckedCluster::highlyAvailable).isPresent();
  }
}
