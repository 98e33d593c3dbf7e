package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.flinkrest.JobGraph.Vertex;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The most back-pressured vertex of a job.
 *
 * @param ratio share of the time of its tasks, 0.0 to 1.0
 * @param vertex its name
 */
record BackPressure(double ratio, String vertex) {

  /**
   * What happened between two looks at the same graph, from the times that Flink adds up for each
   * vertex: costs no request of its own. Empty where nothing was added (Flink refreshes the times
   * every 10 s) or the tasks were started anew.
   */
  static Optional<BackPressure> between(JobGraph before, JobGraph after) {
    var former =
        before.vertices().stream()
            .collect(Collectors.toMap(Vertex::id, Function.identity(), (one, other) -> one));
    return after.vertices().stream()
        .filter(vertex -> former.containsKey(vertex.id()))
        .flatMap(vertex -> of(former.get(vertex.id()), vertex).stream())
        .max((one, other) -> Double.compare(one.ratio, other.ratio));
  }

  private static Optional<BackPressure> of(Vertex before, Vertex after) {
    double busy = after.busyMillis() - before.busyMillis();
    double idle = after.idleMillis() - before.idleMillis();
    double pressed = after.backPressuredMillis() - before.backPressuredMillis();
    double all = busy + idle + pressed;
    // Written so that NaN, which sources of the former interface report as busy, fails too.
    boolean usable = busy >= 0 && idle >= 0 && pressed >= 0 && all > 0;
    return usable ? Optional.of(new BackPressure(pressed / all, after.name())) : Optional.empty();
  }
}
