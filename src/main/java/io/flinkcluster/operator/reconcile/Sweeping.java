package io.flinkcluster.operator.reconcile;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When what belongs to no FlinkCluster is looked for, on a thread of its own. */
final class Sweeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeping.class);
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final Runnable sweep;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer;

  /** Nothing is swept yet. */
  Sweeping(Runnable sweep) {
    this.sweep = sweep;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "sweep");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Now and every ten minutes from now on; does nothing the second time. */
  void begin() {
    if (begun.compareAndSet(false, true)) {
      timer.scheduleWithFixedDelay(this::once, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** As soon as the thread is free. */
  void soon() {
    if (asked.compareAndSet(false, true)) {
      try {
        timer.execute(
            () -> {
              asked.set(false);
              once();
            });
      } catch (RejectedExecutionException e) {
        LOG.debug("closed: nothing is swept any more");
      }
    }
  }

  private void once() {
    try {
      sweep.run();
    } catch (RuntimeException e) {
      LOG.warn("a sweep failed; it is tried again", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
