package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.api.UpgradeMode;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.SavepointProgress;
import io.flinkcluster.operator.model.Times;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** What Flink says of the savepoint that it was asked for. */
public final class SavepointFacts {

  private SavepointFacts() {}

  /** Where savepoints of what runs are to lie; empty: nowhere is known. */
  public static Optional<String> directory(Situation s, LaunchStatus launch) {
    return s.spec(launch.epoch(), launch.fingerprint())
        .flatMap(spec -> spec.dirs().savepoints())
        .or(() -> s.wanted().flatMap(spec -> spec.dirs().savepoints()));
  }

  /** A change by the last checkpoint takes a savepoint as well while there is no checkpoint. */
  public static boolean needed(Situation s, CheckedCluster spec) {
    return spec.spec().job().upgradeMode() == UpgradeMode.Savepoint
        || s.recorded().restorePoint().isEmpty();
  }

  private static Optional<SavepointProgress> progress(Situation s, OperationStatus operation) {
    return s.seen()
        .flink()
        .flatMap(FlinkObservation::savepoint)
        .filter(p -> p.triggerId().equals(operation.triggerId()));
  }

  /** Whether Flink has answered a question about it. */
  public static boolean asked(Situation s) {
    return progress(s, s.operation()).isPresent();
  }

  /** Whether Flink knows the trigger id. */
  public static boolean accepted(Situation s) {
    return progress(s, s.operation())
        .filter(p -> !(p instanceof SavepointProgress.Unknown))
        .isPresent();
  }

  /** The path once it is complete, whichever way Flink tells it. */
  public static Optional<String> confirmed(Situation s) {
    OperationStatus operation = s.operation();
    Optional<SavepointProgress> progress = progress(s, operation);
    return progress
        .filter(SavepointProgress.Completed.class::isInstance)
        .map(p -> ((SavepointProgress.Completed) p).location())
        .or(
            () ->
                progress
                    .filter(SavepointProgress.Failed.class::isInstance)
                    .flatMap(p -> ((SavepointProgress.Failed) p).written())
                    .filter(path -> own(operation, path)))
        .or(
            () ->
                LaunchFacts.endedJob(s, s.launch())
                    .flatMap(j -> j.checkpoints().lastSavepoint())
                    .filter(path -> own(operation, path)));
  }

  /** The text of a failure is written by the job's process: a path elsewhere is not believed. */
  private static boolean own(OperationStatus operation, String path) {
    String directory = SnapshotPaths.plain(operation.savepointDirectory());
    return SnapshotPaths.plain(path).startsWith(directory + "/");
  }

  /** Why it failed, where Flink says that nothing was written. */
  public static Optional<String> failure(Situation s) {
    return progress(s, s.operation())
        .filter(SavepointProgress.Failed.class::isInstance)
        .map(p -> (SavepointProgress.Failed) p)
        .filter(p -> p.written().isEmpty())
        .map(SavepointProgress.Failed::message);
  }

  /**
   * Whether the job has run on after the savepoint that was to stop it was complete: it has
   * completed a checkpoint since, or its tasks were started again. The savepoint is not its newest
   * state then.
   */
  public static boolean jobRanOn(Situation s) {
    LaunchStatus launch = s.launch();
    Instant complete = Times.moment(s.operation().stoppedAt()).orElse(Instant.MAX);
    boolean checkpoint =
        s.recorded()
            .restorePoint()
            .filter(p -> p.type() == RestorePoint.Type.Checkpoint)
            .filter(p -> Objects.equals(p.jobId(), launch.jobId()))
            .flatMap(p -> Times.moment(p.takenAt()))
            .filter(complete::isBefore)
            .isPresent();
    boolean again =
        LaunchFacts.job(s, launch)
            .filter(ObservedJob::allTasksRunning)
            .flatMap(ObservedJob::tasksRunningSince)
            .filter(complete::isBefore)
            .isPresent();
    return checkpoint || again;
  }
}
