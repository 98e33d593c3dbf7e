package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Savepoints by schedule: {@code storage.savepointInterval}. One is due when the newest savepoint
 * of the cluster, whoever asked for it, is older than the interval.
 */
public final class SavepointSchedule {
  /** How long after a failure the next one is tried, where the interval is longer. */
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private SavepointSchedule() {}

  private static boolean periodic(OperationRecord record) {
    return record.triggerKind() == TriggerKind.Schedule;
  }

  /** Whether one is due, and the job has settled so that it can be taken. */
  public static boolean due(Situation s, LaunchStatus launch, Optional<CheckedCluster> running) {
    return next(s, running)
        .filter(next -> !next.isAfter(s.now()) && settled(s, launch, running.get()))
        .isPresent();
  }

  /** How long until the next one is due; empty: none is, or one is due already. */
  public static Optional<Duration> untilDue(Situation s, Optional<CheckedCluster> running) {
    return next(s, running)
        .map(next -> Duration.between(s.now(), next))
        .filter(left -> !left.isNegative() && !left.isZero());
  }

  /**
   * Whether all tasks run and a checkpoint has completed since the start: then the job does not
   * need what it was started from any more.
   */
  public static boolean settled(Situation s, LaunchStatus launch, CheckedCluster spec) {
    boolean runs = LaunchFacts.allTasksRun(s, launch);
    boolean own =
        s.recorded()
            .restorePoint()
            .filter(p -> p.type() == RestorePoint.Type.Checkpoint)
            .filter(p -> p.jobId() != null && p.jobId().equals(launch.jobId()))
            .isPresent();
    return runs && (own || !spec.checkpointed());
  }

  private static Optional<Instant> next(Situation s, Optional<CheckedCluster> running) {
    if (running.filter(r -> r.dirs().savepoints().isPresent()).isEmpty()) {
      return Optional.empty();
    }
    return s.wanted()
        .or(() -> running)
        .filter(spec -> spec.job().isPresent())
        .flatMap(spec -> Optional.ofNullable(spec.spec().storage()))
        .flatMap(storage -> Optional.ofNullable(storage.savepointInterval()))
        .map(Times::duration)
        .map(interval -> next(s, interval));
  }

  private static Instant next(Situation s, Duration interval) {
    Instant regular = newest(s).plus(interval);
    Duration pause = interval.compareTo(PAUSE) < 0 ? interval : PAUSE;
    Instant afterFailure =
        s.recorded().operations().stream()
            .filter(SavepointSchedule::periodic)
            .findFirst()
            .filter(o -> o.result() != OperationResult.Succeeded)
            .flatMap(o -> Times.moment(o.endedAt()))
            .map(ended -> ended.plus(pause))
            .orElse(Instant.MIN);
    return afterFailure.isAfter(regular) ? afterFailure : regular;
  }

  /** When the newest savepoint was taken; where there is none, when the cluster began. */
  private static Instant newest(Situation s) {
    return s.recorded().savepoints().stream()
        .map(SavepointStatus::takenAt)
        .flatMap(t -> Times.moment(t).stream())
        .max(Instant::compareTo)
        .or(
            () ->
                s.recorded().operations().stream()
                    .flatMap(o -> Times.moment(o.startedAt()).stream())
                    .min(Instant::compareTo))
        .orElse(s.now());
  }
}
