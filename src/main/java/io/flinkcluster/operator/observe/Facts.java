package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.model.CheckpointsSeen;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.JobSeen;
import io.flinkcluster.operator.model.SavepointProgress;
import io.flinkcluster.operator.model.TaskManagerSeen;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of one job of one JobManager. A part that could not be asked keeps its last value:
 * a failed call says nothing about the job. Guarded by the {@link Watch} that holds it.
 */
final class Facts {
  List<TaskManagerSeen> taskManagers = List.of();
  Optional<SavepointProgress> savepoint = Optional.empty();
  Optional<JobSummary> summary = Optional.empty();
  CheckpointsSeen checkpoints = CheckpointsSeen.NONE;
  long restarts;
  Optional<String> failure = Optional.empty();

  /** Restarts that {@link #failure} has taken into account. */
  long explainedRestarts;

  OptionalLong bufferTimeout = OptionalLong.empty();

  /** When the parts that change slowly, or that Flink refreshes slowly, were asked for last. */
  Instant slowAt = Instant.EPOCH;

  /** By source vertex: names of its metrics that count waiting records. */
  Map<String, List<String>> lagMetrics = new HashMap<>();

  /** By source vertex: records waiting. */
  Map<String, Long> lags = new HashMap<>();

  private Optional<JobGraph> graph = Optional.empty();
  private Optional<JobGraph> loadSince = Optional.empty();
  private Optional<Load> load = Optional.empty();
  private Optional<Instant> runningSince = Optional.empty();

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
      load = Optional.empty();
      loadSince = Optional.empty();
    }
    var fresh = loadSince.flatMap(before -> Load.between(before, seen));
    if (fresh.isPresent()) {
      load = fresh;
    }
    graph = Optional.of(seen);
    loadSince = Optional.of(seen);
  }

  void summary(Optional<JobSummary> seen) {
    summary = seen;
    boolean all = seen.isPresent() && allRunning(seen.get());
    if (!all) {
      runningSince = Optional.empty();
    } else if (runningSince.isEmpty() || seen.get().tasksFinished() == 0) {
      // Without finished tasks the last change of any task was its change to RUNNING.
      runningSince = seen.get().changedAt();
    }
  }

  private static boolean allRunning(JobSummary job) {
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
        target.epoch(), at, true, "", summary.map(this::job), strange, taskManagers, savepoint);
  }

  private JobSeen job(JobSummary job) {
    Optional<Long> lag =
        lags.isEmpty()
            ? Optional.empty()
            : Optional.of(lags.values().stream().mapToLong(Long::longValue).sum());
    return new JobSeen(
        job.id(),
        job.state(),
        graph.map(JobGraph::parallelism).orElse(0),
        graph.map(JobGraph::maxParallelism).orElse(0),
        job.startedAt(),
        job.endedAt(),
        restarts,
        job.tasksTotal(),
        job.tasksRunning() + job.tasksFinished(),
        runningSince,
        bufferTimeout.isPresent() ? Optional.of(bufferTimeout.getAsLong()) : Optional.empty(),
        checkpoints,
        load.map(Load::ratio),
        load.map(Load::vertex),
        lag,
        failure);
  }
}
