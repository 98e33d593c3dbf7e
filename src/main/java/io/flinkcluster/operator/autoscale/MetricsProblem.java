package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether what Flink told can be true. */
final class MetricsProblem {

  /** How old the newest sample may be. */
  private static final Duration FRESH = Duration.ofMinutes(2);

  /** How far the clocks of two looks may differ. */
  private static final Duration AHEAD = Duration.ofSeconds(30);

  private MetricsProblem() {}

  /**
   * What is wrong, as part of a sentence; empty: nothing is.
   *
   * @param all samples, oldest first
   * @param usable those of them that are judged
   */
  static Optional<String> of(List<LoadSample> all, List<LoadSample> usable, Instant now) {
    // Of a jump that is long past nothing follows.
    return clock(all.subList(Math.max(0, all.size() - 2), all.size()), now)
        .or(() -> clock(usable, now))
        .or(() -> figures(usable, now));
  }

  private static Optional<String> clock(List<LoadSample> samples, Instant now) {
    Instant before = Instant.MIN;
    for (LoadSample sample : samples) {
      if (!sample.at().isAfter(before) || sample.at().isAfter(now.plus(AHEAD))) {
        return Optional.of("the clock has jumped: a sample is from " + sample.at());
      }
      before = sample.at();
    }
    return Optional.empty();
  }

  private static Optional<String> figures(List<LoadSample> samples, Instant now) {
    for (LoadSample sample : samples) {
      for (Vertex vertex : sample.vertices()) {
        Optional<String> wrong = of(vertex).map(w -> "`" + vertex.name() + "` reports " + w);
        if (wrong.isPresent()) {
          return wrong;
        }
      }
    }
    if (samples.isEmpty()) {
      return Optional.empty();
    }
    LoadSample last = samples.get(samples.size() - 1);
    if (last.at().plus(FRESH).isBefore(now)) {
      return Optional.of("Flink has told nothing since " + last.at());
    }
    if (last.vertices().stream().allMatch(v -> Double.isNaN(v.busy()))) {
      return Optional.of("Flink does not tell how busy the tasks are");
    }
    boolean known =
        last.vertices().stream()
            .filter(Vertex::source)
            .allMatch(v -> Double.isFinite(v.recordsIn()) || Double.isFinite(v.recordsOut()));
    return known
        ? Optional.empty()
        : Optional.of("Flink does not tell how many records the sources read");
  }

  private static Optional<String> of(Vertex v) {
    if (v.pending().orElse(0) < 0) {
      return Optional.of(v.pending().getAsLong() + " waiting records");
    }
    if (v.recordsIn() < 0 || v.recordsOut() < 0) { // false for NaN: that is missing, not wrong
      return Optional.of(
          "fewer records than before, as after a reset of its counters: %.0f per second"
              .formatted(Math.min(v.recordsIn(), v.recordsOut())));
    }
    if (v.busy() < 0 || v.idle() < 0 || v.backPressured() < 0) {
      return Optional.of("less time worked than before, as after a reset of its counters");
    }
    double all = v.busy() + v.idle() + v.backPressured();
    return all > 1.5
        ? Optional.of("%.0f ms of work and waiting in each second".formatted(1000 * all))
        : Optional.empty();
  }
}
