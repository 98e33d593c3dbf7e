package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.autoscale.Load.VertexLoad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much each vertex would have to do if the sources read at another rate. True processing rates
 * (those of tasks that never wait) follow from the share of time in which tasks work: a vertex
 * whose input grows by a factor works that much more. The factor of a vertex is that of its inputs,
 * weighted with what each of them sends.
 *
 * @param vertices in topological order
 */
record Demand(List<VertexDemand> vertices) {

  /**
   * One vertex.
   *
   * @param load as measured
   * @param growth what it would have to read, as a multiple of what it reads
   */
  record VertexDemand(VertexLoad load, double growth) {

    /** Share of their time that its tasks would have to work; above 1.0: it cannot keep up. */
    double utilization() {
      return load.work() * growth;
    }

    /** Records per second it would have to read. */
    double rate() {
      return load.in() * growth;
    }

    /**
     * Records per second that one task could read if it never waited; infinite: it does nothing.
     */
    double trueRatePerTask() {
      return load.in() / load.work() / load.tasks();
    }

    /** Tasks without which it would work more than all of the time. */
    int tasks() {
      double tasks = load.tasks() * utilization();
      // Rounding noise must not cost a task.
      return (int) Math.max(1, Math.min(1 << 20, Math.ceil(tasks - 1e-6)));
    }
  }

  /** What a source is to read. */
  interface SourceRate {
    double of(VertexLoad source);
  }

  static Demand of(Load load, SourceRate wanted) {
    Map<String, VertexLoad> byId = new HashMap<>();
    Map<String, Double> growth = new HashMap<>();
    var demands = new ArrayList<VertexDemand>();
    for (VertexLoad v : load.vertices()) {
      double factor =
          v.vertex().source()
              ? (v.in() > 0 ? wanted.of(v) / v.in() : 1)
              : ofInputs(v, byId, growth);
      byId.put(v.vertex().id(), v);
      growth.put(v.vertex().id(), factor);
      demands.add(new VertexDemand(v, factor));
    }
    return new Demand(List.copyOf(demands));
  }

  private static double ofInputs(
      VertexLoad v, Map<String, VertexLoad> byId, Map<String, Double> growth) {
    double weights = 0;
    double sum = 0;
    double largest = 0;
    for (String input : v.vertex().inputs()) {
      double factor = growth.getOrDefault(input, 1.0);
      double sent = byId.containsKey(input) ? byId.get(input).out() : 0;
      double weight = Double.isFinite(sent) ? sent : 0;
      weights += weight;
      sum += weight * factor;
      largest = Math.max(largest, factor);
    }
    return weights > 0 ? sum / weights : largest;
  }

  /** The vertex that would have to work most; empty: of none is it known. */
  Optional<VertexDemand> bottleneck() {
    return vertices.stream()
        .filter(v -> Double.isFinite(v.utilization()))
        .max((one, other) -> Double.compare(one.utilization(), other.utilization()));
  }

  double utilization() {
    return bottleneck().map(VertexDemand::utilization).orElse(0.0);
  }
}
