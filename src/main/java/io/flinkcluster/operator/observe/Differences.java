package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Noise;
import io.flinkcluster.operator.model.ObservedJob;
import java.util.Optional;

/** Whether an observation tells something that a status shows and the last one told did not. */
final class Differences {

  private Differences() {}

  /**
   * Compares with what was told last, not with the last look: slow drift adds up until it is told.
   */
  static boolean worthTelling(FlinkObservation told, FlinkObservation now) {
    var job = now.job().map(seen -> told.job().map(before -> steadied(before, seen)).orElse(seen));
    var steadied =
        new FlinkObservation(
            now.epoch(),
            told.at(),
            now.reachable(),
            now.problem(),
            job,
            now.strangeJobs(),
            now.taskManagers(),
            now.savepoint(),
            now.scaling(),
            now.application(),
            told.loads());
    return !steadied.equals(told);
  }

  private static ObservedJob steadied(ObservedJob told, ObservedJob now) {
    boolean pressed = close(told.backPressure(), now.backPressure());
    boolean lagging = closeLag(told.sourceLag(), now.sourceLag());
    return new ObservedJob(
        now.id(),
        now.state(),
        now.parallelism(),
        now.maxParallelism(),
        now.startedAt(),
        now.endedAt(),
        now.restarts(),
        now.tasksTotal(),
        now.tasksRunning(),
        now.tasksRunningSince(),
        now.bufferTimeoutMillis(),
        now.flushed(),
        now.checkpoints(),
        pressed ? told.backPressure() : now.backPressure(),
        pressed ? told.backPressuredVertex() : now.backPressuredVertex(),
        lagging ? told.sourceLag() : now.sourceLag(),
        now.failure());
  }

  private static boolean close(Optional<Double> told, Optional<Double> now) {
    return told.isPresent() && now.isPresent() && Noise.samePressure(told.get(), now.get());
  }

  private static boolean closeLag(Optional<Long> told, Optional<Long> now) {
    return told.isPresent() && now.isPresent() && Noise.sameLag(told.get(), now.get());
  }
}
