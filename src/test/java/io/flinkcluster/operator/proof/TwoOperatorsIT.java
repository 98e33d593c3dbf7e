package io.flinkcluster.operator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.simulation.Report;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.ChildProcess;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two processes of the operator, with leader election. In the middle of an upgrade the leader is
 * killed, or stands still at a call, which arrives when the other has taken over and brought the
 * upgrade to its end; then it goes on.
 */
@RealApiServer
@Order(1) // a lease has to run out
class TwoOperatorsIT {
  private static final Duration LONG = Patience.LONG;
  private static final Story STORY = Story.all().get(0);
  private static final String LEASE = "flink-flinkcluster-operator";
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ApiServer server;

  TwoOperatorsIT(ApiServer server) {
    this.server = server;
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT) // each has all that it uses
  @CsvSource({
    "patch flinkclusters/status, 3, STOP",
    "delete deployments, 1, STOP",
    "patch flinkclusters/status, 4, KILL",
  })
  void aLeaderThatIsGoneOrStandsStillIsReplacedAndDoesNothingTwice(
      String what, int occurrence, String signal) throws Exception {
    long began = System.nanoTime();
    try (var lane = new Lane(server, "two", STORY.spec());
        var first = new Replica(lane, "operator-1", what, occurrence)) {
      awaitHolder(lane, "operator-1");
      lane.create();
      await(lane, lane::ready);
      try (var second = new Replica(lane, "operator-2", "", 0)) {
        lane.mark();
        first.countFromNow();
        STORY.steps().get(0).act().accept(lane);
        first.held.get(LONG.toSeconds(), TimeUnit.SECONDS);
        lane.recorder.operator("operator-1", signal.equals("KILL") ? "killed" : "frozen");
        first.signal(signal);
        long gone = System.nanoTime();
        awaitHolder(lane, "operator-2");
        double took = (System.nanoTime() - gone) / 1e9;
        await(lane, () -> lane.ready() && lane.starts() == 1);
        if (signal.equals("STOP")) {
          lane.recorder.operator("operator-1", "goes-on");
          first.late.complete(null);
          first.signal("CONT");
        }
        Awaitility.await("the old leader to end").atMost(LONG).until(() -> !first.lives());
        await(lane, () -> lane.ready() && lane.starts() == 1);
        assertThat(second.lives()).isTrue();
        assertThat(lane.fake().stopsByTrigger()).hasSize(1);
        assertThat(lane.fake().starts()).hasSize(2);
        lane.fake().assertOneWriter();
        lane.fake().assertNeverOlderState();
        var verdict = lane.recorder.judge();
        assertThat(Report.told(verdict.violations().stream().map(Object::toString).toList()))
            .isEmpty();
        Report.section(
            "Two operators: %s at %s".formatted(signal, what),
            began,
            List.of("The other led %.1f s after the leader was gone.".formatted(took)));
      }
    }
  }

  private static void await(Lane lane, java.util.function.BooleanSupplier end)
      throws InterruptedException {
    assertThat(lane.recorder.await(end, LONG)).as("%s", lane.status()).isTrue();
  }

  private static void awaitHolder(Lane lane, String name) {
    Awaitility.await(name + " to lead")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              var lease =
                  lane.namespace
                      .client()
                      .leases()
                      .inNamespace(lane.namespace.name())
                      .withName(LEASE)
                      .get();
              return lease != null && name.equals(lease.getSpec().getHolderIdentity());
            });
  }

  /** The operator in a process of its own, behind a proxy. */
  private static final class Replica implements AutoCloseable {
    final CompletableFuture<Void> held = new CompletableFuture<>();
    final CompletableFuture<Void> late = new CompletableFuture<>();
    private final String name;
    private final Lane lane;
    private final String what;
    private final int occurrence;
    private final AtomicInteger count = new AtomicInteger(Integer.MIN_VALUE);
    private final ApiProxy proxy;
    private final ChildProcess child;
    private final Path directory;

    Replica(Lane lane, String name, String what, int occurrence) throws IOException {
      this.lane = lane;
      this.name = name;
      this.what = what;
      this.occurrence = occurrence;
      this.proxy = new ApiProxy(lane.namespace.server(), this::handle);
      this.directory = Files.createTempDirectory("replica");
      ObjectNode kubeconfig =
          (ObjectNode) YAML.readTree(lane.namespace.server().kubeconfig().toFile());
      ((ObjectNode) kubeconfig.at("/clusters/0")).putObject("cluster").put("server", proxy.url());
      Path file = directory.resolve("kubeconfig");
      YAML.writeValue(file.toFile(), kubeconfig);
      var command =
          new ArrayList<>(
              List.of(
                  "KUBECONFIG=" + file,
                  "POD_NAMESPACE=" + lane.namespace.name(),
                  "POD_NAME=" + name,
                  "LEASE_NAME=" + LEASE,
                  "WATCH_NAMESPACES=" + lane.namespace.name(),
                  "HTTP_PORT=0",
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx200m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "io.flinkcluster.operator.OperatorMain"));
      child = ChildProcess.start(directory, "/usr/bin/env", command);
      lane.recorder.operator(name, "began");
    }

    void countFromNow() {
      count.set(0);
    }

    private ApiProxy.Reply handle(ApiRequest request, ApiProxy.Upstream upstream)
        throws IOException {
      if (request.verb().equals("watch")) {
        return upstream.send(request);
      }
      if (request.what().equals(what) && count.incrementAndGet() == occurrence) {
        held.complete(null);
        late.join();
      }
      return lane.recorder.through(name, 0, request, true, upstream);
    }

    void signal(String signal) throws IOException, InterruptedException {
      long pid = child.program().orElseThrow().pid();
      // The shell's own: a machine need not have the program.
      String kill = "kill -" + signal + " " + pid;
      assertThat(new ProcessBuilder("bash", "-c", kill).inheritIO().start().waitFor()).isZero();
    }

    boolean lives() {
      return child.program().filter(ProcessHandle::isAlive).isPresent();
    }

    @Override
    public void close() throws IOException {
      late.completeExceptionally(new IOException("the test is over"));
      child.close();
      proxy.close();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }
}
