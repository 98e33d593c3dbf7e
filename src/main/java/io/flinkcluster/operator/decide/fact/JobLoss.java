package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.Times;
import java.util.List;
import java.util.Optional;

/** Whether the job of the current start was lost so that it does not come back by itself. */
public final class JobLoss {

  private JobLoss() {}

  /** Why it is lost; empty: it is not, or it had come to its own end. */
  public static Optional<TriggerKind> of(Situation s) {
    Optional<LaunchStatus> launch =
        s.recorded().launch().filter(l -> l.stoppedAt() == null && !JobCompletion.is(l));
    if (launch.isEmpty()) {
      return Optional.empty();
    }
    if (RestorePoints.restoredOlderCheckpoint(s, launch.get())) {
      return Optional.of(TriggerKind.RestoredOlderCheckpoint);
    }
    if (LaunchFacts.taskManagersRejectJob(s, launch.get())) {
      return Optional.of(TriggerKind.TaskManagersRejectJob);
    }
    if (failedBeforeRestore(s, launch.get())) {
      return Optional.of(TriggerKind.FailedBeforeRestore);
    }
    return LaunchFacts.jobManagerLost(s, launch.get())
        ? Optional.of(TriggerKind.JobManagerLost)
        : Optional.empty();
  }

  /** The same in words. */
  public static String text(TriggerKind why) {
    return switch (why) {
      case RestoredOlderCheckpoint ->
          "the job was started again from before its newest checkpoint: its high availability data"
              + " was lost";
      case TaskManagersRejectJob ->
          "the JobManager began anew, its high availability data was lost, and the TaskManagers"
              + " still hold what it gave them before";
      case FailedBeforeRestore ->
          "a JobManager took over, and the job failed in it before it had restored its newest"
              + " checkpoint";
      default -> "the JobManager was lost";
    };
  }

  /**
   * With high availability a JobManager chooses what to begin from when its process starts, and
   * needs it only where the recovery data is lost when it comes to lead: the leader before may have
   * deleted that checkpoint for a later one. The job ran from the same state before, so that its
   * failure tells of its surroundings, and not of the job. Of a job that has no tasks yet Flink
   * says it by this exception (1.20 to 2.3, DefaultJobMasterServiceProcess).
   */
  private static boolean failedBeforeRestore(Situation s, LaunchStatus launch) {
    return LaunchFacts.failedJob(s, launch)
            .flatMap(ObservedJob::failure)
            .filter(why -> why.contains("JobInitializationException"))
            .isPresent()
        && RestorePoints.doubtful(s, launch);
  }

  /**
   * The current start, whose JobManager is removed from now on. Where its job was not seen to end,
   * and may have run, it may have completed a snapshot after the last look at it, and committed
   * output with it: that is written down, so that the next start looks.
   */
  public static LaunchStatus removed(Situation s, LaunchStatus launch) {
    return launch.jobId() == null || endIsKnown(s, launch)
        ? launch
        : launch.withLostAt(Times.text(s.now()));
  }

  private static boolean endIsKnown(Situation s, LaunchStatus launch) {
    return launch.finishedAt() != null
        || endIsTold(s, launch)
        || (JobEnd.application(s, launch).isPresent() && fenced(s, launch))
        || neverRan(s, launch);
  }

  /**
   * A JobManager that took over from another tells nothing of what that one completed before it has
   * restored it. A job that is cancelled before leaves it unseen; one that finished had restored
   * it.
   */
  private static boolean endIsTold(Situation s, LaunchStatus launch) {
    return LaunchFacts.endedJob(s, launch)
        .filter(job -> job.state().equals("FINISHED") || !RestorePoints.doubtful(s, launch))
        .isPresent();
  }

  /**
   * A pod that cannot start by now, for want of a node or of an image, is deleted long before a job
   * in it could complete anything. Of one that may run only a live read tells that: a cache may be
   * seconds behind.
   */
  private static boolean neverRan(Situation s, LaunchStatus launch) {
    List<ObservedPod> pods = s.seen().pods(Component.JOB_MANAGER, launch.epoch());
    boolean started = pods.stream().anyMatch(ObservedPod::started);
    boolean admittedWaits =
        pods.stream()
            .filter(p -> p.uid().equals(launch.jobManagerPod()) && !p.deleting())
            .anyMatch(p -> !mayHaveStarted(s, launch, p));
    // A release may be on its way that the cache does not show yet, and what is prepared is fast.
    boolean released = launch.waitsForRelease() && launch.jobManagerPod() != null;
    return !started
        && !released
        && (launch.jobManagerPod() == null
            ? fenced(s, launch)
            : admittedWaits && s.seen().podsConfirmed());
  }

  /**
   * A pod that has just been admitted gets its node within milliseconds, and a controller manager
   * that is busy removes it late. A kubelet that is busy tells late that a container runs, and one
   * that is cut off from the API server never does. Where that cannot be looked for in storage,
   * each such start would wait for a person: there it is taken at its word.
   */
  private static boolean mayHaveStarted(Situation s, LaunchStatus launch, ObservedPod pod) {
    return pod.problem().isEmpty()
        && SnapshotSearch.checkpoints(s, launch).filter(Schemes::searchable).isPresent();
  }

  private static boolean fenced(Situation s, LaunchStatus launch) {
    return s.spec(launch.epoch(), launch.fingerprint()).filter(x -> x.startsOnce()).isPresent();
  }
}
