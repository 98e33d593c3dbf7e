package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedApplication;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedScaling;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of one job of one JobManager. A part that could not be asked keeps its last value:
 * a failed call says nothing about the job. Guarded by the {@link PollState} that holds it.
 */
final class PolledJob {
  List<ObservedTaskManager> taskManagers = List.of();
  Optional<SavepointProgress> savepoint = Optional.empty();
  Optional<JobSummary> summary = Optional.empty();
  ObservedCheckpoints checkpoints = ObservedCheckpoints.NONE;
  long restarts;
  Optional<String> failure = Optional.empty();

  /** By vertex; empty where the scheduler is not asked or does not tell. */
  SortedMap<String, Bounds> requirements = new TreeMap<>();

  /** Restarts that {@link #failure} has taken into account. */
  long explainedRestarts;

  OptionalLong bufferTimeout = OptionalLong.empty();

  /** Whether output is flushed by time; empty: not known yet. */
  Optional<Boolean> flushed = Optional.empty();

  /** How often a TaskManager was asked for that. */
  int flushedAsked;

  /** When the parts that change slowly, or that Flink refreshes slowly, were asked for last. */
  Instant slowAt = Instant.EPOCH;

  /** By source vertex: names of its metrics that count waiting records. */
  Map<String, List<String>> lagMetrics = new HashMap<>();

  /** By source vertex: records waiting. */
  Map<String, Long> lags = new HashMap<>();

  /** By source vertex: records that it has read since its tasks were started. */
  Map<String, Long> reads = new HashMap<>();

  /** When these names were listed last. */
  Instant listedAt = Instant.EPOCH;

  final Partitions partitions = new Partitions();

  private final LoadHistory loads = new LoadHistory();

  private Optional<ObservedApplication> application = Optional.empty();

  /** The same, as it was known when the jobs were asked for last, and there was none. */
  private Optional<ObservedApplication> withoutJob = Optional.empty();

  private Optional<JobGraph> graph = Optional.empty();
  private Optional<JobGraph> loadSince = Optional.empty();
  private Optional<BackPressure> load = Optional.empty();
  private Optional<Instant> runningSince = Optional.empty();

  /** When the run that began so was last seen to run. */
  private Optional<Instant> lastRunSince = Optional.empty();

  private Optional<Instant> lastRanAt = Optional.empty();
  private Optional<Instant> ranUntil = Optional.empty();

  Optional<JobGraph> graph() {
    return graph;
  }

  void graph(JobGraph seen) {
    boolean same =
        graph.map(JobGraph::vertices).map(List::size).equals(Optional.of(seen.vertices().size()))
            && graph.orElseThrow().tasks() == seen.tasks();
    if (!same) {
      lagMetrics.clear();
      lags.clear();
      reads.clear();
      partitions.forget();
      load = Optional.empty();
      loadSince = Optional.empty();
    }
    var fresh = loadSince.flatMap(before -> BackPressure.between(before, seen));
    if (fresh.isPresent()) {
      load = fresh;
    }
    graph = Optional.of(seen);
    loadSince = Optional.of(seen);
  }

  /** Takes what was seen last as one more look at what the tasks do. */
  void followLoad(Instant at) {
    graph.ifPresent(seen -> loads.add(seen, lags, reads, partitions.confirmed(), restarts, at));
  }

  Optional<ObservedApplication> application() {
    return application;
  }

  void application(Optional<ObservedApplication> seen) {
    application = seen;
  }

  void threads(List<String> names) {
    flushedAsked++;
    flushed = graph.flatMap(known -> OutputFlusherCheck.of(known, names));
  }

  void summary(Optional<JobSummary> seen, Instant at) {
    summary = seen;
    // Not one that was told of only after the jobs: in between it may have submitted one.
    withoutJob = seen.isPresent() ? Optional.empty() : application.filter(a -> a.jobs() == 0);
    boolean all = seen.isPresent() && allRunning(seen.get());
    if (!all) {
      runningSince = Optional.empty();
    } else if (runningSince.isEmpty() || seen.get().tasksFinished() == 0) {
      // Without finished tasks the last change of any task was its change to RUNNING.
      runningSince = seen.get().changedAt();
    }
    if (runningSince.isPresent()) {
      if (lastRunSince.isPresent() && !lastRunSince.equals(runningSince)) {
        ranUntil = lastRanAt;
      }
      lastRunSince = runningSince;
      lastRanAt = Optional.of(at);
    }
  }

  static boolean allRunning(JobSummary job) {
    return job.state().equals("RUNNING")
        && job.tasksTotal() > 0
        && job.tasksRunning() + job.tasksFinished() == job.tasksTotal();
  }

  FlinkObservation observation(Target target, Instant at, List<JobSummary> jobs) {
    List<String> strange =
        target.jobId().isEmpty()
            ? List.of()
            : jobs.stream()
                .filter(job -> !job.ended() && !job.id().equals(target.jobId().get()))
                .map(JobSummary::id)
                .sorted()
                .toList();
    return new FlinkObservation(
        target.epoch(),
        at,
        true,
        "",
        summary.map(this::job),
        strange,
        taskManagers,
        savepoint,
        scaling(),
        withoutJob,
        target.loads() ? loads.samples() : List.of());
  }

  private ObservedScaling scaling() {
    var known = new HashMap<String, Integer>();
    graph
        .map(JobGraph::vertices)
        .orElse(List.of())
        .forEach(vertex -> known.put(vertex.id(), vertex.maxParallelism()));
    boolean whole = !requirements.isEmpty() && known.keySet().equals(requirements.keySet());
    List<ObservedScaling.Vertex> vertices =
        whole
            ? requirements.entrySet().stream()
                .map(
                    e ->
                        new ObservedScaling.Vertex(e.getKey(), e.getValue(), known.get(e.getKey())))
                .toList()
            : List.of();
    return new ObservedScaling(vertices, ranUntil);
  }

  /**
   * Flink's graph may be 3 s old. After a rescale the number of tasks, which is not, tells that the
   * requirements have been met before the graph does.
   */
  private int parallelism(JobSummary job) {
    int tasks = requirements.values().stream().mapToInt(Bounds::upper).sum();
    boolean met = tasks > 0 && tasks == job.tasksTotal();
    return met
        ? requirements.values().stream().mapToInt(Bounds::upper).max().orElse(0)
        : graph.map(JobGraph::parallelism).orElse(0);
  }

  private ObservedJob job(JobSummary job) {
    Optional<Long> lag =
        lags.isEmpty()
            ? Optional.empty()
            : Optional.of(lags.values().stream().mapToLong(Long::longValue).sum());
    return new ObservedJob(
        job.id(),
        job.state(),
        parallelism(job),
        graph.map(JobGraph::maxParallelism).orElse(0),
        job.startedAt(),
        job.endedAt(),
        restarts,
        job.tasksTotal(),
        job.tasksRunning() + job.tasksFinished(),
        runningSince,
        bufferTimeout.isPresent() ? Optional.of(bufferTimeout.getAsLong()) : Optional.empty(),
        flushed,
        checkpoints,
        load.map(BackPressure::ratio),
        load.map(BackPressure::vertex),
        lag,
        failure.or(() -> application.flatMap(ObservedApplication::failure)));
  }
}
