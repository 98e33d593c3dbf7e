package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.autoscale.Demand.VertexDemand;
import io.flinkcluster.operator.autoscale.Load.VertexLoad;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a recorded sample would have been with another number of tasks: as many records come in, and
 * each task can read as many as a recorded one could. That is an estimate. It cannot know what else
 * would have held the job up, but for one task with more work than the others: as long as that one
 * is at its limit, more tasks bring nothing.
 *
 * @param sample with the other number of tasks
 * @param waiting records that wait at each source after it, by vertex id
 */
public record Projection(LoadSample sample, Map<String, Double> waiting) {

  /**
   * Records that have come in at each source since the sample before, by vertex id.
   *
   * @param pendingBefore records that waited at each source then, by vertex id; absent: not told
   * @param elapsed time since then in which the job ran
   */
  public static Map<String, Double> arrived(
      LoadSample sample, Map<String, Double> pendingBefore, Duration elapsed) {
    double seconds = elapsed.toMillis() / 1000.0;
    var arrived = new HashMap<String, Double>();
    for (VertexLoad v : Load.over(List.of(sample)).vertices()) {
      Vertex vertex = v.vertex();
      if (vertex.source() && Double.isFinite(v.in())) {
        boolean told = vertex.pending().isPresent() && pendingBefore.containsKey(vertex.id());
        double grown = told ? vertex.pending().getAsLong() - pendingBefore.get(vertex.id()) : 0;
        double came = told ? v.in() * seconds + grown : v.arriving() * seconds;
        arrived.put(vertex.id(), Math.max(0, came));
      }
    }
    return arrived;
  }

  /**
   * The sample with so many tasks.
   *
   * @param parallelism of the job; vertices with another parallelism than the largest recorded one
   *     keep theirs, since the job's code fixes it
   * @param waiting records that waited at each source before it, by vertex id
   * @param arrived records that came in since then, by vertex id
   * @param elapsed time since then
   */
  public static Projection of(
      LoadSample recorded,
      int parallelism,
      Map<String, Double> waiting,
      Map<String, Double> arrived,
      Duration elapsed) {
    double seconds = elapsed.toMillis() / 1000.0;
    Map<String, Double> available = sum(waiting, arrived);
    Demand all =
        Demand.of(
            Load.over(List.of(recorded)),
            s -> available.getOrDefault(s.vertex().id(), s.in() * seconds) / seconds);
    int largest =
        recorded.vertices().stream().mapToInt(Vertex::parallelism).max().orElse(parallelism);
    var sizes = new HashMap<String, Integer>();
    VertexDemand limit = null;
    double most = 1;
    for (VertexDemand v : all.vertices()) {
      Vertex vertex = v.load().vertex();
      int wanted = Math.min(parallelism, vertex.maxParallelism());
      sizes.put(vertex.id(), vertex.parallelism() == largest ? wanted : vertex.parallelism());
      double utilization = v.utilization() * shrink(v.load(), sizes.get(vertex.id()));
      if (utilization > most) {
        most = utilization;
        limit = v;
      }
    }
    Set<String> before = limit == null ? Set.of() : before(limit, all);
    boolean wasLimited = all.vertices().stream().anyMatch(v -> v.load().work() >= 1);
    var vertices = new ArrayList<Vertex>();
    var left = new HashMap<String, Double>();
    for (VertexDemand v : all.vertices()) {
      Vertex to = vertex(v, sizes, 1 / most, before, wasLimited);
      double rest =
          available.getOrDefault(to.id(), 0.0) - v.load().in() * v.growth() / most * seconds;
      if (to.source() && to.pending().isPresent()) {
        double kept =
            Double.isFinite(rest) ? Math.max(0, rest) : available.getOrDefault(to.id(), 0.0);
        left.put(to.id(), kept);
        to = pending(to, OptionalLong.of(Math.round(kept)));
      }
      vertices.add(to);
    }
    return new Projection(
        new LoadSample(recorded.at(), recorded.over(), recorded.restarts(), vertices), left);
  }

  private static Map<String, Double> sum(Map<String, Double> one, Map<String, Double> other) {
    var sum = new HashMap<>(one);
    other.forEach((id, records) -> sum.merge(id, records, Double::sum));
    return sum;
  }

  private static int tasks(VertexLoad load, int parallelism) {
    Vertex v = load.vertex();
    return Math.max(1, Math.min(parallelism, v.partitions().orElse(parallelism)));
  }

  /** By how much less each task has to work. */
  private static double shrink(VertexLoad load, int parallelism) {
    double shrink = load.tasks() / (double) tasks(load, parallelism);
    return load.uneven() ? Math.max(1, shrink) : shrink;
  }

  /** Ids of the vertices that wait for this one. */
  private static Set<String> before(VertexDemand limit, Demand all) {
    var found = new HashSet<>(limit.load().vertex().inputs());
    for (int i = all.vertices().size() - 1; i >= 0; i--) {
      Vertex v = all.vertices().get(i).load().vertex();
      if (found.contains(v.id())) {
        found.addAll(v.inputs());
      }
    }
    return found;
  }

  private static Vertex vertex(
      VertexDemand demand,
      Map<String, Integer> sizes,
      double share,
      Set<String> waits,
      boolean wasLimited) {
    VertexLoad load = demand.load();
    Vertex v = load.vertex();
    int parallelism = sizes.get(v.id());
    double factor = Double.isFinite(demand.growth()) ? demand.growth() * share : 1;
    double busy = Math.min(1, load.busy() * factor * load.tasks() / parallelism);
    double rest = Math.max(0, 1 - busy);
    double pressed =
        waits.contains(v.id()) ? rest : wasLimited ? 0 : Math.min(v.backPressured(), rest);
    return new Vertex(
        v.id(),
        v.name(),
        v.inputs(),
        parallelism,
        v.maxParallelism(),
        busy,
        Double.isNaN(busy) ? Double.NaN : Math.max(0, rest - pressed),
        Double.isNaN(busy) ? v.backPressured() : pressed,
        v.recordsIn() * factor,
        v.recordsOut() * factor,
        v.pending(),
        v.partitions());
  }

  private static Vertex pending(Vertex v, OptionalLong pending) {
    return new Vertex(
        v.id(),
        v.name(),
        v.inputs(),
        v.parallelism(),
        v.maxParallelism(),
        v.busy(),
        v.idle(),
        v.backPressured(),
        v.recordsIn(),
        v.recordsOut(),
        pending,
        v.partitions());
  }
}
