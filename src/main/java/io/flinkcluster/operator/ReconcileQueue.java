package io.flinkcluster.operator;

import io.flinkcluster.operator.reconcile.Urgency;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.slf4j.MDC;

/**
 * The threads of the reconciles, and who is next. The SDK's own queue is first come, first served:
 * behind a thousand clusters that are being created, or looked at after a restart, a change of one
 * that runs waits for minutes. Here each look has a time until which it may wait for those that are
 * more urgent, so that none waits for ever.
 *
 * <p>The SDK hands over tasks that do not tell whose they are; but it has put namespace and name
 * into the logging context by then (JOSDK 5.3.2: {@code
 * EventProcessor.submitReconciliationExecution}). What does not tell is done at once.
 */
final class ReconcileQueue extends ThreadPoolExecutor {
  private static final String NAMESPACE = "resource.namespace";
  private static final String NAME = "resource.name";

  private final BiFunction<String, String, Urgency> urgency;
  private final AtomicLong order = new AtomicLong();

  /**
   * So many threads, which are started when they are needed.
   *
   * @param urgency of a look at the cluster of this namespace and name; must return at once
   */
  ReconcileQueue(int threads, BiFunction<String, String, Urgency> urgency) {
    super(threads, threads, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>());
    this.urgency = urgency;
  }

  /** A task with the time at which it should have begun. */
  private record Turn(long due, long order, Runnable task) implements Runnable, Comparable<Turn> {
    @Override
    public void run() {
      task.run();
    }

    @Override
    public int compareTo(Turn other) {
      long sooner = due - other.due; // as System.nanoTime wants it: it may overflow
      return Long.signum(sooner != 0 ? sooner : order - other.order);
    }
  }

  @Override
  public void execute(Runnable task) {
    String name = MDC.get(NAME);
    Urgency of = name == null ? Urgency.CHANGE : urgency.apply(MDC.get(NAMESPACE), name);
    long due = System.nanoTime() + of.mayWait().toNanos();
    super.execute(new Turn(due, order.getAndIncrement(), task));
  }
}
