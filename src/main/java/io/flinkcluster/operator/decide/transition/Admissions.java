package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.SnapshotSearchDirectories;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the one JobManager pod of a start, whose uid is recorded, is let begin. */
final class Admissions {

  private Admissions() {}

  /** Through its scheduling gate, or where it is prepared by its release; empty: not yet. */
  static Optional<Action> letThrough(Situation s, LaunchStatus launch, ObservedPod pod) {
    if (!launch.waitsForRelease()) {
      return Optional.of(new Action.RemoveSchedulingGate(pod.name(), pod.uid()));
    }
    return s.running()
        .map(
            spec ->
                new Action.ReleaseJobManager(
                    pod.name(),
                    pod.uid(),
                    Optional.ofNullable(launch.restoredFrom()),
                    directories(spec, launch)));
  }

  /** Its own directory it knows already. */
  private static List<String> directories(CheckedCluster spec, LaunchStatus launch) {
    var directories =
        new ArrayList<>(SnapshotSearchDirectories.of(spec, Launches.withState(launch)));
    directories.removeAll(SnapshotSearchDirectories.of(spec, Launches.of(launch)));
    return directories.stream().map(SnapshotSearchDirectories::inPod).toList();
  }
}
