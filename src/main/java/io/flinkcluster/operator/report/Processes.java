package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.JobManagerStatus;
import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.TaskManagersStatus;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.Times;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The processes and the job as they were seen, in the words of the status.
 *
 * @param told the status as it was read, where its JobManager was not asked since
 */
record Processes(
    ClusterNames names,
    Optional<CheckedCluster> running,
    RecordedState recorded,
    Observation seen,
    Optional<FlinkClusterStatus> told) {
  private static final int SHOWN_MEMBERS = 100;

  private Optional<LaunchStatus> launch() {
    return recorded.launch().filter(l -> l.stoppedAt() == null);
  }

  private Optional<FlinkObservation> flink() {
    return launch().flatMap(l -> seen.flink().filter(f -> f.epoch() == l.epoch()));
  }

  Optional<JobStatus> job() {
    return told.isPresent()
        ? told.map(FlinkClusterStatus::job)
        : flink().flatMap(FlinkObservation::job).map(Processes::job);
  }

  private static JobStatus job(ObservedJob j) {
    ObservedCheckpoints c = j.checkpoints();
    var checkpoints =
        new JobStatus.Checkpoints(
            c.completed(),
            c.failed(),
            c.last().map(ObservedCheckpoints.Completed::path).orElse(null),
            c.last().map(l -> Times.text(l.triggeredAt())).orElse(null),
            c.last().map(l -> Times.text(l.duration())).orElse(null),
            c.last().map(ObservedCheckpoints.Completed::sizeBytes).orElse(null));
    return new JobStatus(
        j.id(),
        j.state(),
        j.parallelism() == 0 ? null : j.parallelism(),
        Times.text(j.startedAt()),
        j.restarts(),
        bufferTimeout(j),
        checkpoints,
        backPressure(j),
        j.sourceLag().orElse(null));
  }

  private static String bufferTimeout(ObservedJob job) {
    return job.ownBufferTimeout()
        ? "-1 or 0"
        : job.bufferTimeoutMillis().map(m -> m < 0 ? "-1" : m + "ms").orElse(null);
  }

  private static JobStatus.BackPressure backPressure(ObservedJob j) {
    return j.backPressure()
        .map(r -> String.format(Locale.ROOT, "%.2f", r))
        .map(r -> new JobStatus.BackPressure(r, j.backPressuredVertex().orElse(null)))
        .orElse(null);
  }

  Optional<JobManagerStatus> jobManager() {
    return launch()
        .filter(
            l -> l.finishedAt() == null || !seen.pods(Component.JOB_MANAGER, l.epoch()).isEmpty())
        .flatMap(
            l ->
                running.map(
                    spec ->
                        new JobManagerStatus(
                            names.jobManager(l.epoch())
                                + "."
                                + names.namespace()
                                + ":"
                                + spec.ports().jobManagerRpc(),
                            "http://"
                                + names.rest()
                                + "."
                                + names.namespace()
                                + ":"
                                + spec.ports().rest(),
                            seen.pods(Component.JOB_MANAGER, l.epoch()).stream()
                                .anyMatch(ObservedPod::ready))));
  }

  TaskManagersStatus taskManagers() {
    return told.map(FlinkClusterStatus::taskManagers).orElseGet(this::seenTaskManagers);
  }

  private TaskManagersStatus seenTaskManagers() {
    List<ObservedPod> pods =
        launch().map(l -> seen.pods(Component.TASK_MANAGER, l.epoch())).orElse(List.of()).stream()
            .filter(p -> !p.deleting() && !p.ended())
            .toList();
    Map<String, ObservedTaskManager> registered =
        flink().map(FlinkObservation::taskManagers).orElse(List.of()).stream()
            .collect(Collectors.toMap(ObservedTaskManager::id, Function.identity(), (a, b) -> a));
    List<TaskManagersStatus.Member> members =
        pods.stream()
            .limit(SHOWN_MEMBERS)
            .map(p -> member(p, Optional.ofNullable(registered.get(p.name()))))
            .toList();
    int ready = (int) pods.stream().filter(p -> registered.containsKey(p.name())).count();
    int slots =
        pods.stream()
            .map(p -> registered.get(p.name()))
            .filter(t -> t != null)
            .mapToInt(ObservedTaskManager::slots)
            .sum();
    int wanted = wanted(pods.size());
    return new TaskManagersStatus(
        pods.size(),
        wanted,
        ready,
        slots,
        launch()
            .map(l -> names.taskManagerSelector(l.epoch()))
            .orElseGet(names::taskManagerSelector),
        ready + "/" + wanted,
        members.isEmpty() ? null : members,
        recorded.unregistered().isEmpty() ? null : recorded.unregistered());
  }

  /** How many are meant to be there; of a job that has come to its end, none more than are. */
  private int wanted(int existing) {
    if (launch().isEmpty()) {
      return 0;
    }
    return recorded.finished().isPresent()
        ? existing
        : running.map(r -> r.spec().taskManager().replicas()).orElse(existing);
  }

  private static TaskManagersStatus.Member member(
      ObservedPod pod, Optional<ObservedTaskManager> tm) {
    return new TaskManagersStatus.Member(
        pod.name(),
        pod.podIP().orElse(null),
        pod.hostIP().orElse(null),
        pod.node().orElse(null),
        tm.map(ObservedTaskManager::slots).orElse(null),
        tm.map(ObservedTaskManager::freeSlots).orElse(null));
  }
}
