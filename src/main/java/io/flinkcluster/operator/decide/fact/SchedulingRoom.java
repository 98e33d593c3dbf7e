package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import java.util.Objects;
import java.util.Optional;

/** Whether a change that finds no room beside what runs could find it in its place. */
public final class SchedulingRoom {

  private SchedulingRoom() {}

  /**
   * Whether the new TaskManagers may have room once the old ones are gone. Where both are alike it
   * is known: as many as run of both together. Otherwise nobody knows but the scheduler.
   */
  public static boolean mayFitAlone(
      Situation s, long newEpoch, LaunchStatus launch, CheckedCluster wanted) {
    Optional<CheckedCluster> running = s.spec(launch.epoch(), launch.fingerprint());
    if (running.filter(r -> alike(r, wanted)).isEmpty()) {
      return true;
    }
    long room = scheduled(s, newEpoch) + scheduled(s, launch.epoch());
    return room >= wanted.spec().taskManager().replicas();
  }

  private static long scheduled(Situation s, long epoch) {
    return s.seen().pods(Component.TASK_MANAGER, epoch).stream()
        .filter(p -> p.node().isPresent() && !p.deleting())
        .count();
  }

  private static boolean alike(CheckedCluster running, CheckedCluster wanted) {
    var before = running.spec().taskManager();
    var after = wanted.spec().taskManager();
    return Objects.equals(before.resources(), after.resources())
        && Objects.equals(before.podTemplate(), after.podTemplate())
        && Objects.equals(running.spec().podTemplate(), wanted.spec().podTemplate());
  }
}
