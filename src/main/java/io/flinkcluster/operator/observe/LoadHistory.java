package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.flinkrest.JobGraph.Vertex;
import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the tasks of a job did over the last hour, from what Flink adds up for each vertex: the
 * graph is asked for anyway, so that this costs no request of its own.
 */
final class LoadHistory {

  /** Flink refreshes its metrics every 10 s. */
  private static final Duration EACH = Duration.ofSeconds(13);

  /** After a pause that long one difference would hide what happened in it. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Deque<LoadSample> samples = new ArrayDeque<>();
  private Optional<Look> before = Optional.empty();

  private record Look(
      JobGraph graph, Map<String, Long> reads, Map<String, Integer> partitions, Instant at) {}

  /** One more look. */
  void add(
      JobGraph graph,
      Map<String, Long> lags,
      Map<String, Long> reads,
      Map<String, Integer> partitions,
      long restarts,
      Instant at) {
    var now = new Look(graph, Map.copyOf(reads), Map.copyOf(partitions), at);
    Duration over = before.map(b -> Duration.between(b.at(), at)).orElse(LONGEST);
    if (!over.isNegative() && over.compareTo(EACH) < 0) {
      return;
    }
    if (over.compareTo(EACH) >= 0 && over.compareTo(LONGEST) < 0) {
      sample(before.orElseThrow(), now, lags, restarts, over).ifPresent(this::keep);
    }
    before = Optional.of(now);
  }

  private void keep(LoadSample sample) {
    samples.add(sample);
    if (samples.size() > LoadSample.KEPT) {
      samples.remove();
    }
  }

  /** Oldest first. */
  List<LoadSample> samples() {
    return List.copyOf(samples);
  }

  /** Empty where the tasks are others than before, or have begun to count anew. */
  private static Optional<LoadSample> sample(
      Look before, Look now, Map<String, Long> lags, long restarts, Duration over) {
    if (before.graph().vertices().size() != now.graph().vertices().size()) {
      return Optional.empty();
    }
    var vertices = new ArrayList<LoadSample.Vertex>();
    for (int i = 0; i < now.graph().vertices().size(); i++) {
      Vertex earlier = before.graph().vertices().get(i);
      Vertex later = now.graph().vertices().get(i);
      boolean same =
          earlier.id().equals(later.id()) && earlier.parallelism() == later.parallelism();
      if (!same || later.parallelism() == 0 || countsAnew(earlier, later)) {
        return Optional.empty();
      }
      vertices.add(vertex(earlier, later, before, now, lags, over));
    }
    return Optional.of(new LoadSample(now.at(), over, restarts, List.copyOf(vertices)));
  }

  private static boolean countsAnew(Vertex before, Vertex after) {
    return after.idleMillis() < before.idleMillis()
        || after.busyMillis() < before.busyMillis()
        || after.backPressuredMillis() < before.backPressuredMillis()
        || after.writtenRecords() < before.writtenRecords();
  }

  private static LoadSample.Vertex vertex(
      Vertex before,
      Vertex after,
      Look earlier,
      Look later,
      Map<String, Long> lags,
      Duration over) {
    double busy = after.busyMillis() - before.busyMillis();
    double idle = after.idleMillis() - before.idleMillis();
    double pressed = after.backPressuredMillis() - before.backPressuredMillis();
    double told = busy + idle + pressed;
    // The times and the records are refreshed together: so it matters not how old both are.
    double wall = over.toMillis() * (double) after.parallelism();
    double all = told > wall / 2 ? told : wall;
    double seconds = all / after.parallelism() / 1000;
    String id = after.id();
    double in =
        after.source() && later.reads().containsKey(id) && earlier.reads().containsKey(id)
            ? (later.reads().get(id) - earlier.reads().get(id)) / (over.toMillis() / 1000.0)
            : (after.readRecords() - before.readRecords()) / seconds;
    // What it reads goes to sinks in the same tasks: neither number says anything.
    boolean chained = after.source() && !after.feeds() && !later.reads().containsKey(id);
    return new LoadSample.Vertex(
        id,
        after.name(),
        after.inputs(),
        after.parallelism(),
        after.maxParallelism(),
        busy / all,
        idle / all,
        pressed / all,
        after.source() && in <= 0 ? Double.NaN : in,
        chained && in <= 0
            ? Double.NaN
            : (after.writtenRecords() - before.writtenRecords()) / seconds,
        lags.containsKey(id) ? OptionalLong.of(lags.get(id)) : OptionalLong.empty(),
        later.partitions().containsKey(id)
            ? OptionalInt.of(later.partitions().get(id))
            : OptionalInt.empty());
  }
}
