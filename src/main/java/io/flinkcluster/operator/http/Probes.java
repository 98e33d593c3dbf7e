package io.flinkcluster.operator.http;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * What the probes say about an operator. Neither looks at whether the API server can be reached: a
 * restart would not help then. Neither asks who leads: a replica that waits for its turn is ready.
 */
public final class Probes {

  private final Operator operator;
  private volatile boolean started;
  private volatile boolean stopping;

  /** Of this operator. */
  public Probes(Operator operator) {
    this.operator = operator;
  }

  /** To be called when the caches are filled. */
  public void started() {
    started = true;
  }

  /** To be called before the operator stops. */
  public void stopping() {
    stopping = true;
  }

  /** Threads that wait for each other for ever. */
  public List<String> live() {
    long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
    return deadlocked == null ? List.of() : List.of(deadlocked.length + " threads are deadlocked");
  }

  /** Caches that are not filled, or no longer kept up to date. */
  public List<String> ready() {
    if (stopping) {
      return List.of("stopping");
    }
    if (!started) {
      return List.of("starting");
    }
    var complaints = new ArrayList<String>();
    for (RegisteredController<?> controller :
        operator.getRuntimeInfo().getRegisteredControllers()) {
      complaints(controller, complaints);
    }
    return complaints;
  }

  private static void complaints(RegisteredController<?> controller, List<String> complaints) {
    var sources = controller.getControllerHealthInfo().informerEventSourceHealthIndicators();
    sources.forEach((name, source) -> complaints(name, source, complaints));
  }

  private static void complaints(
      String name, InformerWrappingEventSourceHealthIndicator<?> source, List<String> complaints) {
    for (InformerHealthIndicator informer : source.informerHealthIndicators().values()) {
      // Not isWatching: that flickers with every reconnect.
      if (!informer.hasSynced() || !informer.isRunning()) {
        complaints.add("the cache of " + name + " is not synced");
      }
    }
  }
}
