package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Samples of a job of a source and a map, every 15 s, and what an evaluation of them rests on. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");
  static final String SOURCE = "%032x".formatted(1);
  static final String MAP = "%032x".formatted(2);

  int replicas = 2;
  double busy = 0.6;
  double rate = 1000;
  double pressed;
  double lag;
  double trend;
  long restarts;
  int count = 80;
  int maxParallelism = 128;
  OptionalInt partitions = OptionalInt.empty();
  boolean lagTold = true;
  Optional<String> obstacle = Optional.empty();
  List<SizeChange> changes = List.of();
  Duration downtime = Duration.ofSeconds(10);
  SizingPolicy policy = SizingPolicy.within(1, 10);
  UnaryOperator<List<LoadSample>> edit = samples -> samples;

  EvaluationInput input() {
    var samples = new ArrayList<LoadSample>();
    for (int i = count - 1; i >= 0; i--) {
      long waiting = Math.round(Math.max(0, lag - trend * 15 * i));
      samples.add(
          new LoadSample(
              NOW.minusSeconds(15L * i),
              Duration.ofSeconds(15),
              restarts,
              List.of(
                  vertex(
                      SOURCE,
                      "Source: in",
                      List.of(),
                      0.1,
                      pressed,
                      lagTold ? OptionalLong.of(waiting) : OptionalLong.empty()),
                  vertex(MAP, "map", List.of(SOURCE), busy, 0, OptionalLong.empty()))));
    }
    return new EvaluationInput(
        NOW,
        obstacle,
        Optional.of(NOW.minusSeconds(15L * count + 60)),
        replicas,
        1,
        720,
        edit.apply(samples),
        changes,
        downtime,
        policy);
  }

  private Vertex vertex(
      String id,
      String name,
      List<String> inputs,
      double busy,
      double pressed,
      OptionalLong pending) {
    return new Vertex(
        id,
        name,
        inputs,
        replicas,
        maxParallelism,
        busy,
        Math.max(0, 1 - busy - pressed),
        pressed,
        rate,
        rate,
        pending,
        inputs.isEmpty() ? partitions : OptionalInt.empty());
  }

  Evaluation evaluate() {
    return Evaluator.evaluate(input());
  }

  /** The same samples, the last of them changed. */
  Samples last(UnaryOperator<LoadSample> change) {
    edit =
        samples -> {
          var all = new ArrayList<>(samples);
          all.set(all.size() - 1, change.apply(all.get(all.size() - 1)));
          return all;
        };
    return this;
  }

  /** The same as from a Flink that is asked only every 45 s. */
  static List<LoadSample> everyThird(List<LoadSample> samples) {
    var some = new ArrayList<LoadSample>();
    for (int i = samples.size() - 1; i >= 2; i -= 3) {
      LoadSample s = samples.get(i);
      some.add(0, new LoadSample(s.at(), s.over().multipliedBy(3), s.restarts(), s.vertices()));
    }
    return some;
  }

  /** The same sample with its map vertex so. */
  static LoadSample with(LoadSample s, double busy, double recordsIn, OptionalLong pending) {
    var source = s.vertices().get(0);
    var map = s.vertices().get(1);
    return new LoadSample(
        s.at(),
        s.over(),
        s.restarts(),
        List.of(
            new Vertex(
                source.id(),
                source.name(),
                source.inputs(),
                source.parallelism(),
                source.maxParallelism(),
                source.busy(),
                source.idle(),
                busy < 1 ? 0 : source.backPressured(),
                source.recordsIn(),
                source.recordsOut(),
                pending,
                source.partitions()),
            new Vertex(
                map.id(),
                map.name(),
                map.inputs(),
                map.parallelism(),
                map.maxParallelism(),
                busy,
                map.idle(),
                map.backPressured(),
                recordsIn,
                map.recordsOut(),
                map.pending(),
                map.partitions())));
  }
}
