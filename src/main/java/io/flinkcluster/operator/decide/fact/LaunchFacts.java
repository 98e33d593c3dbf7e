package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.StorageFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Questions about what was seen of one start. */
public final class LaunchFacts {

  /**
   * What passes by itself when room is made, or when the kubelet, which tries on, is less busy: its
   * own time-outs, a volume still attached elsewhere, a subnet out of addresses.
   */
  private static final Set<Reason> MAY_PASS =
      Set.of(Reason.Unschedulable, Reason.PodCreationFailed, Reason.PodNotSetUp);

  private LaunchFacts() {}

  /** The job of this start, by the id it was started with. */
  public static Optional<ObservedJob> job(Situation s, LaunchStatus launch) {
    return s.seen().job(launch.epoch()).filter(j -> j.id().equals(launch.jobId()));
  }

  /** The job of this start, where it has failed for good or was cancelled. */
  public static Optional<ObservedJob> failedJob(Situation s, LaunchStatus launch) {
    return job(s, launch).filter(j -> j.state().matches("FAILED|CANCELED"));
  }

  public static boolean reachable(Situation s, LaunchStatus launch) {
    return s.seen().flink().filter(f -> f.epoch() == launch.epoch() && f.reachable()).isPresent();
  }

  /**
   * Whether the JobManager runs and was not asked yet, as right after a start of the operator:
   * nothing of the job is known then, which says nothing against it.
   */
  public static boolean notPolledYet(Situation s, LaunchStatus launch) {
    return s.seen().flink().filter(f -> f.epoch() == launch.epoch()).isEmpty()
        && s.seen().runningJobManager(launch.epoch()).isPresent()
        && s.spec(launch.epoch(), launch.fingerprint()).isPresent();
  }

  /** Whether the JobManager that alone may run this start can run it no longer. */
  public static boolean jobManagerLost(Situation s, LaunchStatus launch) {
    return launch.stoppedAt() == null && JobManagerState.of(s, launch) == JobManagerState.Lost;
  }

  /** The job of this start where it has ended, well or badly. */
  public static Optional<ObservedJob> endedJob(Situation s, LaunchStatus launch) {
    return job(s, launch).filter(ObservedJob::ended);
  }

  /** Whether all tasks of the job of this start run. */
  public static boolean allTasksRun(Situation s, LaunchStatus launch) {
    return job(s, launch).filter(ObservedJob::allTasksRunning).isPresent();
  }

  /**
   * Whether the TaskManagers refuse the job for ever: a JobManager that lost its recovery data has
   * given the same job its jars a second time, under new names (seen with Flink 2.3).
   */
  public static boolean taskManagersRejectJob(Situation s, LaunchStatus launch) {
    return job(s, launch)
        .filter(j -> !j.allTasksRunning() && !j.ended())
        .flatMap(ObservedJob::failure)
        .filter(why -> why.contains("a different set of library BLOBs"))
        .isPresent();
  }

  /** A pod of this start that waits for its gate, or its release, and may be let through. */
  public static Optional<ObservedPod> waiting(Situation s, LaunchStatus launch) {
    return s.seen().pods(Component.JOB_MANAGER, launch.epoch()).stream()
        .filter(p -> launch.waitsForRelease() ? p.held() && !p.ended() : p.schedulingGated())
        .filter(p -> !p.deleting())
        .filter(p -> launch.jobManagerPod() == null || p.uid().equals(launch.jobManagerPod()))
        .findFirst();
  }

  /** Whether a session cluster is up: its REST API answers and all TaskManagers are registered. */
  public static boolean sessionUp(Situation s, LaunchStatus launch, CheckedCluster spec) {
    int registered =
        s.seen()
            .flink()
            .filter(f -> f.epoch() == launch.epoch())
            .map(FlinkObservation::taskManagers)
            .map(List::size)
            .orElse(0);
    return reachable(s, launch) && registered >= spec.spec().taskManager().replicas();
  }

  /** Whether all TaskManagers of this epoch run their process. */
  public static boolean taskManagersUp(Situation s, long epoch, int wanted) {
    return s.seen().pods(Component.TASK_MANAGER, epoch).stream()
            .filter(p -> p.running() && !p.deleting())
            .count()
        >= wanted;
  }

  /** What keeps pods of this epoch from coming up. */
  public static List<ConditionCause> problems(Situation s, long epoch) {
    return causes(s.seen().problems(epoch));
  }

  /**
   * The same, and while not all tasks run, or a session cluster lacks TaskManagers, which of them
   * are not registered, and why others have ended.
   */
  public static List<ConditionCause> problems(Situation s, LaunchStatus launch) {
    var causes = new ArrayList<>(problems(s, launch.epoch()));
    boolean lacking =
        launch.jobId() == null
            ? s.running().filter(spec -> !sessionUp(s, launch, spec)).isPresent()
            : !allTasksRun(s, launch);
    if (lacking) {
      causes.addAll(UnregisteredPods.causes(s));
      causes.addAll(causes(s.seen().ended(launch.epoch())));
    }
    return causes;
  }

  private static List<ConditionCause> causes(List<ObservedPod.PodProblem> problems) {
    return problems.stream().map(p -> ConditionCause.waiting(p.reason(), p.message())).toList();
  }

  /** What the wanted spec refers to and is not there: nothing is started that would wait for it. */
  public static Optional<ConditionCause> absent(Situation s) {
    return s.seen().absent().map(what -> ConditionCause.waiting(Reason.ReferenceNotFound, what));
  }

  /** Trouble of this epoch that time alone does not heal. */
  public static Optional<ObservedPod.PodProblem> brokenPod(Situation s, long epoch) {
    return Stream.concat(
            s.seen().problems(epoch).stream(),
            s.seen().ended(epoch).stream().filter(p -> p.reason() != Reason.PodDisrupted))
        .filter(t -> !MAY_PASS.contains(t.reason()))
        .findFirst();
  }

  /**
   * What keeps the JobManager of this epoch from starting, and time alone does not heal: an init
   * container that fails, an image that cannot be pulled, a Secret that is missing. A kubelet that
   * was not done in time tries again.
   */
  public static Optional<ObservedPod.PodProblem> brokenJobManager(Situation s, long epoch) {
    return s.seen().pods(Component.JOB_MANAGER, epoch).stream()
        .filter(p -> !p.ended() && !p.deleting() && !p.running())
        .flatMap(p -> p.problem().stream())
        .filter(t -> t.reason() != Reason.Unschedulable && !t.timedOut())
        .findFirst();
  }

  /**
   * That what a start needs cannot be fetched, or that Flink cannot work in its directories. What
   * may pass was tried again before this is said.
   */
  public static Optional<ObservedPod.PodProblem> unfetched(Situation s, long epoch) {
    return s.seen().problems(epoch).stream()
        .filter(t -> t.reason() == Reason.FetchFailed || StorageFinding.is(t.reason()))
        .findFirst();
  }

  /** Whether pods of this epoch find no room. */
  public static boolean noRoom(Situation s, long epoch) {
    return s.seen().problems(epoch).stream()
        .anyMatch(
            t -> t.reason() == Reason.Unschedulable || t.reason() == Reason.PodCreationFailed);
  }

  /** The problem as the end of a sentence; no words where there is none. */
  public static String text(Optional<ObservedPod.PodProblem> problem) {
    return problem.map(p -> ": " + p.message()).orElse("");
  }

  /** How the job ended, as a sentence. */
  public static String text(ObservedJob job) {
    return "the job is " + job.state() + job.failure().map(f -> ": " + f).orElse("");
  }
}
