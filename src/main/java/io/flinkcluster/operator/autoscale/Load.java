package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * What the tasks of a job did over a stretch of time in which neither the job nor its size changed.
 *
 * @param length of the stretch
 * @param vertices in topological order
 */
record Load(Duration length, List<VertexLoad> vertices) {

  /** A source that is further behind than this reads as fast as it can. */
  private static final double BEHIND_SECONDS = 30;

  /** Back-pressure above this share of the time is not the unevenness of each moment. */
  private static final double WAITED_FOR = 0.3;

  /** Of a vertex that is waited for, tasks that get the same work are busier than this. */
  private static final double EVEN = 0.7;

  /** What a source without a known lag may hide at most, as a multiple of what it reads. */
  private static final double HIDDEN = 2;

  /**
   * One vertex.
   *
   * @param vertex as it was last seen
   * @param tasks those of its tasks that have something to read
   * @param busy share of their time in which these work, 0.0 to 1.0; NaN: not told
   * @param work the same, or 1.0 where one of them cannot do more; NaN: not told
   * @param backPressured share of their time in which they could not send
   * @param in records read per second
   * @param out records sent per second
   * @param trend by how many records a second the lag of a source grows; below 0: it falls
   */
  record VertexLoad(
      Vertex vertex,
      int tasks,
      double busy,
      double work,
      double backPressured,
      double in,
      double out,
      double trend) {

    /** Whether one task is at its limit and the others are not: they do not get the same work. */
    boolean uneven() {
      return tasks > 1 && work == 1 && busy < EVEN;
    }

    private VertexLoad atItsLimit() {
      return new VertexLoad(vertex, tasks, busy, 1, backPressured, in, out, trend);
    }

    /** Records per second that come in from outside, of a source. */
    double arriving() {
      if (vertex.pending().isPresent()) {
        return Math.max(0, in + trend);
      }
      // It could have read this much, had it not been kept from sending.
      return Math.min(HIDDEN * in, in / Math.max(0.01, 1 - backPressured));
    }
  }

  /** Of these samples, oldest first, not empty, all of the same vertices. */
  static Load over(List<LoadSample> samples) {
    LoadSample last = samples.get(samples.size() - 1);
    var vertices = new ArrayList<VertexLoad>();
    for (int i = 0; i < last.vertices().size(); i++) {
      int index = i;
      vertices.add(vertex(samples, last.vertices().get(i), s -> s.vertices().get(index)));
    }
    Instant from = samples.get(0).at().minus(samples.get(0).over());
    return new Load(
        Duration.between(from, last.at()),
        vertices.stream().map(v -> limiting(v, vertices) ? v.atItsLimit() : v).toList());
  }

  /** Whether others wait for this vertex while it waits for none: then one of its tasks is full. */
  private static boolean limiting(VertexLoad v, List<VertexLoad> all) {
    double waiting =
        all.stream()
            .filter(other -> v.vertex().inputs().contains(other.vertex().id()))
            .mapToDouble(VertexLoad::backPressured)
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    return waiting > WAITED_FOR && !(v.backPressured() > WAITED_FOR);
  }

  private interface Pick {
    Vertex of(LoadSample sample);
  }

  private static VertexLoad vertex(List<LoadSample> samples, Vertex last, Pick pick) {
    double in = mean(samples, s -> rateIn(pick.of(s)));
    double out = mean(samples, s -> pick.of(s).recordsOut());
    double pressed = mean(samples, s -> pick.of(s).backPressured());
    double busy = mean(samples, s -> pick.of(s).busy());
    int tasks = Math.min(last.parallelism(), last.partitions().orElse(last.parallelism()));
    tasks = Math.max(1, tasks);
    double work = Math.min(1, busy * last.parallelism() / tasks);
    boolean behind =
        last.source()
            && samples.stream()
                .allMatch(s -> pick.of(s).pending().orElse(0) > BEHIND_SECONDS * Math.max(1, in));
    if (behind) { // it waits for nothing but its own reading
      double reading = Math.max(0, 1 - pressed * last.parallelism() / tasks);
      work = Double.isNaN(work) ? reading : Math.max(work, reading);
    }
    return new VertexLoad(last, tasks, work, work, pressed, in, out, trend(samples, pick));
  }

  private static double rateIn(Vertex v) {
    // A source of the former interface counts only what it sends.
    boolean told = Double.isFinite(v.recordsIn()) && (v.recordsIn() > 0 || !v.source());
    return told ? v.recordsIn() : v.recordsOut();
  }

  private static double mean(List<LoadSample> samples, ToDoubleFunction<LoadSample> value) {
    double sum = 0;
    double time = 0;
    for (LoadSample sample : samples) {
      double seconds = sample.over().toMillis() / 1000.0;
      double one = value.applyAsDouble(sample);
      if (Double.isFinite(one)) {
        sum += one * seconds;
        time += seconds;
      }
    }
    return time > 0 ? sum / time : Double.NaN;
  }

  /** The slope of the line through the lags that lies nearest to them all. */
  private static double trend(List<LoadSample> samples, Pick pick) {
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXX = 0;
    double sumXY = 0;
    for (LoadSample sample : samples) {
      if (pick.of(sample).pending().isPresent()) {
        double x = Duration.between(samples.get(0).at(), sample.at()).toMillis() / 1000.0;
        double y = pick.of(sample).pending().getAsLong();
        n++;
        sumX += x;
        sumY += y;
        sumXX += x * x;
        sumXY += x * y;
      }
    }
    double spread = n * sumXX - sumX * sumX;
    return spread > 0 ? (n * sumXY - sumX * sumY) / spread : 0;
  }

  private double sumOfSources(ToDoubleFunction<VertexLoad> value) {
    return vertices.stream()
        .filter(v -> v.vertex().source())
        .mapToDouble(value)
        .filter(Double::isFinite)
        .sum();
  }

  /** Records per second that the sources read. */
  double reading() {
    return sumOfSources(VertexLoad::in);
  }

  /** Records per second that come in from outside. */
  double arriving() {
    return sumOfSources(VertexLoad::arriving);
  }

  /** Records per second by which the lag grows; below 0: it falls. */
  double trend() {
    return sumOfSources(VertexLoad::trend);
  }

  /** Records that wait at the sources; empty: no source tells. */
  OptionalLong lag() {
    var told = vertices.stream().filter(v -> v.vertex().pending().isPresent()).toList();
    return told.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(told.stream().mapToLong(v -> v.vertex().pending().getAsLong()).sum());
  }

  /** How old the record is that is read now; infinite where nothing comes in or is read. */
  OptionalDouble secondsBehind() {
    if (lag().isEmpty()) {
      return OptionalDouble.empty();
    }
    long lag = lag().getAsLong();
    return OptionalDouble.of(lag == 0 ? 0 : lag / Math.max(arriving(), reading()));
  }
}
