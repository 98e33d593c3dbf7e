package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** A job in a {@link Scenario}, second by second. */
final class Pipeline {
  static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");
  private static final int SAMPLE = 15;
  private static final int KEPT = 480;

  final Scenario scenario;
  private final Random random;
  private final List<LoadSample> samples = new ArrayList<>();
  private int now;
  private int replicas;
  private int target;
  private int podsAt = -1;
  private int standsUntil = -1;
  private int resizedTo;
  private int runningSince;
  private long restarts;
  private double lag;
  private double noise;
  private double sinceCheckpoint;

  // since the last sample
  private double read;
  private double[] busy;
  private double[] pressed;
  private double[] in;

  /** Share of the time of the vertex that works most that takes CPU, of the last second. */
  private double cpu;

  private double hottest;

  // what is compared
  double behindSeconds;
  double podSeconds;
  int rescales;
  double worstBehind;
  double lastArriving;

  Pipeline(Scenario scenario, int replicas, long seed) {
    this.scenario = scenario;
    this.replicas = replicas;
    this.target = replicas;
    this.random = new Random(seed);
    reset();
  }

  private void reset() {
    int n = scenario.stages().size();
    read = 0;
    busy = new double[n];
    pressed = new double[n];
    in = new double[n];
  }

  int second() {
    return now;
  }

  Instant at() {
    return BEGIN.plusSeconds(now);
  }

  int replicas() {
    return replicas;
  }

  boolean changing() {
    return target != replicas || standsUntil > now;
  }

  boolean stands() {
    return standsUntil > now;
  }

  Optional<Instant> runningSince() {
    return stands() ? Optional.empty() : Optional.of(BEGIN.plusSeconds(runningSince));
  }

  List<LoadSample> samples() {
    return samples;
  }

  double cpu() {
    return cpu;
  }

  /** Of the task that works most, over the last second. */
  double hottest() {
    return hottest;
  }

  double lag() {
    return lag;
  }

  void resize(int wanted) {
    if (changing() || wanted == replicas) {
      return;
    }
    target = wanted;
    rescales++;
    if (wanted > replicas) {
      podsAt = now + Scenario.POD_START;
    } else {
      stand(wanted);
    }
  }

  private void stand(int size) {
    resizedTo = size;
    standsUntil = now + Scenario.DOWNTIME;
  }

  void step() {
    now++;
    if (podsAt == now) {
      podsAt = -1;
      stand(target);
    }
    if (standsUntil == now) {
      replicas = resizedTo;
      target = podsAt > 0 ? target : replicas;
      runningSince = now;
    }
    noise = 0.9 * noise + 0.02 * random.nextGaussian();
    double arriving = scenario.arriving().applyAsDouble(now) * Math.max(0, 1 + noise);
    lastArriving = arriving;
    lag += arriving;
    boolean poisoned = scenario.fails().test(now);
    if (!poisoned && (now - runningSince) % Scenario.CHECKPOINT == 0) {
      sinceCheckpoint = 0;
    }
    if (!stands() && poisoned && now - runningSince >= Scenario.FAILS_AFTER) {
      restarts++;
      lag += sinceCheckpoint; // it fails at the same record again: what came before is read again
      sinceCheckpoint = 0;
      resizedTo = replicas;
      standsUntil = now + Scenario.DOWNTIME;
    }
    if (stands()) {
      cpu = 0;
      hottest = 0;
    } else {
      run();
    }
    podSeconds += Math.max(replicas, target);
    double behind = lag / Math.max(1, scenario.arriving().applyAsDouble(now));
    behind = lag < 1 ? 0 : Math.min(behind, now);
    behindSeconds += behind;
    worstBehind = Math.max(worstBehind, behind);
    if (now % SAMPLE == 0) {
      sample();
    }
  }

  private void run() {
    int tasks = replicas * Scenario.SLOTS;
    var stages = scenario.stages();
    double flow = lag;
    int limit = -1;
    double ratio = 1;
    for (int i = 0; i < stages.size(); i++) {
      int used = i == 0 ? Math.min(tasks, scenario.partitions()) : tasks;
      double capacity = stages.get(i).capacity(used);
      if (i == stages.size() - 1) {
        capacity = Math.min(capacity, scenario.sinkLimit().applyAsDouble(now));
      }
      if (capacity / ratio < flow) {
        flow = capacity / ratio;
        limit = i;
      }
      ratio *= stages.get(i).out();
    }
    lag -= flow;
    read += flow;
    sinceCheckpoint += flow;
    double here = flow;
    cpu = 0;
    hottest = 0;
    for (int i = 0; i < stages.size(); i++) {
      var stage = stages.get(i);
      double share = here / (stage.perTask() * tasks);
      cpu = Math.max(cpu, share);
      double hot = Math.min(1, here * Math.max(1.0 / tasks, stage.hot()) / stage.perTask());
      boolean waitsOutside = i == limit && i == stages.size() - 1;
      share = waitsOutside ? 1 : share;
      hottest = Math.max(hottest, waitsOutside ? 1 : hot);
      busy[i] += Math.min(1, share);
      pressed[i] += i < limit ? 1 - Math.min(1, share) : 0;
      in[i] += here;
      here *= stage.out();
    }
  }

  private void sample() {
    var vertices = new ArrayList<LoadSample.Vertex>();
    var stages = scenario.stages();
    for (int i = 0; i < stages.size(); i++) {
      double b = Math.min(1, busy[i] / SAMPLE * (1 + 0.03 * random.nextGaussian()));
      double p = pressed[i] / SAMPLE;
      vertices.add(
          new LoadSample.Vertex(
              "%032x".formatted(i + 1),
              stages.get(i).name(),
              i == 0 ? List.of() : List.of("%032x".formatted(i)),
              replicas * Scenario.SLOTS,
              720,
              b,
              Math.max(0, 1 - b - p),
              p,
              in[i] / SAMPLE,
              in[i] / SAMPLE * stages.get(i).out(),
              i == 0 ? OptionalLong.of((long) lag) : OptionalLong.empty(),
              i == 0 ? OptionalInt.of(scenario.partitions()) : OptionalInt.empty()));
    }
    samples.add(new LoadSample(at(), Duration.ofSeconds(SAMPLE), restarts, vertices));
    if (samples.size() > KEPT) {
      samples.remove(0);
    }
    reset();
  }
}
