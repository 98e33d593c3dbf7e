package io.flinkcluster.operator.replay;

import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was recorded of one job.
 *
 * @param moments oldest first, at least two
 * @param notes what is to be known of it, one sentence each
 */
public record Recording(List<RecordedMoment> moments, List<String> notes) {

  /** After a pause that long the operator, too, remembers nothing of the load before. */
  static final Duration GAP = Duration.ofMinutes(2);

  /** Flink's own bound of a parallelism, where none was recorded. */
  static final int MOST_TASKS = 32768;

  private static final String STEP =
      "the operator looks every 15 s; record with a step of 15 s, at most 2 min";

  /**
   * Checks and completes them.
   *
   * @param found in the order of the recording
   */
  static Recording of(List<RecordedMoment> found, List<String> notes) {
    if (found.stream().filter(m -> m.sample().isPresent()).count() < 2) {
      throw new RecordingException(
          "the recording tells what the tasks did at fewer than two moments; record at least half"
              + " an hour while the job runs");
    }
    var told = new ArrayList<>(notes);
    var gaps = new ArrayList<String>();
    for (int i = 1; i < found.size(); i++) {
      Instant before = found.get(i - 1).at();
      Instant at = found.get(i).at();
      if (!at.isAfter(before)) {
        throw new RecordingException(
            "the clock goes back in the recording, from %s to %s; sort it by time, and record only one cluster and one run of it in a file"
                .formatted(before, at));
      }
      if (Duration.between(before, at).compareTo(GAP) > 0) {
        gaps.add("from %s to %s".formatted(before, at));
      }
    }
    if (2 * gaps.size() >= found.size()) {
      throw new RecordingException(
          "most moments are more than 2 min apart, the first %s: %s".formatted(gaps.get(0), STEP));
    }
    if (!gaps.isEmpty()) {
      told.add(
          "nothing is recorded %s%s; behind it the replay begins anew with what it remembers of the load, as an operator that was restarted"
              .formatted(
                  gaps.get(0),
                  gaps.size() == 1 ? "" : ", nor in %d more gaps".formatted(gaps.size() - 1)));
    }
    found.forEach(m -> m.sample().ifPresent(s -> s.vertices().forEach(v -> check(v, m.at()))));
    return new Recording(since(found), List.copyOf(told));
  }

  /** Over which time a sample was measured where it is not told: since the moment before. */
  static Duration over(Optional<Instant> before, Instant at) {
    return before
        .map(b -> Duration.between(b, at))
        .filter(d -> d.compareTo(GAP) <= 0)
        .orElse(Duration.ofSeconds(15));
  }

  private static void check(Vertex v, Instant at) {
    share("busy", v.busy(), v, at);
    share("idle", v.idle(), v, at);
    share("backpressured", v.backPressured(), v, at);
    negative("records_in", v.recordsIn(), v, at);
    negative("records_out", v.recordsOut(), v, at);
    negative("pending", v.pending().orElse(0), v, at);
    negative("parallelism", v.parallelism() - 1, v, at);
  }

  private static void share(String what, double value, Vertex v, Instant at) {
    negative(what, value, v, at);
    if (value > 1.5) { // what is refreshed late may be a little above 1
      throw new RecordingException(
          "%s of `%s` is %s at %s: it is a share of the time, 0 to 1; divide milliseconds per second by 1000, and percent by 100"
              .formatted(what, v.name(), value, at));
    }
  }

  private static void negative(String what, double value, Vertex v, Instant at) {
    if (value < 0) { // false for NaN: that is not told
      throw new RecordingException(
          what.equals("parallelism")
              ? "`%s` has no tasks at %s; leave out vertices that do not run, or the whole moment"
                  .formatted(v.name(), at)
              : "%s of `%s` is negative at %s: %s; a counter was reset, or it is no rate; leave out what was not measured"
                  .formatted(what, v.name(), at, value));
    }
  }

  /** Where it is not recorded since when the tasks run, it follows from what is. */
  private static List<RecordedMoment> since(List<RecordedMoment> moments) {
    var all = new ArrayList<RecordedMoment>();
    Optional<Instant> since = Optional.empty();
    long restarts = -1;
    int parallelism = 0;
    for (RecordedMoment m : moments) {
      Optional<LoadSample> sample = m.sample();
      boolean other =
          sample.isPresent()
              && restarts >= 0
              && (sample.get().restarts() != restarts || m.parallelism() != parallelism);
      if (m.obstacle().isPresent()) {
        since = Optional.empty();
      } else if (since.isEmpty() && all.isEmpty()) {
        since = Optional.of(Instant.EPOCH); // it may have run for long
      } else if (since.isEmpty() || other) {
        since = Optional.of(m.at());
      }
      restarts = sample.map(LoadSample::restarts).orElse(restarts);
      parallelism = sample.isPresent() ? m.parallelism() : parallelism;
      all.add(m.runningSince().isPresent() ? m : m.withRunningSince(since));
    }
    return List.copyOf(all);
  }
}
