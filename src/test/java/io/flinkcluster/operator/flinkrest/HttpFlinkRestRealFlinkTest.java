package io.flinkcluster.operator.flinkrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.SavepointProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Against the JobManager, TaskManager and REST endpoint of the released Flink, in this process. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HttpFlinkRestRealFlinkTest {

  private static final String JOB = Ids.jobId("real", 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private static MiniFlink flink;
  private static Address address;
  private static HttpFlinkRest rest;

  @BeforeAll
  static void start() throws Exception {
    flink = new MiniFlink(directory, Map.of());
    address = flink.address;
    rest = flink.rest;
    flink.submit(JOB, 2, true);
  }

  @AfterAll
  static void stop() throws Exception {
    flink.close();
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
    flink.submit(id, 1, false);
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
    assertThat(get(rest.sourceMetrics(address, JOB, source)).pendingRecords()).isEmpty();
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
