package io.flinkcluster.operator.flinkrest;

import java.util.List;

/**
 * The vertices of a job. Flink caches this answer for {@code web.refresh-interval} (3 s): after a
 * change it may still be the former graph.
 *
 * @param vertices in topological order; empty until the graph is known
 */
public record JobGraph(List<Vertex> vertices) {

  /**
   * One vertex.
   *
   * @param id 32 hex digits
   * @param name as Flink shows it; comes from the job's code
   * @param parallelism tasks of this vertex
   * @param maxParallelism its key groups
   * @param source whether it has no input
   * @param feeds whether its output goes to another vertex
   * @param busyMillis busy time of all its tasks since they were started, in milliseconds; NaN
   *     where Flink does not know it, as for sources of the former interface
   * @param idleMillis idle time, likewise
   * @param backPressuredMillis back-pressured time, likewise
   * @param inputs ids of the vertices whose output it reads
   * @param readRecords records that all its tasks have read from other vertices since they were
   *     started; NaN: not told
   * @param writtenRecords records that they have sent to other vertices, likewise
   */
  public record Vertex(
      String id,
      String name,
      int parallelism,
      int maxParallelism,
      boolean source,
      boolean feeds,
      double busyMillis,
      double idleMillis,
      double backPressuredMillis,
      List<String> inputs,
      double readRecords,
      double writtenRecords) {

    /** Neither its inputs nor its records are told. */
    public Vertex(
        String id,
        String name,
        int parallelism,
        int maxParallelism,
        boolean source,
        boolean feeds,
        double busyMillis,
        double idleMillis,
        double backPressuredMillis) {
      this(
          id,
          name,
          parallelism,
          maxParallelism,
          source,
          feeds,
          busyMillis,
          idleMillis,
          backPressuredMillis,
          List.of(),
          Double.NaN,
          Double.NaN);
    }
  }

  /** The largest parallelism of its vertices; 0 without any. */
  public int parallelism() {
    return vertices.stream().mapToInt(Vertex::parallelism).max().orElse(0);
  }

  /** The largest maximum parallelism of its vertices; 0 without any. */
  public int maxParallelism() {
    return vertices.stream().mapToInt(Vertex::maxParallelism).max().orElse(0);
  }

  /** Tasks of all vertices. */
  public int tasks() {
    return vertices.stream().mapToInt(Vertex::parallelism).sum();
  }
}
