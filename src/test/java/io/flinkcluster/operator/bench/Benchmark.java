package io.flinkcluster.operator.bench;

import io.flinkcluster.operator.e2e.E2eCluster;
import io.flinkcluster.operator.e2e.E2eNamespace;
import io.flinkcluster.operator.testcluster.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The operator with real Flink, for {@code dev/bench/run}: a table on standard output with the goal
 * beside each figure, progress on standard error. It judges nothing.
 */
final class Benchmark {
  private static final String NAME = "bench";

  private final BenchOptions options;
  private final Progress progress = new Progress();
  private final Report report = new Report();
  private volatile boolean whole;

  private Benchmark(BenchOptions options) {
    this.options = options;
  }

  public static void main(String[] arguments) {
    BenchOptions options;
    try {
      options = BenchOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(1);
      return;
    }
    Patience.takeEffect();
    int code = new Benchmark(options).run() ? 0 : 1;
    System.exit(code); // the clients' threads would wait
  }

  /** Whether all of it was measured; says why it was not. */
  private boolean run() {
    System.err.println("A Kubernetes with the operator in it");
    E2eCluster kubernetes;
    try {
      kubernetes = E2eCluster.start(NAME, options.keep());
    } catch (RuntimeException e) {
      System.err.println("error: " + e.getMessage());
      return false;
    }
    // Also where the user interrupts it.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(kubernetes)));
    try {
      String before = load();
      measure(kubernetes);
      System.out.printf(
          "%n%d processors, load %s before and %s after; %s%n%n%s",
          Runtime.getRuntime().availableProcessors(),
          before,
          load(),
          LocalDate.now(ZoneOffset.UTC),
          report);
      whole = true;
    } catch (RuntimeException | AssertionError e) {
      System.err.printf("%n%s%n", kubernetes.diagnosis());
      e.printStackTrace();
    }
    return whole;
  }

  private void end(E2eCluster kubernetes) {
    if (!whole) {
      System.err.printf("%nWhat was measured before it ended:%n%s", report);
    }
    if (!options.keep()) {
      kubernetes.close();
    }
  }

  private void measure(E2eCluster kubernetes) {
    var measured = new TopSpeed(options.flink());
    var creation = new Creation(kubernetes, measured, progress);
    creation.measure(options.repeat());
    report.add(creation.figure());
    E2eNamespace single = kubernetes.space("single");
    progress.step("the operator's start with a cluster that waits");
    new OperatorStart(kubernetes, measured).measure(single, report);
    progress.done("");
    new Changes(single, progress, report).measure(creation.podEnds());
  }

  /** Over 1, 5 and 15 minutes. */
  private static String load() {
    try {
      return String.join(
          " ", List.of(Files.readString(Path.of("/proc/loadavg")).split(" ")).subList(0, 3));
    } catch (IOException e) {
      return "unknown";
    }
  }
}
