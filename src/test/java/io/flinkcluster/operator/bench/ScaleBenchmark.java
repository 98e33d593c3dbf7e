package io.flinkcluster.operator.bench;

import io.flinkcluster.operator.testcluster.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The operator with many pretended clusters, for {@code dev/bench/scale}: what it does and needs
 * while they are created, at rest, when each completes a checkpoint, and when it is restarted. A
 * table on standard output, progress on standard error. It judges nothing.
 */
final class ScaleBenchmark {
  private static final int MEBI = 1024 * 1024;
  private static final long LOOK_MILLIS = 200;

  /** How long all of them may take to get ready, or to be looked at: for each. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(120);

  private final ScaleOptions options;
  private final Progress progress = new Progress();
  private final ScaleReport report;
  private final long limit;
  private PretendedWorld world;
  private OperatorJvm operator;

  private ScaleBenchmark(ScaleOptions options) {
    this.options = options;
    this.report = new ScaleReport(options.clusters());
    this.limit =
        options.memoryMebibytes() == 0
            ? OperatorJvm.chartLimit()
            : (long) options.memoryMebibytes() * MEBI;
  }

  public static void main(String[] arguments) {
    ScaleOptions options;
    try {
      options = ScaleOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(1);
      return;
    }
    System.exit(new ScaleBenchmark(options).run() ? 0 : 1);
  }

  /** Whether all of it was measured; says why it was not. */
  private boolean run() {
    boolean whole = false;
    try {
      world = new PretendedWorld(options.clusters());
      measure();
      whole = true;
    } catch (RuntimeException | AssertionError e) {
      System.err.println();
      e.printStackTrace();
      if (operator != null) {
        System.err.println(operator.lastWords());
      }
    } finally {
      if (operator != null) {
        operator.close();
      }
      if (world != null) {
        world.close();
      }
    }
    System.out.printf(
        "%n%d processors; memory limit of the operator %d MiB%s%n%n%s",
        Runtime.getRuntime().availableProcessors(),
        limit / MEBI,
        whole ? "" : "; IT WAS NOT MEASURED TO ITS END",
        report);
    return whole;
  }

  private void measure() {
    start();
    phase(
        "creation, until all are ready",
        "10 each: 7 objects, finalizer, 2 status",
        () -> {
          world.create();
          await("all are ready", this::allReady);
        });
    settle();
    phase("rest", "0", () -> pass(Duration.ofSeconds(options.restSeconds())));
    sizes();
    phase(
        "a checkpoint of each, and rest",
        "0 to 1 each",
        () -> {
          world.checkpoint();
          pass(Duration.ofSeconds(options.restSeconds()));
        });
    operator.close();
    phase(
        "restart, until all were asked",
        "0",
        () -> {
          List<Long> before = world.asked();
          start();
          await("all JobManagers were asked", () -> allAsked(before));
          pass(Duration.ofSeconds(20));
        });
    report.memory("resident after the restart", operator.residentKilobytes());
  }

  private void start() {
    operator = OperatorJvm.start(world.server, world.namespace.name(), limit, freePort());
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean allReady() {
    world.firstCheckpoints();
    return world.ready() == options.clusters();
  }

  private boolean allAsked(List<Long> before) {
    List<Long> now = world.asked();
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i) <= before.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** What was seen last is written, and the pace of those that have begun is that of rest. */
  private void settle() {
    progress.step("it comes to rest");
    pass(Duration.ofSeconds(40));
    progress.done("");
  }

  private void sizes() {
    report.memory("resident", operator.residentKilobytes());
    report.memory("heap in use after a collection", operator.heapKilobytes());
    report.count("open sockets", operator.sockets());
    report.memory("/metrics", operator.metricsBytes() / 1000);
  }

  private void phase(String what, String least, Runnable story) {
    progress.step(what);
    AuditLog.Mark mark = world.server.audit().mark();
    long calls = calls();
    OperatorJvm before = operator;
    double cpu = before.alive() ? seconds(before.processorTime()) : 0;
    long begun = System.nanoTime();
    story.run();
    double took = (System.nanoTime() - begun) / 1e9;
    double used = seconds(operator.processorTime()) - (operator == before ? cpu : 0);
    report.add(
        what,
        Activity.of(
            took,
            used,
            calls() - calls,
            world.server.audit().requestsOf(OperatorJvm.USER_AGENT, mark)),
        least);
    progress.done("");
  }

  private long calls() {
    return world.asked().stream().mapToLong(Long::longValue).sum();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private void await(String what, BooleanSupplier wanted) {
    Duration patience = PATIENCE.multipliedBy(options.clusters());
    long end =
        System.nanoTime()
            + (patience.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : patience).toNanos();
    while (!wanted.getAsBoolean()) {
      if (!operator.alive()) {
        throw new IllegalStateException("the operator has ended before " + what);
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not in time: " + what + "; ready " + world.ready());
      }
      pass(Duration.ofMillis(LOOK_MILLIS));
    }
  }

  private void pass(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    if (!operator.alive()) {
      throw new IllegalStateException("the operator has ended");
    }
  }
}
