package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.autoscale.Demand.VertexDemand;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.util.Optional;

/**
 * How many TaskManagers a demand takes, and what keeps it from being more. The slots of a job are
 * those of the vertex with most tasks, since tasks of different vertices share slots.
 *
 * @param replicas within every bound
 * @param unbounded what it would be without bounds
 * @param limit what keeps it from being more, one sentence; empty: nothing does
 */
record Size(int replicas, int unbounded, Optional<String> limit) {

  static Size of(Demand demand, EvaluationInput input) {
    int tasks = 1;
    int unbounded = 1;
    Optional<String> limit = Optional.empty();
    for (VertexDemand v : demand.vertices()) {
      if (!Double.isFinite(v.utilization())) {
        continue;
      }
      int wanted = v.tasks();
      int most = most(v.load().vertex(), input);
      unbounded = Math.max(unbounded, wanted);
      tasks = Math.max(tasks, Math.min(wanted, most));
      if (wanted > most) {
        limit = Optional.of(limit(v.load().vertex(), wanted, most));
      }
    }
    int replicas = up(tasks, input.slots());
    SizingPolicy policy = input.policy();
    if (replicas > policy.maxReplicas()) {
      limit =
          Optional.of(
              "maxReplicas is %d, and %d would be needed"
                  .formatted(policy.maxReplicas(), replicas));
    }
    int bounded = Math.max(policy.minReplicas(), Math.min(policy.maxReplicas(), replicas));
    return new Size(bounded, up(unbounded, input.slots()), limit);
  }

  private static int up(int tasks, int slots) {
    return (tasks + slots - 1) / slots;
  }

  /** Most tasks that this vertex can use. */
  static int most(Vertex v, EvaluationInput input) {
    int most = Math.min(v.maxParallelism(), input.maxParallelism());
    most = Math.min(most, v.partitions().orElse(most));
    return Math.max(1, Math.min(most, input.policy().vertexLimits().getOrDefault(v.name(), most)));
  }

  private static String limit(Vertex v, int wanted, int most) {
    String because =
        v.partitions().orElse(Integer.MAX_VALUE) == most
            ? "what it reads has %d partition%s".formatted(most, most == 1 ? "" : "s")
            : "its maximum parallelism is " + most;
    return "`%s` needs %d tasks and can have %d: %s".formatted(v.name(), wanted, most, because);
  }
}
