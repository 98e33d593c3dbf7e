package io.flinkcluster.operator.simulation;

import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.ApplicationSummary;
import io.flinkcluster.operator.flinkrest.DisposalProgress;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.flinkrest.RemoteFailure;
import io.flinkcluster.operator.flinkrest.SourceMetrics;
import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** The operator's way to the JobManagers, as one of its processes has it. */
final class FlinkPort implements FlinkRest {
  private static final String SOURCE = "a".repeat(32);
  private static final String SINK = "b".repeat(32);
  private static final int KEY_GROUPS = 720;

  private final World world;
  private final OperatorProcess operator;

  FlinkPort(World world, OperatorProcess operator) {
    this.world = world;
    this.operator = operator;
  }

  private static RemoteFailure unreachable() {
    return new RemoteFailure(RemoteFailure.Kind.UNREACHABLE, "timed out");
  }

  private static RemoteFailure unknown() {
    return new RemoteFailure(RemoteFailure.Kind.NOT_FOUND, "not found");
  }

  private <T> CompletableFuture<T> read(
      String what, Address address, Function<SimulatedJobManager, T> answer) {
    if (operator.dead()) {
      return CompletableFuture.failedFuture(unreachable());
    }
    SimulatedJobManager process = world.flink.at(address.host()).orElse(null);
    if (process == null
        || process.rest == SimulatedJobManager.Rest.HANGS
        || process.rest == SimulatedJobManager.Rest.FAILS) {
      return CompletableFuture.failedFuture(unreachable());
    }
    try {
      return CompletableFuture.completedFuture(answer.apply(process));
    } catch (RemoteFailure e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static SimulatedJob job(SimulatedJobManager process, String id) {
    return known(process, id).orElseThrow(FlinkPort::unknown);
  }

  private static Optional<SimulatedJob> known(SimulatedJobManager process, String id) {
    return process.job.filter(
        j -> j.id.equals(id) && process.rest != SimulatedJobManager.Rest.KNOWS_NOTHING);
  }

  private Instant instant(long millis) {
    return world.time.instant().minusMillis(world.time.now() - millis);
  }

  /** A request that is to change something: recorded, and interfered with. */
  private <T> CompletableFuture<T> write(
      String call, Address address, String jobId, String trigger, String target, Supplier<T> act) {
    var fate = operator.fate("flink " + call, true);
    SimulatedJobManager process = world.flink.at(address.host()).orElse(null);
    boolean answers =
        process != null
            && process.rest != SimulatedJobManager.Rest.HANGS
            && process.rest != SimulatedJobManager.Rest.FAILS;
    boolean reaches =
        answers
            && switch (fate) {
              case PASSES, DIES_AFTER, ANSWER_LOST, SENT_TWICE -> true;
              default -> false;
            };
    if (operator.dead() && fate != Fate.DIES_AFTER) {
      return CompletableFuture.failedFuture(unreachable());
    }
    world.history.add(
        new Event.FlinkCall(
            world.time.now(),
            operator.name(),
            process == null ? "" : process.clusterUid,
            process == null ? 0 : process.epoch,
            call,
            jobId,
            trigger,
            target,
            reaches));
    if (!reaches) {
      return CompletableFuture.failedFuture(unreachable());
    }
    try {
      T answer = act.get();
      if (fate == Fate.SENT_TWICE) {
        answer = act.get();
      }
      return fate.told()
          ? process.rest == SimulatedJobManager.Rest.LOSES_ANSWERS
              ? CompletableFuture.failedFuture(unreachable())
              : CompletableFuture.completedFuture(answer)
          : CompletableFuture.failedFuture(unreachable());
    } catch (RemoteFailure e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private SimulatedJobManager process(Address address) {
    return world.flink.at(address.host()).orElseThrow(FlinkPort::unreachable);
  }

  @Override
  public CompletableFuture<List<JobSummary>> jobsOverview(Address address) {
    return read(
        "jobs",
        address,
        process ->
            process.job.filter(j -> process.rest != SimulatedJobManager.Rest.KNOWS_NOTHING).stream()
                .map(this::summary)
                .toList());
  }

  private JobSummary summary(SimulatedJob job) {
    int tasks = 2 * job.parallelism;
    return new JobSummary(
        job.id,
        job.state,
        instant(job.startedAt),
        job.endedAt < 0 ? Optional.empty() : Optional.of(instant(job.endedAt)),
        Optional.of(instant(job.changedAt)),
        tasks,
        job.running() ? tasks : 0,
        job.state.equals("FINISHED") ? tasks : 0);
  }

  @Override
  public CompletableFuture<Optional<JobGraph>> graph(Address address, String jobId) {
    return read(
        "graph",
        address,
        process -> {
          return known(process, jobId)
              .map(
                  job ->
                      new JobGraph(
                          List.of(
                              vertex(SOURCE, "Source", job, true, true),
                              vertex(SINK, "Sink", job, false, false))));
        });
  }

  private static JobGraph.Vertex vertex(
      String id, String name, SimulatedJob job, boolean source, boolean feeds) {
    return new JobGraph.Vertex(id, name, job.parallelism, KEY_GROUPS, source, feeds, 0, 1000, 0);
  }

  @Override
  public CompletableFuture<Optional<ObservedCheckpoints>> checkpoints(
      Address address, String jobId) {
    return read(
        "checkpoints",
        address,
        process -> {
          SimulatedJob job = known(process, jobId).orElse(null);
          if (job == null || !process.checkpointed()) {
            return Optional.empty();
          }
          // A job that has ended well throws its checkpoints away, retained ones too.
          var last =
              job.checkpoints.isEmpty() || job.state.equals("FINISHED")
                  ? Optional.<ObservedCheckpoints.Completed>empty()
                  : Optional.of(completed(job.checkpoints.get(job.checkpoints.size() - 1)));
          return Optional.of(
              new ObservedCheckpoints(
                  job.checkpoints.size(),
                  0,
                  last,
                  job.lastSavepoint,
                  job.run.isEmpty() ? Optional.empty() : job.restored,
                  job.lastSavepoint.filter(path -> job.lastSavepointStops),
                  job.lastSavepoint.map(path -> instant(world.takenAt(path)))));
        });
  }

  private ObservedCheckpoints.Completed completed(SimulatedStorage.Snapshot snapshot) {
    return new ObservedCheckpoints.Completed(
        snapshot.number(),
        snapshot.path(),
        instant(world.takenAt(snapshot.path())),
        Duration.ofMillis(20),
        100);
  }

  @Override
  public CompletableFuture<List<ObservedTaskManager>> taskManagers(Address address) {
    return read(
        "taskmanagers",
        address,
        process -> {
          var taken = world.flink.taken(process);
          var all = new ArrayList<ObservedTaskManager>();
          for (SimulatedFlink.TaskManager one : world.flink.taskManagers(process)) {
            all.add(
                new ObservedTaskManager(
                    one.pod(), one.slots(), one.slots() - taken.getOrDefault(one.podUid(), 0)));
          }
          return all;
        });
  }

  @Override
  public CompletableFuture<OptionalLong> restarts(Address address, String jobId) {
    return read(
        "metrics",
        address,
        p ->
            known(p, jobId).map(job -> OptionalLong.of(job.restarts)).orElse(OptionalLong.empty()));
  }

  @Override
  public CompletableFuture<Optional<String>> lastFailure(Address address, String jobId) {
    return read("exceptions", address, p -> job(p, jobId).failure);
  }

  @Override
  public CompletableFuture<List<ApplicationSummary>> applications(Address address) {
    return read("applications", address, p -> List.of());
  }

  @Override
  public CompletableFuture<Optional<String>> applicationFailure(
      Address address, String applicationId) {
    return read("applications", address, p -> Optional.empty());
  }

  @Override
  public CompletableFuture<OptionalLong> bufferTimeoutMillis(Address address) {
    return read("config", address, p -> OptionalLong.of(100));
  }

  @Override
  public CompletableFuture<List<String>> threadNames(Address address, String taskManagerId) {
    return read(
        "threads",
        address,
        process -> {
          if (world.flink.taskManagers(process).stream()
              .noneMatch(t -> t.pod().equals(taskManagerId))) {
            throw unreachable();
          }
          return List.of("Source (1/1)#0", "OutputFlusher for Source (1/1)#0");
        });
  }

  @Override
  public CompletableFuture<SourceMetrics> sourceMetrics(
      Address address, String jobId, String vertexId) {
    return read("metrics", address, p -> new SourceMetrics(List.of(), 0));
  }

  @Override
  public CompletableFuture<OptionalLong> sum(
      Address address, String jobId, String vertexId, List<String> metrics) {
    return read("metrics", address, p -> OptionalLong.empty());
  }

  @Override
  public CompletableFuture<Void> stopWithSavepoint(
      Address address, String jobId, String triggerId, String directory) {
    return savepoint(address, jobId, triggerId, directory, true);
  }

  @Override
  public CompletableFuture<Void> savepoint(
      Address address, String jobId, String triggerId, String directory) {
    return savepoint(address, jobId, triggerId, directory, false);
  }

  /** Like Flink, says yes also for a job it does not know; only the progress tells. */
  private CompletableFuture<Void> savepoint(
      Address address, String jobId, String triggerId, String directory, boolean stop) {
    return write(
        stop ? "stop" : "savepoint",
        address,
        jobId,
        triggerId,
        directory,
        () -> {
          SimulatedJobManager process = process(address);
          process
              .job
              .filter(j -> j.id.equals(jobId))
              .ifPresentOrElse(
                  j -> world.flink.savepoint(j, triggerId, directory, stop),
                  () -> process.ofNobody.add(jobId + triggerId));
          return null;
        });
  }

  @Override
  public CompletableFuture<SavepointProgress> savepointProgress(
      Address address, String jobId, String triggerId) {
    return read(
        "savepoint",
        address,
        process -> {
          if (process.ofNobody.contains(jobId + triggerId)) {
            return new SavepointProgress.Failed(
                triggerId, "Could not find Flink job (" + jobId + ")", Optional.empty());
          }
          var request = known(process, jobId).map(j -> j.requests.get(triggerId)).orElse(null);
          if (request == null) {
            return new SavepointProgress.Unknown(triggerId);
          }
          if (request.location.isPresent()) {
            return new SavepointProgress.Completed(triggerId, request.location.get());
          }
          return request.failure.isPresent()
              ? new SavepointProgress.Failed(triggerId, request.failure.get(), request.written)
              : new SavepointProgress.InProgress(triggerId);
        });
  }

  @Override
  public CompletableFuture<Optional<SortedMap<String, Bounds>>> requirements(
      Address address, String jobId) {
    return read(
        "requirements",
        address,
        process -> {
          SimulatedJob job = known(process, jobId).orElseThrow(FlinkPort::unreachable);
          if (!job.adaptive || world.flink.refusesRequirements) {
            throw unreachable();
          }
          var bounds = new TreeMap<String, Bounds>();
          bounds.put(SOURCE, new Bounds(1, job.wanted));
          bounds.put(SINK, new Bounds(1, job.wanted));
          return Optional.of(bounds);
        });
  }

  @Override
  public CompletableFuture<Void> require(
      Address address, String jobId, SortedMap<String, Bounds> bounds) {
    return write(
        "require",
        address,
        jobId,
        bounds.toString(),
        "",
        () -> {
          if (world.flink.refusesRequirements) {
            throw unreachable();
          }
          boolean whole = bounds.size() == 2 && bounds.containsKey(SOURCE);
          if (!whole || bounds.get(SOURCE).upper() > KEY_GROUPS) {
            throw new RemoteFailure(RemoteFailure.Kind.REFUSED, "bad requirements " + bounds);
          }
          world.flink.require(job(process(address), jobId), bounds.get(SOURCE).upper());
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> checkpoint(Address address, String jobId, String triggerId) {
    return write(
        "checkpoint",
        address,
        jobId,
        triggerId,
        "",
        () -> {
          known(process(address), jobId)
              .filter(job -> job.running() && !job.stopping())
              .filter(job -> job.requests.put(triggerId, done(triggerId)) == null)
              .ifPresent(world.flink::checkpoint);
          return null;
        });
  }

  private static SimulatedJob.Request done(String trigger) {
    var request = new SimulatedJob.Request(trigger, false);
    request.location = Optional.of("checkpoint");
    return request;
  }

  @Override
  public CompletableFuture<String> disposeSavepoint(Address address, String path) {
    return write(
        "dispose", address, "", "", path, () -> world.flink.dispose(process(address), path));
  }

  @Override
  public CompletableFuture<DisposalProgress> disposalProgress(Address address, String requestId) {
    return read(
        "disposal",
        address,
        process -> {
          var end = process.disposals.get(requestId);
          if (end == null) {
            return new DisposalProgress(DisposalProgress.State.UNKNOWN, "");
          }
          return end.map(
                  failure ->
                      failure.isEmpty()
                          ? new DisposalProgress(DisposalProgress.State.GONE, "")
                          : new DisposalProgress(DisposalProgress.State.FAILED, failure))
              .orElse(new DisposalProgress(DisposalProgress.State.IN_PROGRESS, ""));
        });
  }

  @Override
  public CompletableFuture<Void> cancel(Address address, String jobId) {
    return write(
        "cancel",
        address,
        jobId,
        "",
        "",
        () -> {
          SimulatedJob job = job(process(address), jobId);
          if (job.ended() && !job.state.equals("CANCELED")) {
            throw new RemoteFailure(RemoteFailure.Kind.REFUSED, "already " + job.state);
          }
          world.flink.cancel(job);
          return null;
        });
  }
}
