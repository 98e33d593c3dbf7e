package io.flinkcluster.operator.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The world as it was seen at one moment.
 *
 * @param at the moment; the only clock that pure code knows
 * @param pods pods of the cluster, all starts, by name
 * @param troubles what keeps pods from being created, in the controller's own words
 * @param flink what the JobManager of the current start said last
 * @param finalSavepoint savepoint that a deleted cluster of the same name left behind
 */
public record Observation(
    Instant at,
    List<PodSeen> pods,
    List<PodSeen.Trouble> troubles,
    Optional<FlinkObservation> flink,
    Optional<String> finalSavepoint) {

  /** Pods of one component and start. */
  public List<PodSeen> pods(Component component, long epoch) {
    return pods.stream().filter(p -> p.component() == component && p.epoch() == epoch).toList();
  }

  /** The job of this start; empty until its JobManager has reported it. */
  public Optional<JobSeen> job(long epoch) {
    return flink.filter(f -> f.epoch() == epoch).flatMap(FlinkObservation::job);
  }
}
