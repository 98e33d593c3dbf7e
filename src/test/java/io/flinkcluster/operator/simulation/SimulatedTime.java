package io.flinkcluster.operator.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A time that passes only when nothing is left to do, and what is planned in it. */
final class SimulatedTime {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(
          Comparator.<Planned>comparingLong(p -> p.at).thenComparingLong(p -> p.number));
  private long now;
  private long count;

  /** Something that is planned. */
  final class Planned {
    private final long at;
    private final long number;
    private final Runnable task;
    private boolean cancelled;

    private Planned(long at, Runnable task) {
      this.at = at;
      this.number = count++;
      this.task = task;
    }

    void cancel() {
      cancelled = true;
      planned.remove(this);
    }
  }

  /** Milliseconds since the beginning. */
  long now() {
    return now;
  }

  Instant instant() {
    return BEGIN.plusMillis(now);
  }

  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return SimulatedTime.this.instant();
      }
    };
  }

  Planned after(long millis, Runnable task) {
    var plan = new Planned(now + Math.max(0, millis), task);
    planned.add(plan);
    return plan;
  }

  /** When the next of what is planned is due. */
  OptionalLong next() {
    return planned.isEmpty() ? OptionalLong.empty() : OptionalLong.of(planned.peek().at);
  }

  /** Goes on to this moment, unless it is there already. */
  void passTo(long moment) {
    now = Math.max(now, moment);
  }

  /** Does what is due, one after the other; whether there was anything. */
  boolean runDue() {
    boolean any = false;
    while (!planned.isEmpty() && planned.peek().at <= now) {
      Planned next = planned.poll();
      if (!next.cancelled) {
        any = true;
        next.task.run();
      }
    }
    return any;
  }

  /**
   * Timers of one process. What they are planned for is taken without the jitter of the poller, so
   * that each run is like the one before.
   */
  ScheduledExecutorService timers() {
    return new Timers();
  }

  private static long withoutJitter(long millis) {
    for (long base : new long[] {100, 400, 800, 1600, 5000, 12_000}) {
      if (millis >= base * 3 / 4 && millis < base * 5 / 4) {
        return base;
      }
    }
    return millis;
  }

  private final class Timers extends AbstractExecutorService implements ScheduledExecutorService {
    private final AtomicBoolean down = new AtomicBoolean();

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      var future = new Future(task);
      future.plan =
          after(
              withoutJitter(unit.toMillis(delay)),
              () -> {
                if (!down.get()) {
                  future.run();
                }
              });
      return future;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable task, long first, long period, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long first, long pause, TimeUnit unit) {
      return new Future(task); // a housekeeping that a world of few clusters does without
    }

    @Override
    public void shutdown() {
      down.set(true);
    }

    @Override
    public List<Runnable> shutdownNow() {
      down.set(true);
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return down.get();
    }

    @Override
    public boolean isTerminated() {
      return down.get();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }

    @Override
    public void execute(Runnable task) {
      schedule(task, 0, TimeUnit.MILLISECONDS);
    }
  }

  private static final class Future extends FutureTask<Void> implements ScheduledFuture<Void> {
    private Planned plan;

    Future(Runnable task) {
      super(task, null);
    }

    @Override
    public boolean cancel(boolean interrupt) {
      if (plan != null) {
        plan.cancel();
      }
      return super.cancel(interrupt);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return 0;
    }

    @Override
    public int compareTo(Delayed other) {
      return 0;
    }
  }
}
