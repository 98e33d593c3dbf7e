package io.flinkcluster.operator.autoscale;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

/**
 * A world in which sizes are compared.
 *
 * @param name in tables
 * @param hours that it lasts
 * @param stages of the pipeline, the source first, the sink last
 * @param arriving records per second that come in at this second
 * @param sinkLimit records per second that the system behind the sink takes, whatever the tasks
 * @param fails whether the job fails at a record that it reads at this second
 * @param start TaskManagers in the beginning
 * @param fixed TaskManagers of somebody who sizes for the peak
 * @param partitions of the topic
 */
record Scenario(
    String name,
    double hours,
    List<Stage> stages,
    IntToDoubleFunction arriving,
    IntToDoubleFunction sinkLimit,
    IntPredicate fails,
    int start,
    int fixed,
    int partitions) {

  static final int SLOTS = 2;
  static final int MOST = 20;

  /** Between a decision for more TaskManagers and their slots. */
  static final int CHECKPOINT = 60;

  /** Between the start of all tasks and the record at which they fail. */
  static final int FAILS_AFTER = 20;

  static final int POD_START = 30;

  /** How long tasks stand still in a rescale, whoever asks for it. */
  static final int DOWNTIME = 12;

  /**
   * A vertex.
   *
   * @param perTask records per second that a task can read
   * @param out records sent for each that is read
   * @param hot share of all records that have one key; 0: none
   */
  record Stage(String name, double perTask, double out, double hot) {

    /** Records per second that so many tasks can read. */
    double capacity(int tasks) {
      return perTask / Math.max(1.0 / tasks, hot);
    }
  }

  private static final int HOUR = 3600;

  private static List<Stage> stages(double hot) {
    return List.of(
        new Stage("Source: orders", 4000, 1, 0),
        new Stage("enrich", 1000, 0.5, hot),
        new Stage("Sink: store", 2500, 0, 0));
  }

  private static Scenario of(String name, double hours, IntToDoubleFunction arriving, double peak) {
    int fixed = (int) Math.ceil(peak / 0.7 / 1000 / SLOTS);
    int start = Math.max(1, (int) Math.ceil(arriving.applyAsDouble(0) / 0.7 / 1000 / SLOTS));
    return new Scenario(name, hours, stages(0), arriving, t -> 1e12, t -> false, start, fixed, 64);
  }

  private Scenario sink(IntToDoubleFunction limit) {
    return new Scenario(name, hours, stages, arriving, limit, fails, start, fixed, partitions);
  }

  private Scenario fails(IntPredicate when) {
    return new Scenario(name, hours, stages, arriving, sinkLimit, when, start, fixed, partitions);
  }

  private Scenario hot(double share) {
    return new Scenario(
        name, hours, stages(share), arriving, sinkLimit, fails, start, fixed, partitions);
  }

  private static boolean within(int t, double fromHour, double toHour) {
    return t >= fromHour * HOUR && t < toHour * HOUR;
  }

  private static double daily(int t) {
    return 7000 - 5000 * Math.cos(2 * Math.PI * (t / (double) HOUR - 2) / 24);
  }

  /** Whether another size could help: not where the sink, a record or a key holds the job up. */
  boolean matterOfSize() {
    return sinkLimit.applyAsDouble((int) (2.1 * HOUR)) > 1e6
        && !fails.test((int) (2.1 * HOUR))
        && stages.stream().allMatch(stage -> stage.hot() == 0);
  }

  static Scenario named(String name) {
    return all().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  static List<Scenario> all() {
    return List.of(
        of("steady", 12, t -> 6000, 6000),
        of("daily curve", 48, Scenario::daily, 12_000),
        of("step up and down", 8, t -> within(t, 1, 4) ? 12_000 : 4000, 12_000),
        of(
            "ramp of 20 minutes",
            6,
            t -> 3000 + 9000 * Math.max(0, Math.min(1, (t - HOUR) / 1200.0)),
            12_000),
        of(
            "burst of 10 min every 2 h",
            24,
            t -> t % (2 * HOUR) > HOUR && t % (2 * HOUR) < HOUR + 600 ? 10_000 : 4000,
            10_000),
        of(
            "burst of 1 min every 30 min",
            12,
            t -> t % 1800 > 1200 && t % 1800 < 1260 ? 9000 : 4000,
            9000),
        of(
            "backlog of an outage",
            6,
            t -> within(t, 1, 1.5) ? 0 : within(t, 1.5, 1.6) ? 28_000 : 4000,
            6000),
        of("slow sink for 2 h", 8, t -> 6000, 6000).sink(t -> within(t, 2, 4) ? 2500 : 1e12),
        of("broken sink for 20 min", 6, t -> 6000, 6000)
            .fails(t -> within(t, 2, 2.33))
            .sink(t -> within(t, 2, 2.33) ? 0 : 1e12),
        of("poison record for 1 h", 12, t -> daily(t + 6 * HOUR), 12_000)
            .fails(t -> within(t, 2, 3)),
        of("one hot key", 8, t -> within(t, 1, 6) ? 9000 : 4000, 9000).hot(0.15));
  }
}
