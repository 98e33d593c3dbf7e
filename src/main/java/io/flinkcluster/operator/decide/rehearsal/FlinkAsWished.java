package io.flinkcluster.operator.decide.rehearsal;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedScaling;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Flink that does what it is asked, at once. Its job has one vertex. */
final class FlinkAsWished {
  private static final String VERTEX = "a".repeat(32);
  private static final int RESTORED = 1_000_000;

  private long epoch = -1;
  private CheckedCluster spec;
  private Instant since;
  private Instant tasksSince;
  private String state = "RUNNING";
  private Bounds bounds = new Bounds(1, 1);
  private Optional<SavepointProgress> savepoint = Optional.empty();
  private Optional<ObservedCheckpoints.Completed> checkpoint = Optional.empty();

  /** The job of this start runs since then. */
  void runs(LaunchStatus launch, CheckedCluster runs, Instant from) {
    epoch = launch.epoch();
    spec = runs;
    since = from;
    tasksSince = from;
    state = "RUNNING";
    bounds = new Bounds(1, Math.max(1, runs.parallelism()));
    savepoint = Optional.empty();
    checkpoint = Optional.empty();
  }

  boolean knows(long asked) {
    return epoch == asked;
  }

  /** Does what it is asked. */
  void act(Action action, Instant now) {
    if (action instanceof Action.StopWithSavepoint stop) {
      savepoint = Optional.of(complete(stop.triggerId(), stop.directory()));
      state = "FINISHED";
    } else if (action instanceof Action.TakeSavepoint take) {
      savepoint = Optional.of(complete(take.triggerId(), take.directory()));
    } else if (action instanceof Action.CancelJob) {
      state = "CANCELED";
    } else if (action instanceof Action.Require require) {
      bounds = require.bounds().getOrDefault(VERTEX, bounds);
      tasksSince = now;
    } else if (action instanceof Action.TakeCheckpoint take) {
      String path = "rehearsal:/" + take.jobId() + "/chk-" + RESTORED;
      checkpoint =
          Optional.of(
              new ObservedCheckpoints.Completed(RESTORED, path, now, Duration.ofMillis(1), 1));
    }
  }

  private static SavepointProgress complete(String triggerId, String directory) {
    return new SavepointProgress.Completed(triggerId, directory + "/savepoint");
  }

  /**
   * What its JobManager says.
   *
   * @param taskManagers names of the pods that run
   */
  FlinkObservation told(LaunchStatus launch, List<String> taskManagers, Instant now) {
    int slots = spec.spec().taskManager().taskSlots();
    int used = spec.job().isPresent() && state.equals("RUNNING") ? bounds.upper() : 0;
    var registered = new ArrayList<ObservedTaskManager>();
    for (String name : taskManagers) {
      int taken = Math.min(slots, used);
      registered.add(new ObservedTaskManager(name, slots, slots - taken));
      used -= taken;
    }
    Optional<ObservedJob> job =
        spec.job().map(j -> job(launch, j.maxParallelism() == null ? 0 : j.maxParallelism(), now));
    return new FlinkObservation(
        epoch, now, true, "", job, List.of(), registered, savepoint, scaling());
  }

  private ObservedScaling scaling() {
    int most = spec.job().map(j -> j.maxParallelism()).orElse(bounds.upper());
    return spec.adaptive()
        ? new ObservedScaling(
            List.of(new ObservedScaling.Vertex(VERTEX, bounds, most)), Optional.empty())
        : ObservedScaling.NONE;
  }

  private ObservedJob job(LaunchStatus launch, int most, Instant now) {
    boolean runs = state.equals("RUNNING");
    Optional<String> written =
        savepoint
            .filter(SavepointProgress.Completed.class::isInstance)
            .map(p -> ((SavepointProgress.Completed) p).location());
    return new ObservedJob(
        launch.jobId(),
        state,
        bounds.upper(),
        most,
        since,
        runs ? Optional.empty() : Optional.of(now),
        0,
        bounds.upper(),
        runs ? bounds.upper() : 0,
        runs ? Optional.of(tasksSince) : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new ObservedCheckpoints(
            0, 0, checkpoint, written, Optional.ofNullable(launch.restoredFrom())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
