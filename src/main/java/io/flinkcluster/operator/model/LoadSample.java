package io.flinkcluster.operator.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the tasks of a job did between two looks at it.
 *
 * @param at the later look
 * @param over time between the two looks, above zero
 * @param restarts how often Flink had restarted the job by then
 * @param vertices in topological order
 */
public record LoadSample(Instant at, Duration over, long restarts, List<Vertex> vertices) {

  /** So many of them are remembered: an hour, of looks every 15 s. */
  public static final int KEPT = 256;

  /**
   * One vertex, over all its tasks.
   *
   * @param id 32 hex digits
   * @param name as Flink shows it
   * @param inputs ids of the vertices whose output it reads; empty: it is a source
   * @param parallelism its tasks
   * @param maxParallelism its key groups: it cannot have more tasks
   * @param busy share of their time in which its tasks worked, 0.0 to 1.0; NaN: not told
   * @param idle share in which they had nothing to do
   * @param backPressured share in which they could not send what they had made
   * @param recordsIn records read per second; of a source those that it took from outside; NaN: not
   *     told
   * @param recordsOut records sent per second; NaN: not told
   * @param pending records that wait at a source; empty: not told, or not a source
   * @param partitions of what a source reads: it cannot use more tasks; empty: not told
   */
  public record Vertex(
      String id,
      String name,
      List<String> inputs,
      int parallelism,
      int maxParallelism,
      double busy,
      double idle,
      double backPressured,
      double recordsIn,
      double recordsOut,
      OptionalLong pending,
      OptionalInt partitions) {

    /** Whether it reads from outside the job. */
    public boolean source() {
      return inputs.isEmpty();
    }
  }
}
