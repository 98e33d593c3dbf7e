package io.flinkcluster.operator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.DisposalProgress;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.flinkrest.RemoteFailure;
import io.flinkcluster.operator.flinkrest.RemoteFailure.Kind;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.SavepointProgress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The cases, in the order in which they are tried with one job: while it runs, what changes it, and
 * what is said of it after its end.
 */
public final class FlinkContract {
  private static final String NOBODY = Ids.jobId("nobody", 1);

  /** How the job comes to its end. */
  public enum End {
    STOPPED_WITH_SAVEPOINT,
    CANCELLED
  }

  private final FlinkUnderTest flink;
  private final FlinkRest rest;
  private final Address at;
  private final String job;
  private final List<DynamicTest> cases = new ArrayList<>();
  private String savepoint;
  private String stopped;
  private ObservedCheckpoints.Completed newest;

  private FlinkContract(FlinkUnderTest flink) {
    this.flink = flink;
    this.rest = flink.rest();
    this.at = flink.address();
    this.job = flink.job();
  }

  /** All that hold for this JobManager and this end. */
  public static Stream<DynamicTest> cases(FlinkUnderTest flink, End end) {
    var contract = new FlinkContract(flink);
    contract.whileItRuns();
    contract.ofNobody();
    contract.checkpoints();
    contract.savepoints();
    contract.disposals();
    contract.requirements();
    if (end == End.CANCELLED) {
      contract.cancelled();
    } else {
      contract.stopped();
    }
    contract.afterTheEnd();
    return contract.cases.stream();
  }

  private void holds(String what, Runnable check) {
    cases.add(DynamicTest.dynamicTest(what, check::run));
  }

  // --- what is asked, and waited for ---

  private static <T> T get(CompletableFuture<T> call) {
    return call.join();
  }

  private static Kind failure(CompletableFuture<?> call) {
    try {
      call.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RemoteFailure remote) {
        return remote.kind();
      }
      throw e;
    }
    throw new AssertionError("it did not fail");
  }

  private <T> T waitFor(Supplier<CompletableFuture<T>> look, Predicate<T> wanted) {
    var last = new ArrayList<T>();
    boolean came =
        flink.comesTo(
            () -> {
              T seen = get(look.get());
              last.add(seen);
              return wanted.test(seen);
            });
    T seen = last.isEmpty() ? null : last.get(last.size() - 1);
    assertThat(came).as("it does not come to that; last seen: %s", seen).isTrue();
    return seen;
  }

  private JobSummary summary() {
    return get(rest.jobsOverview(at)).stream()
        .filter(j -> j.id().equals(job))
        .findFirst()
        .orElseThrow();
  }

  private JobSummary awaitSummary(Predicate<JobSummary> wanted) {
    waitFor(
        () -> rest.jobsOverview(at),
        jobs -> jobs.stream().anyMatch(j -> j.id().equals(job) && wanted.test(j)));
    return summary();
  }

  private static boolean whole(JobSummary summary) {
    return summary.state().equals("RUNNING")
        && summary.tasksTotal() > 0
        && summary.tasksRunning() == summary.tasksTotal();
  }

  private JobGraph graph() {
    return get(rest.graph(at, job)).orElseThrow();
  }

  private ObservedCheckpoints seen(Predicate<ObservedCheckpoints> wanted) {
    return waitFor(() -> rest.checkpoints(at, job), c -> c.filter(wanted).isPresent())
        .orElseThrow();
  }

  private SavepointProgress ended(String jobId, String trigger) {
    return waitFor(
        () -> rest.savepointProgress(at, jobId, trigger),
        p -> !(p instanceof SavepointProgress.InProgress));
  }

  private String trigger(String name) {
    return Ids.triggerId(job, name, 1);
  }

  private String completed(String trigger) {
    var progress = ended(job, trigger);
    assertThat(progress).isInstanceOf(SavepointProgress.Completed.class);
    return ((SavepointProgress.Completed) progress).location();
  }

  // --- the cases ---

  private void whileItRuns() {
    holds(
        "the overview has the job, which runs and has not ended",
        () -> {
          JobSummary summary = awaitSummary(FlinkContract::whole);
          assertThat(summary.ended()).isFalse();
          assertThat(summary.endedAt()).isEmpty();
          assertThat(summary.tasksFinished()).isZero();
        });
    holds(
        "its tasks entered their state after it began",
        () ->
            assertThat(summary().changedAt().orElseThrow())
                .isAfterOrEqualTo(summary().startedAt()));
    holds(
        "the graph has as many tasks as the overview",
        () ->
            assertThat(waitFor(() -> rest.graph(at, job), g -> g.isPresent()).orElseThrow().tasks())
                .isEqualTo(summary().tasksTotal()));
    holds(
        "every vertex has an id of its own and no more tasks than key groups",
        () -> {
          var ids = new HashSet<String>();
          for (JobGraph.Vertex vertex : graph().vertices()) {
            assertThat(vertex.id()).matches("[0-9a-f]{32}");
            assertThat(ids.add(vertex.id())).isTrue();
            assertThat(vertex.parallelism()).isBetween(1, vertex.maxParallelism());
          }
        });
    holds(
        "one vertex at least is a source, and the last feeds none",
        () -> {
          List<JobGraph.Vertex> vertices = graph().vertices();
          assertThat(vertices).anyMatch(JobGraph.Vertex::source);
          assertThat(vertices.get(vertices.size() - 1).feeds()).isFalse();
        });
    holds(
        "every TaskManager has a name and no more free slots than it has",
        () ->
            assertThat(get(rest.taskManagers(at)))
                .isNotEmpty()
                .allSatisfy(
                    t -> {
                      assertThat(t.id()).isNotBlank();
                      assertThat(t.freeSlots()).isBetween(0, t.slots());
                    }));
    holds(
        "the job holds as many slots as its largest parallelism",
        () ->
            assertThat(
                    get(rest.taskManagers(at)).stream()
                        .mapToInt(t -> t.slots() - t.freeSlots())
                        .sum())
                .isEqualTo(graph().parallelism()));
    holds(
        "it was never restarted",
        () ->
            assertThat(waitFor(() -> rest.restarts(at, job), n -> n.isPresent()).getAsLong())
                .isZero());
    holds("it has never failed", () -> assertThat(get(rest.lastFailure(at, job))).isEmpty());
    holds(
        "the buffer timeout is told",
        () -> assertThat(get(rest.bufferTimeoutMillis(at))).isPresent());
    holds(
        "the threads of a TaskManager are told by name",
        () ->
            assertThat(get(rest.threadNames(at, get(rest.taskManagers(at)).get(0).id())))
                .isNotEmpty());
    holds(
        "a vertex that is no source of Kafka's has no metric of waiting records",
        () ->
            assertThat(get(rest.sourceMetrics(at, job, lastVertex())).pendingRecords()).isEmpty());
    holds(
        "metrics that are not known have no sum",
        () ->
            assertThat(get(rest.sum(at, job, lastVertex(), List.of("no-such-metric")))).isEmpty());
  }

  private String lastVertex() {
    List<JobGraph.Vertex> vertices = graph().vertices();
    return vertices.get(vertices.size() - 1).id();
  }

  private void ofNobody() {
    holds(
        "the graph of an unknown job is empty",
        () -> assertThat(get(rest.graph(at, NOBODY))).isEmpty());
    holds(
        "the checkpoints of an unknown job are empty",
        () -> assertThat(get(rest.checkpoints(at, NOBODY))).isEmpty());
    holds(
        "the restarts of an unknown job are not measured",
        () -> assertThat(get(rest.restarts(at, NOBODY))).isEmpty());
    holds(
        "the last failure of an unknown job is not found",
        () -> assertThat(failure(rest.lastFailure(at, NOBODY))).isEqualTo(Kind.NOT_FOUND));
    holds(
        "the threads of an unknown TaskManager are an error of the server's",
        () -> assertThat(failure(rest.threadNames(at, "no-such-pod"))).isEqualTo(Kind.UNREACHABLE));
    holds(
        "an unknown job cannot be cancelled",
        () -> assertThat(failure(rest.cancel(at, NOBODY))).isEqualTo(Kind.NOT_FOUND));
    holds(
        "a trigger that was never sent is unknown",
        () ->
            assertThat(get(rest.savepointProgress(at, job, trigger("never"))))
                .isEqualTo(new SavepointProgress.Unknown(trigger("never"))));
    for (boolean stop : new boolean[] {false, true}) {
      String name = stop ? "a stop" : "a savepoint";
      String trigger = trigger("nobody " + stop);
      holds(
          name + " of an unknown job is noted",
          () ->
              get(
                  stop
                      ? rest.stopWithSavepoint(at, NOBODY, trigger, flink.directory())
                      : rest.savepoint(at, NOBODY, trigger, flink.directory())));
      holds(
          name + " of an unknown job fails and leaves nothing",
          () ->
              assertThat(ended(NOBODY, trigger))
                  .isInstanceOfSatisfying(
                      SavepointProgress.Failed.class,
                      failed -> {
                        assertThat(failed.message()).contains("Could not find Flink job");
                        assertThat(failed.written()).isEmpty();
                      }));
    }
    holds(
        "a disposal that nobody asked for is unknown",
        () ->
            assertThat(get(rest.disposalProgress(at, trigger("never"))).state())
                .isEqualTo(DisposalProgress.State.UNKNOWN));
  }

  private void checkpoints() {
    holds(
        "a checkpoint lies in a directory of the job's id, under its number",
        () -> {
          newest = seen(c -> c.last().isPresent()).last().orElseThrow();
          assertThat(newest.path()).endsWith("/" + job + "/chk-" + newest.id());
        });
    holds(
        "it was triggered after the job began",
        () -> assertThat(newest.triggeredAt()).isAfterOrEqualTo(summary().startedAt()));
    holds(
        "a later one has a higher number",
        () -> {
          ObservedCheckpoints later =
              seen(c -> c.last().filter(l -> l.id() > newest.id()).isPresent());
          assertThat(later.last().orElseThrow().triggeredAt()).isAfter(newest.triggeredAt());
          assertThat(later.completed()).isGreaterThan(1);
        });
    holds(
        "the job began from nothing and has no savepoint",
        () -> {
          ObservedCheckpoints seen = seen(c -> true);
          assertThat(seen.restored()).isEmpty();
          assertThat(seen.lastSavepoint()).isEmpty();
          assertThat(seen.stopSavepoint()).isEmpty();
        });
    holds(
        "a checkpoint that is asked for comes",
        () -> {
          long before = seen(c -> true).completed();
          get(rest.checkpoint(at, job, trigger("checkpoint")));
          seen(c -> c.completed() > before);
        });
    holds(
        "the same trigger is taken again",
        () -> get(rest.checkpoint(at, job, trigger("checkpoint"))));
    holds(
        "a checkpoint of an unknown job is noted",
        () -> get(rest.checkpoint(at, NOBODY, trigger("checkpoint of nobody"))));
  }

  private void savepoints() {
    String trigger = trigger("savepoint");
    holds(
        "a savepoint is written into the directory",
        () -> {
          get(rest.savepoint(at, job, trigger, flink.directory() + "/kept"));
          savepoint = completed(trigger);
          assertThat(savepoint).contains("/kept/savepoint-" + job.substring(0, 6) + "-");
        });
    holds("the job runs on", () -> assertThat(whole(summary())).isTrue());
    holds(
        "the same trigger writes no second one",
        () -> {
          get(rest.savepoint(at, job, trigger, flink.directory() + "/kept"));
          assertThat(completed(trigger)).isEqualTo(savepoint);
        });
    holds(
        "a trigger is known of its own job only",
        () ->
            assertThat(get(rest.savepointProgress(at, NOBODY, trigger)))
                .isEqualTo(new SavepointProgress.Unknown(trigger)));
    holds(
        "the savepoint is told beside the checkpoints, and never as one",
        () -> {
          ObservedCheckpoints seen = seen(c -> c.lastSavepoint().isPresent());
          assertThat(seen.lastSavepoint()).contains(savepoint);
          assertThat(seen.stopSavepoint()).isEmpty();
          assertThat(seen.lastSavepointAt().orElseThrow()).isAfterOrEqualTo(summary().startedAt());
          assertThat(seen.last().orElseThrow().path()).contains("/chk-");
        });
    for (boolean stop : new boolean[] {false, true}) {
      String failing = trigger("failing " + stop);
      holds(
          (stop ? "a stop" : "a savepoint") + " where nothing can be written fails",
          () ->
              flink.whereSavepointsFail(
                  directory -> {
                    get(
                        stop
                            ? rest.stopWithSavepoint(at, job, failing, directory)
                            : rest.savepoint(at, job, failing, directory));
                    assertThat(ended(job, failing))
                        .isInstanceOfSatisfying(
                            SavepointProgress.Failed.class,
                            failed -> {
                              assertThat(failed.message()).isNotBlank();
                              assertThat(failed.written()).isEmpty();
                            });
                    return directory;
                  }));
      holds(
          "the job runs after that as before" + (stop ? ", though it was to stop" : ""),
          () -> awaitSummary(FlinkContract::whole));
    }
  }

  private void disposals() {
    for (String time : List.of("a savepoint is deleted", "one that is gone is gone again")) {
      holds(
          time,
          () -> {
            String id = get(rest.disposeSavepoint(at, savepoint));
            assertThat(
                    waitFor(
                        () -> rest.disposalProgress(at, id),
                        p -> p.state() != DisposalProgress.State.IN_PROGRESS))
                .isEqualTo(new DisposalProgress(DisposalProgress.State.GONE, ""));
          });
    }
  }

  private void requirements() {
    if (!flink.adaptive()) {
      holds(
          "another scheduler than the adaptive one has no requirements",
          () -> assertThat(failure(rest.requirements(at, job))).isEqualTo(Kind.UNREACHABLE));
      return;
    }
    holds(
        "every vertex has bounds that its parallelism keeps to",
        () -> {
          SortedMap<String, Bounds> bounds = bounds();
          for (JobGraph.Vertex vertex : graph().vertices()) {
            Bounds of = bounds.get(vertex.id());
            assertThat(vertex.parallelism()).isBetween(of.lower(), of.upper());
          }
          assertThat(bounds).hasSameSizeAs(graph().vertices());
        });
    holds(
        "what is required already restarts nothing",
        () -> {
          var before = summary().changedAt();
          get(rest.require(at, job, bounds()));
          seen(c -> c.last().filter(l -> l.id() > newest.id() + 2).isPresent());
          assertThat(summary().changedAt()).isEqualTo(before);
        });
    holds(
        "bounds without one of the vertices are refused",
        () -> {
          var less = new TreeMap<>(bounds());
          less.remove(less.firstKey());
          assertThat(failure(rest.require(at, job, less))).isEqualTo(Kind.REFUSED);
        });
    holds(
        "more tasks than key groups are refused",
        () -> {
          var more = new TreeMap<>(bounds());
          more.replaceAll((id, b) -> new Bounds(1, graph().maxParallelism() + 1));
          assertThat(failure(rest.require(at, job, more))).isEqualTo(Kind.REFUSED);
        });
    holds(
        "what is refused changes nothing",
        () -> assertThat(bounds().values()).allMatch(b -> b.upper() == graph().parallelism()));
    holds(
        "a larger size is taken at once, and waits for slots",
        () -> {
          var larger = new TreeMap<>(bounds());
          larger.replaceAll((id, b) -> new Bounds(1, b.upper() + 1));
          get(rest.require(at, job, larger));
          assertThat(bounds()).isEqualTo(larger);
          assertThat(whole(awaitSummary(FlinkContract::whole))).isTrue();
        });
    holds(
        "the former size is taken back",
        () -> {
          var former = new TreeMap<>(bounds());
          former.replaceAll((id, b) -> new Bounds(1, b.upper() - 1));
          get(rest.require(at, job, former));
          assertThat(bounds()).isEqualTo(former);
          awaitSummary(FlinkContract::whole);
        });
    holds(
        "the requirements of an unknown job are answered as those of another scheduler",
        () -> assertThat(failure(rest.requirements(at, NOBODY))).isEqualTo(Kind.UNREACHABLE));
  }

  private SortedMap<String, Bounds> bounds() {
    return get(rest.requirements(at, job)).orElseThrow();
  }

  private void stopped() {
    String trigger = trigger("stop");
    holds(
        "a stop writes a savepoint and ends the job",
        () -> {
          get(rest.stopWithSavepoint(at, job, trigger, flink.directory() + "/stop"));
          stopped = completed(trigger);
          assertThat(stopped).contains("/stop/savepoint-");
          assertThat(awaitSummary(JobSummary::ended).state()).isEqualTo("FINISHED");
        });
    holds(
        "the same trigger is taken again, and is answered as before",
        () -> {
          get(rest.stopWithSavepoint(at, job, trigger, flink.directory() + "/stop"));
          assertThat(completed(trigger)).isEqualTo(stopped);
        });
    holds(
        "all its tasks have finished",
        () -> assertThat(summary().tasksFinished()).isEqualTo(summary().tasksTotal()));
    holds(
        "its savepoint is told as the one that stopped it, and no checkpoint any more",
        () -> {
          ObservedCheckpoints seen = seen(c -> c.stopSavepoint().isPresent() && c.last().isEmpty());
          assertThat(seen.stopSavepoint()).contains(stopped);
        });
  }

  private void cancelled() {
    holds(
        "a cancellation ends the job",
        () -> {
          get(rest.cancel(at, job));
          assertThat(awaitSummary(JobSummary::ended).state()).isEqualTo("CANCELED");
        });
    holds(
        "its newest checkpoint is still told",
        () -> {
          ObservedCheckpoints.Completed last = seen(c -> c.last().isPresent()).last().orElseThrow();
          assertThat(last.id()).isGreaterThanOrEqualTo(newest.id());
        });
  }

  private void afterTheEnd() {
    holds(
        "the moment of the end is told",
        () ->
            assertThat(summary().endedAt().orElseThrow()).isAfterOrEqualTo(summary().startedAt()));
    holds("the graph is still told", () -> assertThat(get(rest.graph(at, job))).isPresent());
    holds(
        "its slots are free",
        () ->
            waitFor(
                () -> rest.taskManagers(at),
                all -> all.stream().allMatch(t -> t.freeSlots() == t.slots())));
    String late = trigger("late");
    holds(
        "a savepoint of it is noted and fails",
        () -> {
          get(rest.savepoint(at, job, late, flink.directory()));
          assertThat(ended(job, late)).isInstanceOf(SavepointProgress.Failed.class);
        });
    holds(
        "a stop of it is noted and fails",
        () -> {
          String stop = trigger("late stop");
          get(rest.stopWithSavepoint(at, job, stop, flink.directory()));
          assertThat(ended(job, stop)).isInstanceOf(SavepointProgress.Failed.class);
        });
    holds(
        "the end stays as it is",
        () -> {
          JobSummary summary = summary();
          Optional<Kind> again = again(() -> rest.cancel(at, job));
          // Flink takes the cancellation of a job that it has cancelled, and of no other.
          assertThat(again)
              .isEqualTo(
                  summary.state().equals("CANCELED")
                      ? Optional.empty()
                      : Optional.of(Kind.REFUSED));
          assertThat(summary()).isEqualTo(summary);
        });
  }

  private static Optional<Kind> again(Supplier<CompletableFuture<Void>> call) {
    Function<Throwable, Kind> kind = t -> ((RemoteFailure) t.getCause()).kind();
    try {
      call.get().join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of(kind.apply(e));
    }
  }
}
