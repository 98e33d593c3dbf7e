package io.flinkcluster.operator.testcluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * What the tasks of a pretended job have to do: records come in at a rate, and each task of the
 * sink takes so many of them a second; the source waits for the sink. Thread-safe.
 */
public final class FakeLoad {
  /** Share of the time in which the source works while it reads all that it can. */
  private static final double SOURCE_BUSY = 0.1;

  private final Clock clock;
  private Instant before;
  private double arriving;
  private double perTask;
  private int tasks;
  private double waiting;
  private double read;
  private final double[] source = new double[3];
  private final double[] sink = new double[3];

  /**
   * Nothing comes in yet.
   *
   * @param clock by which records come in and are read
   */
  public FakeLoad(Clock clock) {
    this.clock = clock;
    this.before = clock.instant();
  }

  /**
   * From now on.
   *
   * @param incoming records per second that come in
   * @param perSecond records per second that one task can take
   */
  public synchronized FakeLoad rates(double incoming, double perSecond) {
    pass();
    arriving = incoming;
    perTask = perSecond;
    return this;
  }

  /** Records that wait. */
  public synchronized long waiting() {
    pass();
    return Math.round(waiting);
  }

  /** The job runs with so many tasks from now on, which begin to count; 0: it does not run. */
  synchronized void tasks(int running) {
    pass();
    if (running != tasks) {
      tasks = running;
      read = 0;
      java.util.Arrays.fill(source, 0);
      java.util.Arrays.fill(sink, 0);
    }
  }

  private void pass() {
    Instant now = clock.instant();
    double seconds = Duration.between(before, now).toMillis() / 1000.0;
    before = now;
    double could = tasks * perTask * seconds;
    double taken = Math.min(could, waiting + arriving * seconds);
    waiting += arriving * seconds - taken;
    read += taken;
    double work = could > 0 ? taken / could : 0;
    add(sink, seconds, work, 0);
    add(source, seconds, SOURCE_BUSY * work, waiting > 0 ? 1 - SOURCE_BUSY : 0);
  }

  private void add(double[] to, double seconds, double busy, double pressed) {
    double millis = seconds * 1000 * tasks;
    to[0] += millis * busy;
    to[1] += millis * (1 - busy - pressed);
    to[2] += millis * pressed;
  }

  /** Records that the tasks have sent from the source to the sink. */
  synchronized long read() {
    return Math.round(read);
  }

  /**
   * Milliseconds in which the tasks of the source, or else of the sink, were busy, idle and
   * back-pressured.
   */
  synchronized double[] millis(boolean ofSource) {
    return (ofSource ? source : sink).clone();
  }
}
