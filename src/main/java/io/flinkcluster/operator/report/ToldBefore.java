package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Observation;
import java.util.Optional;
import java.util.Set;

/**
 * What was told of a JobManager that was not asked yet. An operator that has just begun to lead
 * knows nothing of any, and its silence about them is no news: what the status says stays until the
 * first look, which ends within seconds, has answered or failed.
 */
final class ToldBefore {
  /** What only a look at Flink says. */
  private static final Set<String> BY_LOOKING =
      Set.of(
          Reason.Running.name(),
          Reason.SessionRunning.name(),
          Reason.JobRestarting.name(),
          Reason.AwaitingCheckpoint.name(),
          Reason.Starting.name(),
          Reason.FlinkUnreachable.name());

  private ToldBefore() {}

  /**
   * The status as it was read, where it tells of this start, whose JobManager runs and was not
   * looked at yet.
   *
   * @param running the spec that the current start runs; where it is not known, nobody looks
   */
  static Optional<FlinkClusterStatus> of(
      FlinkClusterStatus before,
      RecordedState recorded,
      Optional<CheckedCluster> running,
      Observation seen) {
    return recorded
        .launch()
        .filter(l -> l.stoppedAt() == null && running.isPresent())
        .filter(l -> seen.flink().filter(f -> f.epoch() == l.epoch()).isEmpty())
        .filter(l -> seen.runningJobManager(l.epoch()).isPresent())
        .filter(
            l ->
                before != null
                    && before.launch() != null
                    && l.epoch().equals(before.launch().epoch()))
        .map(l -> before);
  }

  /** What it said of being ready; empty where that rested on anything but a look at Flink. */
  static Optional<Condition> ready(FlinkClusterStatus before) {
    return Conditions.find(before, Conditions.READY).filter(c -> BY_LOOKING.contains(c.reason()));
  }
}
