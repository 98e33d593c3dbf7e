package io.flinkcluster.operator.autoscale;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What an evaluation found and wants.
 *
 * @param at when it was made
 * @param rule the rule that decided
 * @param replicas TaskManagers that there are
 * @param wanted TaskManagers that there should be; empty: no change
 * @param why in plain words
 * @param whyNotMore what keeps {@code wanted}, or the present size, from being larger; empty: more
 *     is not needed
 * @param bottleneck the vertex that limits the job, and what follows, in plain words; empty: not
 *     known
 * @param bottleneckName its name; empty: not known
 * @param vertices figures of each vertex, in topological order; empty: not known
 * @param reading records per second that the sources read; 0: not known
 * @param arriving records per second that come in from outside; 0: not known
 * @param lag records that wait at the sources; empty: no source tells
 * @param secondsBehind age of the record that is read now, in seconds; empty: no source tells
 * @param lagTrend records per second by which the lag grows; below 0: it falls; empty: not known
 * @param next when to evaluate again
 */
public record Evaluation(
    Instant at,
    String rule,
    int replicas,
    OptionalInt wanted,
    String why,
    Optional<String> whyNotMore,
    Optional<String> bottleneck,
    String bottleneckName,
    List<VertexFigures> vertices,
    double reading,
    double arriving,
    OptionalLong lag,
    OptionalDouble secondsBehind,
    OptionalDouble lagTrend,
    Instant next) {

  /**
   * Figures of one vertex.
   *
   * @param name as Flink shows it
   * @param parallelism its tasks
   * @param busy share of their time in which they work, 0.0 to 1.0; NaN: not told
   * @param backPressured share in which they cannot send; NaN: not told
   * @param trueRatePerTask records per second that one task could read if it never waited; infinite
   *     or NaN: not known
   * @param rate records per second that it would have to read for all that comes in
   * @param wanted tasks for that, at the wanted utilization
   */
  public record VertexFigures(
      String name,
      int parallelism,
      double busy,
      double backPressured,
      double trueRatePerTask,
      double rate,
      int wanted) {

    private String text() {
      String could =
          Double.isFinite(trueRatePerTask)
              ? String.format(Locale.ROOT, ", each could read %.0f/s", trueRatePerTask)
              : "";
      String share =
          Double.isFinite(busy) ? String.format(Locale.ROOT, " busy %.0f %%", 100 * busy) : "";
      return String.format(
          Locale.ROOT,
          "%s: %d task%s%s%s, %.0f/s come in, %d needed",
          name,
          parallelism,
          parallelism == 1 ? "" : "s",
          share,
          could,
          Double.isFinite(rate) ? rate : 0,
          wanted);
    }
  }

  /** What it rests on, vertex by vertex, in plain words; empty: not known. */
  public Optional<String> inputs() {
    return vertices.isEmpty()
        ? Optional.empty()
        : Optional.of(vertices.stream().map(VertexFigures::text).collect(Collectors.joining("; ")));
  }

  /** The change that it asks for; empty: none. */
  public Optional<SizeChange> change() {
    return wanted.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SizeChange(at, replicas, wanted.getAsInt(), rule, bottleneckName, reading));
  }
}
