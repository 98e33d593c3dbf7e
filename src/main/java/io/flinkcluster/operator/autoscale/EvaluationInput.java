package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that an evaluation rests on.
 *
 * @param now when it is made
 * @param obstacle why the job is not to be judged now, as part of a sentence: it does not run, or a
 *     change is under way; empty: it can be
 * @param runningSince since when all its tasks run; empty: they do not
 * @param replicas TaskManagers that it has
 * @param slots of each TaskManager
 * @param maxParallelism of the job
 * @param samples what its tasks did, oldest first
 * @param changes earlier changes of its size, newest first
 * @param downtime how long the job stands still when its size changes, as measured
 * @param policy what is allowed and wanted
 */
public record EvaluationInput(
    Instant now,
    Optional<String> obstacle,
    Optional<Instant> runningSince,
    int replicas,
    int slots,
    int maxParallelism,
    List<LoadSample> samples,
    List<SizeChange> changes,
    Duration downtime,
    SizingPolicy policy) {

  /** Copies the lists. */
  public EvaluationInput {
    samples = List.copyOf(samples);
    changes = List.copyOf(changes);
  }
}
