package io.flinkcluster.operator.flinkrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.SavepointProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Against the JobManager, TaskManager and REST endpoint of the released Flink, in this process. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HttpFlinkRestRealFlinkTest {

  private static final String JOB = Ids.jobId("real", 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicBoolean FAIL_ONCE = new AtomicBoolean(true);

  @TempDir static Path directory;
  private static MiniCluster flink;
  private static Address address;
  private static HttpFlinkRest rest;

  @BeforeAll
  static void start() throws Exception {
    for (String noisy : List.of("org.apache.flink", "org.apache.pekko")) {
      ((Logger) LoggerFactory.getLogger(noisy)).setLevel(Level.OFF);
    }
    var configuration = new Configuration();
    configuration.setString("rest.bind-port", "0");
    configuration.setString("rest.address", "127.0.0.1");
    configuration.setString("rest.bind-address", "127.0.0.1");
    configuration.setString("execution.buffer-timeout.interval", "7 ms");
    configuration.setString("web.refresh-interval", "200");
    configuration.setString("rest.cache.checkpoint-statistics.timeout", "200 ms");
    configuration.setString("metrics.fetcher.update-interval", "200");
    // Little is in flight, so that a barrier is not long behind the slow records before it.
    configuration.setString("taskmanager.memory.segment-size", "4kb");
    configuration.setString("taskmanager.memory.managed.size", "8m");
    configuration.setString("taskmanager.memory.network.max", "32m");
    flink =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(3)
                .build());
    flink.start();
    var uri = flink.getRestAddress().get(30, TimeUnit.SECONDS);
    address = new Address(uri.getHost(), uri.getPort());
    rest = new HttpFlinkRest();
    submit(JOB, 2);
  }

  @AfterAll
  static void stop() throws Exception {
    rest.close();
    flink.close();
  }

  private static void submit(String id, int parallelism) throws Exception {
    var configuration = new Configuration();
    configuration.setString("execution.checkpointing.interval", "200 ms");
    configuration.setString("execution.checkpointing.dir", directory.toUri() + "checkpoints");
    configuration.setString("execution.checkpointing.num-retained", "3");
    configuration.setString(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.delay", "10 ms");
    var environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(parallelism).setMaxParallelism(64);
    environment
        .fromSequence(0, Long.MAX_VALUE)
        .rebalance()
        .map(new Slowly(id.equals(JOB)))
        .name("slow map")
        .sinkTo(new DiscardingSink<>());
    var graph = environment.getStreamGraph().getJobGraph();
    graph.setJobID(JobID.fromHexString(id));
    flink.submitJob(graph).get(30, TimeUnit.SECONDS);
  }

  /** Takes a millisecond for a record and fails once, for the sake of the exceptions. */
  static final class Slowly implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;
    private final boolean fails;

    Slowly(boolean fails) {
      this.fails = fails;
    }

    @Override
    public Long map(Long value) {
      if (fails && FAIL_ONCE.getAndSet(false)) {
        throw new IllegalStateException("no luck with password=hunter2");
      }
      LockSupport.parkNanos(1_000_000);
      return value;
    }
  }

  /** One walk, since each part needs the former: start, look at everything, stop, look again. */
  @Test
  void aJobIsSeenFromItsFirstTaskToItsStopWithSavepoint() throws Exception {
    var running = waitFor(this::job, job -> job.tasksRunning() == 4 && job.tasksTotal() == 4);
    assertThat(running.state()).isEqualTo("RUNNING");
    assertThat(running.changedAt().orElseThrow())
        .isBetween(running.startedAt(), Instant.now().plusSeconds(1));
    looksAtTheGraph();
    looksAtWhatHasFailed();
    var checkpoint = waitFor(this::checkpoints, seen -> seen.last().isPresent()).last().get();
    assertThat(checkpoint.path()).contains("/checkpoints/" + JOB + "/chk-" + checkpoint.id());
    assertThat(checkpoint.triggeredAt()).isAfter(running.startedAt());
    assertThat(checkpoint.sizeBytes()).isPositive();
    takesASavepointAndGoesOn();
    stopsWithOneSavepointForTwoRequests();
    assertThat(waitFor(this::job, JobSummary::ended).state()).isEqualTo("FINISHED");
    assertThat(job().endedAt()).isPresent();
    // A job that has ended well throws its checkpoints away, retained ones too.
    waitFor(this::checkpoints, seen -> seen.last().isEmpty() && seen.stopSavepoint().isPresent());
    refusesToCancelWhatHasEnded();
  }

  /**
   * What a change without a savepoint rests on: after a cancellation nothing newer can come. Runs
   * last, for it takes a slot of its own.
   */
  @Test
  @Order(Integer.MAX_VALUE)
  void aCancelledJobStillNamesItsNewestCheckpointAndKeepsIt() throws Exception {
    String id = Ids.jobId("real", 2);
    submit(id, 1);
    waitFor(
        () -> get(rest.jobsOverview(address)),
        jobs -> jobs.stream().anyMatch(j -> j.id().equals(id) && j.tasksRunning() == 2));
    waitFor(
        () -> get(rest.checkpoints(address, id)),
        seen -> seen.flatMap(ObservedCheckpoints::last).filter(c -> c.id() > 1).isPresent());
    get(rest.cancel(address, id));
    waitFor(
        () -> get(rest.jobsOverview(address)),
        jobs -> jobs.stream().anyMatch(j -> j.id().equals(id) && j.state().equals("CANCELED")));
    var last = waitFor(() -> get(rest.checkpoints(address, id)).orElseThrow(), s -> true).last();
    Path checkpoints = directory.resolve("checkpoints").resolve(id);
    try (var kept = Files.list(checkpoints)) {
      long newest =
          kept.map(p -> p.getFileName().toString())
              .filter(n -> n.startsWith("chk-"))
              .mapToLong(n -> Long.parseLong(n.substring(4)))
              .max()
              .orElseThrow();
      waitFor(
          () -> get(rest.checkpoints(address, id)).orElseThrow(),
          s -> s.last().filter(c -> c.id() == newest).isPresent());
    }
    assertThat(last).isPresent();
  }

  private void looksAtTheGraph() throws Exception {
    var graph = waitFor(() -> get(rest.graph(address, JOB)).orElseThrow(), g -> g.tasks() == 4);
    assertThat(graph.parallelism()).isEqualTo(2);
    assertThat(graph.maxParallelism()).isEqualTo(64);
    assertThat(graph.vertices()).extracting(JobGraph.Vertex::source).containsExactly(true, false);
    assertThat(graph.vertices().get(1).name()).contains("slow map");
    waitFor(
        () -> get(rest.graph(address, JOB)).orElseThrow().vertices().get(0),
        source ->
            source.backPressuredMillis() > 0 && source.busyMillis() + source.idleMillis() >= 0);
    assertThat(get(rest.bufferTimeoutMillis(address))).hasValue(7);
    var workers = get(rest.taskManagers(address));
    assertThat(workers).hasSize(1);
    assertThat(workers.get(0).slots()).isEqualTo(3);
    assertThat(workers.get(0).freeSlots()).isEqualTo(1);
    assertThat(graph.vertices()).extracting(JobGraph.Vertex::feeds).containsExactly(true, false);
    assertThat(get(rest.threadNames(address, workers.get(0).id())))
        .anyMatch(name -> name.startsWith("OutputFlusher for " + graph.vertices().get(0).name()));
    String source = graph.vertices().get(0).id();
    assertThat(get(rest.pendingRecordsMetrics(address, JOB, source))).isEmpty();
    waitFor(
        () -> get(rest.sum(address, JOB, source, List.of("numRecordsIn", "numRecordsOut"))),
        sum -> sum.isPresent() && sum.getAsLong() > 0);
  }

  private void looksAtWhatHasFailed() throws Exception {
    waitFor(() -> get(rest.restarts(address, JOB)), n -> n.isPresent() && n.getAsLong() == 1);
    var failure = waitFor(() -> get(rest.lastFailure(address, JOB)), Optional::isPresent);
    assertThat(failure.orElseThrow()).contains("no luck with").doesNotContain("hunter2");
  }

  private void takesASavepointAndGoesOn() throws Exception {
    String trigger = Ids.triggerId("real", "periodic", 1);
    String target = directory.toUri() + "periodic";
    assertThat(progress(trigger)).isEqualTo(new SavepointProgress.Unknown(trigger));
    get(rest.savepoint(address, JOB, trigger, target));
    var ended = waitFor(() -> progress(trigger), p -> !(p instanceof SavepointProgress.InProgress));
    assertThat(ended)
        .isInstanceOfSatisfying(
            SavepointProgress.Completed.class,
            done -> assertThat(done.location()).contains("/periodic/savepoint-"));
    assertThat(job().state()).isEqualTo("RUNNING");
    deletesItOnceAndKnowsThatItIsGone(((SavepointProgress.Completed) ended).location());
    assertThat(checkpoints().last().orElseThrow().path()).contains("/chk-");
  }

  private void deletesItOnceAndKnowsThatItIsGone(String path) throws Exception {
    Path files = Path.of(path.replaceFirst("^file:/+", "/"));
    assertThat(files.resolve("_metadata")).exists();
    for (int time = 0; time < 2; time++) {
      String id = get(rest.disposeSavepoint(address, path));
      var ended =
          waitFor(
              () -> get(rest.disposalProgress(address, id)),
              p -> p.state() != DisposalProgress.State.IN_PROGRESS);
      assertThat(ended).isEqualTo(new DisposalProgress(DisposalProgress.State.GONE, ""));
      assertThat(files).doesNotExist();
    }
    String unknown = Ids.triggerId("nobody", "asked", 1);
    assertThat(get(rest.disposalProgress(address, unknown)).state())
        .isEqualTo(DisposalProgress.State.UNKNOWN);
  }

  private void stopsWithOneSavepointForTwoRequests() throws Exception {
    String trigger = Ids.triggerId("real", "stop", 1);
    String target = directory.toUri() + "stop";
    get(rest.stopWithSavepoint(address, JOB, trigger, target));
    get(rest.stopWithSavepoint(address, JOB, trigger, target));
    var ended = waitFor(() -> progress(trigger), p -> !(p instanceof SavepointProgress.InProgress));
    get(rest.stopWithSavepoint(address, JOB, trigger, target));
    assertThat(progress(trigger)).isEqualTo(ended);
    try (var written = Files.list(directory.resolve("stop"))) {
      assertThat(written.map(Path::toString).toList())
          .singleElement()
          .satisfies(
              path -> assertThat(((SavepointProgress.Completed) ended).location()).endsWith(path));
    }
  }

  private void refusesToCancelWhatHasEnded() {
    assertThat(rest.cancel(address, JOB))
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(RemoteFailure.class)
        .withMessageContaining("409");
  }

  /** Flink says yes to anything; only the progress tells. */
  @Test
  void aStopOfAnUnknownJobIsNotedAndFails() throws Exception {
    String nobody = Ids.jobId("nobody", 1);
    String trigger = Ids.triggerId("nobody", "stop", 1);
    get(rest.stopWithSavepoint(address, nobody, trigger, directory.toUri() + "nobody"));
    var ended =
        waitFor(
            () -> get(rest.savepointProgress(address, nobody, trigger)),
            p -> !(p instanceof SavepointProgress.InProgress));
    assertThat(ended)
        .isInstanceOfSatisfying(
            SavepointProgress.Failed.class,
            failed -> {
              assertThat(failed.message()).contains("Could not find Flink job");
              assertThat(failed.written()).isEmpty();
            });
    assertThat(get(rest.graph(address, nobody))).isEmpty();
    assertThat(get(rest.checkpoints(address, nobody))).isEmpty();
  }

  private JobSummary job() throws Exception {
    var jobs = get(rest.jobsOverview(address));
    return jobs.stream().filter(job -> job.id().equals(JOB)).findFirst().orElseThrow();
  }

  private ObservedCheckpoints checkpoints() throws Exception {
    return get(rest.checkpoints(address, JOB)).orElseThrow();
  }

  private SavepointProgress progress(String trigger) throws Exception {
    return get(rest.savepointProgress(address, JOB, trigger));
  }

  private interface Look<T> {
    T look() throws Exception;
  }

  private static <T> T waitFor(Look<T> look, Predicate<T> wanted) {
    return await().atMost(PATIENCE).until(look::look, wanted);
  }

  private static <T> T get(CompletableFuture<T> call) throws Exception {
    return call.get(30, TimeUnit.SECONDS);
  }
}
