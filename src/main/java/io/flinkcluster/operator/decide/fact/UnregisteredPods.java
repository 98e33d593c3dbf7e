package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.UnregisteredPod;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * TaskManagers that hang: the pod is ready, since its port takes connections, and the JobManager
 * has dropped it, or has never known it. A healthy one that finds no JobManager ends by itself
 * after five minutes (Flink's taskmanager.registration.timeout), and registers within seconds
 * otherwise.
 */
public final class UnregisteredPods {

  /** From the start of a process, of either kind, until they know each other. */
  private static final Duration START = Duration.ofSeconds(30);

  /** Longer than a heartbeat's timeout and the longest pause between tries to register. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** An answer of the JobManager that is as old says nothing; it is asked every 15 s at least. */
  private static final Duration STALE = Duration.ofMinutes(1);

  private UnregisteredPods() {}

  /**
   * The recorded state in which they stand, each since when. While the JobManager does not answer
   * nothing is known, and time is counted anew.
   */
  public static RecordedState recorded(Situation s) {
    boolean stale =
        s.seen()
            .flink()
            .filter(f -> f.reachable() && !f.at().plus(STALE).isAfter(s.now()))
            .isPresent();
    if (stale) {
      return s.recorded();
    }
    List<UnregisteredPod> seen = seen(s);
    boolean replacing = seen.stream().anyMatch(p -> p.replacedAt() != null);
    Optional<UnregisteredPod> next =
        seen.stream()
            .filter(p -> !replacing && !s.wishes().deleting())
            .min(Comparator.comparing(UnregisteredPod::since))
            .filter(p -> !due(p).isAfter(s.now()));
    var pods = new ArrayList<>(seen);
    next.ifPresent(
        p ->
            pods.set(
                pods.indexOf(p), new UnregisteredPod(p.pod(), p.since(), Times.text(s.now()))));
    return s.recorded().withUnregistered(pods);
  }

  private static List<UnregisteredPod> seen(Situation s) {
    Optional<LaunchStatus> launch = s.recorded().launch().filter(l -> l.stoppedAt() == null);
    Optional<FlinkObservation> flink =
        launch
            .flatMap(l -> s.seen().flink().filter(f -> f.epoch() == l.epoch()))
            .filter(FlinkObservation::reachable);
    if (flink.isEmpty()) {
      return List.of();
    }
    Set<String> registered =
        flink.get().taskManagers().stream()
            .map(ObservedTaskManager::id)
            .collect(Collectors.toSet());
    Instant asked = flink.get().at();
    List<ObservedPod> jobManagers =
        s.seen().pods(Component.JOB_MANAGER, launch.get().epoch()).stream()
            .filter(ObservedPod::running)
            .toList();
    if (jobManagers.isEmpty() || !jobManagers.stream().allMatch(p -> startedBefore(p, asked))) {
      return List.of();
    }
    return s.seen().pods(Component.TASK_MANAGER, launch.get().epoch()).stream()
        .filter(p -> p.running() && p.ready() && !p.deleting() && !p.ended())
        .filter(p -> !registered.contains(p.name()))
        .filter(p -> startedBefore(p, asked))
        .map(p -> known(s, p).orElse(new UnregisteredPod(p.name(), Times.text(s.now()), null)))
        .toList();
  }

  private static boolean startedBefore(ObservedPod pod, Instant asked) {
    return pod.runningSince().filter(t -> !t.plus(START).isAfter(asked)).isPresent();
  }

  private static Optional<UnregisteredPod> known(Situation s, ObservedPod pod) {
    return s.recorded().unregistered().stream().filter(p -> p.pod().equals(pod.name())).findFirst();
  }

  private static Instant due(UnregisteredPod pod) {
    return Times.moment(pod.since()).orElse(Instant.MAX.minus(PATIENCE)).plus(PATIENCE);
  }

  /** When the next of them is due to be replaced; empty: none is waited for. */
  public static Optional<Duration> untilDue(Situation s) {
    return s.recorded().unregistered().stream()
        .filter(p -> p.replacedAt() == null)
        .map(p -> Duration.between(s.now(), due(p)))
        .map(d -> d.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : d)
        .min(Comparator.naturalOrder());
  }

  /** What is done to the one whose replacement is recorded: its Deployment makes another. */
  public static List<Action> actions(Situation s) {
    Set<String> replaced =
        s.recorded().unregistered().stream()
            .filter(p -> p.replacedAt() != null)
            .map(UnregisteredPod::pod)
            .collect(Collectors.toSet());
    return s.seen().pods(Component.TASK_MANAGER, s.launch().epoch()).stream()
        .filter(p -> replaced.contains(p.name()) && !p.deleting())
        .map(p -> (Action) new Action.ReplacePod(p.name(), p.uid()))
        .toList();
  }

  /** What a person should know while the cluster lacks them. */
  public static List<ConditionCause> causes(Situation s) {
    return s.recorded().unregistered().stream()
        .map(p -> ConditionCause.waiting(Reason.TaskManagerNotRegistered, text(p)))
        .toList();
  }

  private static String text(UnregisteredPod pod) {
    String head =
        "TaskManager pod " + pod.pod() + " is ready and not registered with the JobManager";
    return pod.replacedAt() == null
        ? head + " since " + pod.since() + "; it is replaced at " + Times.text(due(pod))
        : head + "; it is being replaced";
  }
}
