package io.flinkcluster.operator.bench;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The operator with many pretended clusters, for {@code dev/bench/scale}: what it does and needs
 * while they are created, at rest, when each completes a checkpoint, and when it is restarted. A
 * table on standard output, progress on standard error. It judges nothing.
 */
final class ScaleBenchmark {
  private static final int MEBI = 1024 * 1024;
  private static final long LOOK_MILLIS = 200;

  /** How many, at most twice, are changed together: more only take longer, one after the other. */
  private static final int AT_ONCE = 200;

  /** How long all of them may take to get ready, or to be looked at: for each. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(120);

  private final ScaleOptions options;
  private final Progress progress = new Progress();
  private final ScaleReport report;
  private final long limit;
  private ApiServer server;
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
      server = ApiServer.start();
      world = new PretendedWorld(server, options.clusters());
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
      close();
    }
    System.out.printf(
        "%n%d processors; memory limit of the operator %d MiB%s%n%n%s",
        Runtime.getRuntime().availableProcessors(),
        limit / MEBI,
        whole ? "" : "; IT WAS NOT MEASURED TO ITS END",
        report);
    return whole;
  }

  private void close() {
    try {
      if (world != null) {
        world.close();
      }
      if (server != null) {
        server.close();
      }
    } catch (KubernetesClientException e) {
      System.err.println("the API server did not end as it should: " + e.getMessage());
    }
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
    changes();
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

  /** What a change costs, and how soon it is taken up: at rest, and while others make trouble. */
  private void changes() {
    String least = "of each changed: 4 status, 8 objects";
    List<String> few = world.oneOf(100, 1);
    phase(
        few.size() + " are changed, until ready",
        least,
        () -> latencies("at rest", few, () -> world.change(few, "flink:2.3-1")));
    int more = Math.max(1, options.clusters() / 10);
    phase(
        few.size() + " changed, " + more + " created",
        least,
        () ->
            latencies(
                "while " + more + " are created",
                few,
                () -> {
                  world.createMore(more);
                  world.change(few, "flink:2.3-2");
                }));
    List<String> lost = world.oneOf(10, 5);
    List<String> others = world.all().stream().filter(name -> !lost.contains(name)).toList();
    phase(
        lost.size() + " JobManagers do not answer",
        "1 of each of those",
        () -> {
          world.blackHole(lost, true);
          pass(Duration.ofSeconds(options.restSeconds()));
          latencies(
              "while " + lost.size() + " JobManagers do not answer",
              few,
              () -> world.change(few, "flink:2.3-3"));
          report.count("of the others not ready then", others.size() - world.ready(others));
        });
    phase(
        "they answer again, until ready",
        "1 of each of those",
        () -> {
          world.blackHole(lost, false);
          await("all are ready", this::allReady);
        });
    List<String> many = world.oneOf(Math.max(1, options.clusters() / AT_ONCE), 0);
    phase(
        many.size() + " are changed at once, until ready",
        least,
        () -> latencies("all at once", many, () -> world.change(many, "flink:2.3-4")));
    settle();
    phase("rest", "0", () -> pass(Duration.ofSeconds(options.restSeconds())));
  }

  private void latencies(String when, List<String> changed, Runnable change) {
    AuditLog.Mark mark = world.server.audit().mark();
    change.run();
    await(
        "the changed are ready",
        () -> {
          world.firstCheckpoints();
          return world.ready(changed) == changed.size();
        });
    Map<String, Duration> each =
        Latencies.ofChanges(world.server.audit().since(mark), OperatorJvm.USER_AGENT);
    each.keySet().retainAll(changed);
    report.latencies(each.size() + " changed " + when, each.values());
  }

  private void start() {
    operator = OperatorJvm.start(world.server, world.namespace.name(), limit, freePort());
  }

  static int freePort() {
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
