package io.flinkcluster.operator.replay;

import io.flinkcluster.operator.model.LoadSample;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of one moment.
 *
 * @param at the moment
 * @param replicas TaskManagers that the job had; empty: not recorded
 * @param obstacle why the job was not to be judged then, as part of a sentence; empty: it was
 * @param runningSince since when all its tasks ran; empty: not recorded
 * @param sample the newest that its tasks had done by then; empty: nothing was told
 */
public record RecordedMoment(
    Instant at,
    OptionalInt replicas,
    Optional<String> obstacle,
    Optional<Instant> runningSince,
    Optional<LoadSample> sample) {

  RecordedMoment withRunningSince(Optional<Instant> since) {
    return new RecordedMoment(at, replicas, obstacle, since, sample);
  }

  /** The largest parallelism of its vertices; 0: not known. */
  int parallelism() {
    return sample.stream()
        .flatMap(s -> s.vertices().stream())
        .mapToInt(LoadSample.Vertex::parallelism)
        .max()
        .orElse(0);
  }
}
