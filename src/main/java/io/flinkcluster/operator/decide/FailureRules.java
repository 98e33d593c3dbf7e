package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LastStable;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The old job has stopped and the new one does not come: undo, try again, or stop and say why. */
final class FailureRules {
  /** A start that is lost, or whose job fails, is tried this often; a fault may pass. */
  private static final int TRIES = 3;

  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration LONG_PAUSE = Duration.ofSeconds(60);

  /** How long the cause of a failure is waited for; by the clocks of Flink and of the operator. */
  private static final Duration CAUSE = Duration.ofSeconds(10);

  private FailureRules() {}

  /** Why this start cannot succeed any more; empty while it may. */
  static Optional<Decision> startFailed(
      Situation s, OperationStatus operation, LaunchStatus launch, Optional<ObservedJob> job) {
    boolean ran = job.filter(ObservedJob::allTasksRunning).isPresent();
    if (!ran && changedAgain(s, operation)) {
      return Optional.of(superseded(s, operation));
    }
    if (!ran && toBeSuspended(s, operation)) {
      return Optional.of(suspended(s, operation));
    }
    if (LaunchFacts.jobManagerLost(s, launch)) {
      String why =
          "the JobManager ended" + StartRules.words(LaunchFacts.brokenPod(s, launch.epoch()));
      return Optional.of(failed(s, operation, Reason.JobManagerLost, why));
    }
    Optional<ObservedJob> ended = job.filter(j -> j.state().matches("FAILED|CANCELED"));
    if (ended.filter(j -> causeMayCome(s, j)).isPresent()) {
      return Optional.empty();
    }
    if (ended.isPresent()) {
      String why =
          "the job is " + ended.get().state() + ended.get().failure().map(f -> ": " + f).orElse("");
      return Optional.of(failed(s, operation, Reason.JobFailed, why));
    }
    Optional<ObservedPod.PodProblem> unfetched = LaunchFacts.unfetched(s, launch.epoch());
    if (unfetched.isPresent() && StartRules.canBeUndone(operation.type())) {
      return Optional.of(failed(s, operation, Reason.FetchFailed, unfetched.get().message()));
    }
    if (!s.refusals().isEmpty() && StartRules.canBeUndone(operation.type())) {
      String why = ChangeRules.refused(s);
      return Optional.of(failed(s, operation, Reason.ChildRefused, why));
    }
    if (Operations.overdue(s, operation) && StartRules.canBeUndone(operation.type())) {
      String why =
          "the job does not run after changeTimeout"
              + s.seen().problems(launch.epoch()).stream()
                  .findFirst()
                  .map(t -> ": " + t.message())
                  .orElse("");
      return Optional.of(failed(s, operation, Reason.DeadlineExceeded, why));
    }
    return Optional.empty();
  }

  /** Flink tells the cause from a cache of 3 s, and is asked for it again every few seconds. */
  private static boolean causeMayCome(Situation s, ObservedJob job) {
    return job.state().equals("FAILED")
        && job.failure().isEmpty()
        && job.endedAt()
            .filter(end -> Duration.between(end, s.seen().at()).abs().compareTo(CAUSE) < 0)
            .isPresent();
  }

  /**
   * Whether the user changed the spec since this operation was begun. A job whose tasks run may
   * have completed a checkpoint and with it committed what it wrote: it is not thrown away.
   */
  private static boolean changedAgain(Situation s, OperationStatus operation) {
    return s.generation() != operation.toGeneration()
        && s.wanted()
            .filter(w -> !w.spec().suspend())
            .filter(w -> !w.fingerprint().equals(operation.fingerprint()))
            .isPresent();
  }

  /** The new spec is started instead, from the same point: nothing has run since. */
  private static Decision superseded(Situation s, OperationStatus operation) {
    RecordedState recorded =
        Operations.end(
            s,
            s.recorded(),
            operation,
            OperationResult.Superseded,
            "the spec changed again",
            Optional.empty());
    CheckedCluster wanted = s.wanted().orElseThrow();
    OperationType type =
        s.recorded().lastStable().isEmpty() ? OperationType.Start : OperationType.Upgrade;
    OperationBuilder draft =
        Operations.newLaunch(s.withRecorded(recorded), type, wanted, "the spec changed again")
            .inherit(operation)
            .stage(OperationStage.Stopping);
    return Decision.of(SavepointRules.phase(draft.status()), recorded.with(draft.status())).soon();
  }

  /**
   * Whether the user wants it suspended meanwhile. A start that is to look for a savepoint that
   * nobody told of comes first: until it has, nobody knows the newest point.
   */
  static boolean toBeSuspended(Situation s, OperationStatus operation) {
    return s.wanted().filter(w -> w.spec().suspend()).isPresent()
        && SnapshotSearch.unconfirmed(operation).isEmpty();
  }

  /** Nothing is started at all: the job has not run, and what it was to begin from is kept. */
  static Decision suspended(Situation s, OperationStatus operation) {
    RecordedState recorded =
        Operations.end(
            s,
            s.recorded(),
            operation,
            OperationResult.Superseded,
            "suspended meanwhile",
            Optional.empty());
    CheckedCluster wanted = s.wanted().orElseThrow();
    OperationBuilder draft =
        Operations.sameLaunch(s, OperationType.Suspend, wanted, "suspend: true")
            .stage(OperationStage.Stopping);
    return Decision.of(Phase.Suspending, recorded.with(draft.status())).soon();
  }

  /** Undo where there is something to go back to, else try again, else stop and say why. */
  static Decision failed(Situation s, OperationStatus operation, Reason reason, String why) {
    Optional<CheckedCluster> stable =
        s.recorded().lastStable().flatMap(l -> s.spec(l.epoch(), l.fingerprint()));
    boolean undo = stable.isPresent() && StartRules.canBeUndone(operation.type()) && allowed(s);
    if (undo) {
      return undone(s, operation, stable.get(), why);
    }
    RecordedState recorded =
        Operations.end(
            s,
            s.recorded(),
            operation,
            OperationResult.Failed,
            reason + ": " + why,
            Optional.empty());
    Situation after = s.withRecorded(recorded);
    Optional<CheckedCluster> same =
        operation.epoch() == null
            ? Optional.empty()
            : s.spec(operation.epoch(), operation.fingerprint());
    if (same.isPresent()
        && mayPass(s, operation, reason)
        && Operations.failuresInARow(after, operation) < TRIES) {
      return again(after, operation, same.get(), why);
    }
    return Decision.of(Phase.Failed, stopped(after))
        .findings(List.of(RestingRules.wayOut(recorded.operations().get(0))))
        .soon();
  }

  /**
   * Whether the same start may do better. A job that is brought back ran from the same state
   * before, so that its failure tells of its surroundings, of the storage above all. What it may
   * have committed since is not undone: a rollback begins from the point before the change again.
   */
  private static boolean mayPass(Situation s, OperationStatus operation, Reason reason) {
    if (reason != Reason.JobFailed) {
      return reason == Reason.JobManagerLost;
    }
    Optional<ObservedJob> job = s.recorded().launch().flatMap(l -> LaunchFacts.job(s, l));
    boolean failed = job.filter(j -> j.state().equals("FAILED")).isPresent();
    boolean committed = job.flatMap(j -> j.checkpoints().last()).isPresent();
    return switch (operation.type()) {
      case Recovery, Resume -> failed;
      case Rollback -> failed && !committed;
      default -> false;
    };
  }

  /** Whether the next try of a start whose job failed is held back: a fault needs time to pass. */
  static boolean pausing(Situation s, OperationStatus operation) {
    Optional<OperationRecord> last =
        s.recorded().operations().stream()
            .findFirst()
            .filter(o -> o.result() == OperationResult.Failed)
            .filter(o -> o.message() != null && o.message().startsWith(Reason.JobFailed.name()));
    long tries = last.isPresent() ? Operations.failuresInARow(s, operation) : 0;
    return tries > 0
        && Operations.inStage(s, operation).compareTo(tries == 1 ? PAUSE : LONG_PAUSE) < 0;
  }

  private static boolean allowed(Situation s) {
    return s.wanted().map(w -> w.spec().rollback()).orElse(true);
  }

  private static Decision undone(
      Situation s, OperationStatus operation, CheckedCluster stable, String why) {
    RecordedState recorded =
        Operations.end(
            s, s.recorded(), operation, OperationResult.RolledBack, why, Optional.empty());
    LastStable target = s.recorded().lastStable().orElseThrow();
    OperationBuilder draft =
        Operations.newLaunch(s.withRecorded(recorded), OperationType.Rollback, stable, why)
            .inherit(operation)
            .stage(OperationStage.Stopping);
    draft.generations(operation.toGeneration(), s.generation());
    draft.message("back to generation " + target.generation());
    return Decision.of(Phase.RollingBack, recorded.with(draft.status())).soon();
  }

  private static Decision again(
      Situation s, OperationStatus operation, CheckedCluster spec, String why) {
    OperationBuilder draft =
        Operations.newLaunch(s, operation.type(), spec, operation.trigger())
            .inherit(operation)
            .generations(operation.fromGeneration(), operation.toGeneration())
            .stage(OperationStage.Stopping)
            .message("tried again: " + why);
    return Decision.of(SavepointRules.phase(draft.status()), s.recorded().with(draft.status()))
        .soon();
  }

  /** Nothing of the failed start may go on running: its state is not the one that was meant. */
  private static RecordedState stopped(Situation s) {
    String now = Times.text(s.seen().at());
    return s.recorded()
        .launch()
        .map(l -> s.recorded().with(l.withStoppedAt(now)))
        .orElse(s.recorded());
  }
}
