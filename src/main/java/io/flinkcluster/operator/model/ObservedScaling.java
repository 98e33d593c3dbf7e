package io.flinkcluster.operator.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was seen of a job that the adaptive scheduler runs.
 *
 * @param vertices its vertices by id; empty: not asked, or the scheduler does not tell
 * @param ranUntil the last look at which all tasks of the run before the present one were seen to
 *     run; empty: no earlier run was seen
 */
public record ObservedScaling(List<Vertex> vertices, Optional<Instant> ranUntil) {

  /** Nothing was seen. */
  public static final ObservedScaling NONE = new ObservedScaling(List.of(), Optional.empty());

  /**
   * One vertex.
   *
   * @param id 32 hex digits
   * @param bounds what it may have
   * @param maxParallelism its key groups; it cannot have more tasks
   */
  public record Vertex(String id, Bounds bounds, int maxParallelism) {}
}
