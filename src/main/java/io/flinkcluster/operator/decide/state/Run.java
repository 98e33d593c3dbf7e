package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;
import java.util.HashSet;
import java.util.Set;

/**
 * A start whose objects should exist.
 *
 * @param spec what it runs
 * @param launch which start it is
 * @param parts which of its objects should exist
 * @param tryJobManager whether the API server is asked if it would accept the JobManager, without
 *     creating it
 * @param drainWaits whether none of its pods may be evicted
 */
public record Run(
    CheckedCluster spec,
    Launch launch,
    Set<Part> parts,
    boolean tryJobManager,
    boolean drainWaits) {

  private Run(CheckedCluster spec, Launch launch, Set<Part> parts, boolean tryJobManager) {
    this(spec, launch, parts, tryJobManager, false);
  }

  /** All objects of a start. */
  public static Run whole(CheckedCluster spec, Launch launch) {
    return new Run(
        spec,
        launch,
        Set.of(Part.CONFIG, Part.SERVICE, Part.JOB_MANAGER, Part.TASK_MANAGERS),
        false);
  }

  /**
   * TaskManagers that wait for their JobManager, and that itself where it is prepared; it then
   * waits for its release.
   */
  public static Run waiting(CheckedCluster spec, Launch launch) {
    return launch.prepared()
        ? whole(spec, launch)
        : new Run(spec, launch, Set.of(Part.CONFIG, Part.SERVICE, Part.TASK_MANAGERS), true);
  }

  /** Nothing, but its spec is not forgotten. */
  public static Run remembered(CheckedCluster spec, Launch launch) {
    return new Run(spec, launch, Set.of(), false);
  }

  /** Only the pod that removes what is left in storage. */
  public static Run cleanedUp(CheckedCluster spec, Launch launch) {
    return new Run(spec, launch, Set.of(Part.CLEANUP), false);
  }

  /** The same, and the pod that tries whether it could use its directories. */
  public Run withStorageCheck() {
    var all = new HashSet<>(parts);
    all.add(Part.STORAGE_CHECK);
    return new Run(spec, launch, Set.copyOf(all), tryJobManager, drainWaits);
  }

  /** The same, where none of its pods may be evicted. */
  public Run whoseDrainWaits() {
    return new Run(spec, launch, parts, tryJobManager, true);
  }

  /** Whether it leads to a running cluster. */
  public boolean lives() {
    return parts.contains(Part.CONFIG);
  }

  /** Only what a later start of the same epoch needs. */
  public static Run configured(CheckedCluster spec, Launch launch) {
    return new Run(spec, launch, Set.of(Part.CONFIG, Part.SERVICE), true);
  }
}
