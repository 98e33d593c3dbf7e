package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.ApplicationSummary;
import io.flinkcluster.operator.flinkrest.DisposalProgress;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.flinkrest.RemoteFailure;
import io.flinkcluster.operator.flinkrest.SourceMetrics;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A Flink in memory: answers at once with what a test has set, unless told to do otherwise. */
final class FakeFlink implements FlinkRest {

  static final String JOB = "a".repeat(32);
  static final String SOURCE = "5".repeat(32);
  static final Instant START = Instant.ofEpochSecond(1000);

  /** Names of the calls, in order. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  /** Calls that are answered by a future of the test's own. */
  final Map<String, Supplier<CompletableFuture<?>>> instead = new ConcurrentHashMap<>();

  volatile List<JobSummary> jobs = List.of(job(JOB, "RUNNING", 2));
  volatile JobGraph graph = graph(0, 0);
  volatile Optional<ObservedCheckpoints> checkpoints = Optional.of(checkpoint(1));
  volatile OptionalLong restarts = OptionalLong.of(0);
  volatile List<String> threads = List.of();
  volatile OptionalLong lag = OptionalLong.empty();
  volatile int partitions;
  volatile SortedMap<String, Bounds> requirements = new TreeMap<>(Map.of(SOURCE, new Bounds(1, 2)));
  volatile SavepointProgress progress = new SavepointProgress.Unknown("");

  volatile List<ApplicationSummary> applications = List.of();

  static JobSummary job(String id, String state, int running) {
    return new JobSummary(
        id, state, START, Optional.empty(), Optional.of(START.plusSeconds(running)), 2, running, 0);
  }

  static JobGraph graph(double busy, double pressed) {
    return new JobGraph(
        List.of(new JobGraph.Vertex(SOURCE, "source", 2, 64, true, true, busy, 0, pressed)));
  }

  static ObservedCheckpoints checkpoint(long id) {
    var last =
        new ObservedCheckpoints.Completed(id, "s3://b/chk-" + id, START, Duration.ofSeconds(1), 10);
    return new ObservedCheckpoints(id, 0, Optional.of(last), Optional.empty(), Optional.empty());
  }

  static RemoteFailure unreachable() {
    return new RemoteFailure(RemoteFailure.Kind.UNREACHABLE, "gone away");
  }

  long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  void fail(String call) {
    instead.put(call, () -> CompletableFuture.failedFuture(unreachable()));
  }

  @SuppressWarnings("unchecked")
  private <T> CompletableFuture<T> answer(String call, T value) {
    calls.add(call);
    var other = instead.get(call);
    return other == null
        ? CompletableFuture.completedFuture(value)
        : (CompletableFuture<T>) other.get();
  }

  @Override
  public CompletableFuture<List<JobSummary>> jobsOverview(Address address) {
    return answer("overview", jobs);
  }

  @Override
  public CompletableFuture<Optional<JobGraph>> graph(Address address, String jobId) {
    return answer("graph", Optional.of(graph));
  }

  @Override
  public CompletableFuture<Optional<ObservedCheckpoints>> checkpoints(
      Address address, String jobId) {
    return answer("checkpoints", checkpoints);
  }

  @Override
  public CompletableFuture<List<ObservedTaskManager>> taskManagers(Address address) {
    return answer("taskManagers", List.of(new ObservedTaskManager("tm", 2, 0)));
  }

  @Override
  public CompletableFuture<OptionalLong> restarts(Address address, String jobId) {
    return answer("restarts", restarts);
  }

  @Override
  public CompletableFuture<Optional<String>> lastFailure(Address address, String jobId) {
    return answer("failure", Optional.of("out of luck"));
  }

  @Override
  public CompletableFuture<List<ApplicationSummary>> applications(Address address) {
    return answer("applications", applications);
  }

  @Override
  public CompletableFuture<Optional<String>> applicationFailure(
      Address address, String applicationId) {
    return answer("applicationFailure", Optional.of("no such mode"));
  }

  @Override
  public CompletableFuture<List<String>> threadNames(Address address, String taskManagerId) {
    return answer("threads", threads);
  }

  @Override
  public CompletableFuture<OptionalLong> bufferTimeoutMillis(Address address) {
    return answer("bufferTimeout", OptionalLong.of(7));
  }

  @Override
  public CompletableFuture<SourceMetrics> sourceMetrics(
      Address address, String jobId, String vertexId) {
    return answer(
        "sourceMetrics",
        new SourceMetrics(lag.isPresent() ? List.of("a.pendingRecords") : List.of(), partitions));
  }

  @Override
  public CompletableFuture<OptionalLong> sum(
      Address address, String jobId, String vertexId, List<String> metrics) {
    return answer("sum", lag);
  }

  @Override
  public CompletableFuture<Void> stopWithSavepoint(
      Address address, String jobId, String triggerId, String targetDirectory) {
    throw new AssertionError("the poller only looks");
  }

  @Override
  public CompletableFuture<Void> savepoint(
      Address address, String jobId, String triggerId, String targetDirectory) {
    throw new AssertionError("the poller only looks");
  }

  @Override
  public CompletableFuture<SavepointProgress> savepointProgress(
      Address address, String jobId, String triggerId) {
    return answer("progress " + triggerId, progress);
  }

  @Override
  public CompletableFuture<Optional<SortedMap<String, Bounds>>> requirements(
      Address address, String jobId) {
    return answer("requirements", Optional.of(requirements));
  }

  @Override
  public CompletableFuture<Void> require(
      Address address, String jobId, SortedMap<String, Bounds> bounds) {
    throw new AssertionError("the poller only looks");
  }

  @Override
  public CompletableFuture<String> disposeSavepoint(Address address, String path) {
    throw new AssertionError("the poller only looks");
  }

  @Override
  public CompletableFuture<Void> checkpoint(Address address, String jobId, String triggerId) {
    throw new AssertionError("the poller only looks");
  }

  @Override
  public CompletableFuture<DisposalProgress> disposalProgress(Address address, String requestId) {
    throw new AssertionError("the poller only looks");
  }

  @Override
  public CompletableFuture<Void> cancel(Address address, String jobId) {
    throw new AssertionError("the poller only looks");
  }
}
