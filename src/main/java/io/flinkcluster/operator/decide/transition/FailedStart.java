package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.LastStable;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.JobEnd;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.fact.SnapshotSearch;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Times;
import java.util.List;
import java.util.Optional;

/**
 * The old job has stopped and the new one does not come: back to the last spec that ran, or the
 * same start again, for ever with a capped back-off, or stop and say why.
 */
public final class FailedStart {

  /** Failures in a row of the same start that a person is told of as stalled. */
  private static final int STALLED = 3;

  private FailedStart() {}

  /** Undoes where there is something to go back to, else tries again, else stops and says why. */
  public static Decision failed(Situation s, Reason reason, String why) {
    OperationStatus operation = s.operation();
    Optional<CheckedCluster> stable =
        s.recorded().lastStable().flatMap(l -> s.spec(l.epoch(), l.fingerprint()));
    boolean reversible = OperationTypes.of(operation.type()).reversible();
    if (stable.isPresent() && reversible && rollbackAllowed(s)) {
      return undone(s, stable.get(), reason, why);
    }
    Optional<CheckedCluster> same = s.next();
    if (same.isPresent() && mayPass(s, reason)) {
      return again(s, reason, why);
    }
    RecordedState ended = ended(s, OperationResult.Failed, reason, reason + ": " + why);
    return Decision.of(Phase.Failed, stopped(s, ended))
        .causes(List.of(wayOut(Operations.last(ended))))
        .soon();
  }

  /**
   * The JobManager was taken away from outside, which says nothing of the spec: the same start
   * again, for a change until its deadline. What the lost one may have completed is looked for;
   * where nobody can look, a change is undone, which goes back to the point from before it.
   */
  public static Decision disrupted(Situation s, String why) {
    boolean reversible = OperationTypes.of(s.operation().type()).reversible();
    boolean again =
        s.next().isPresent() && (!reversible || (!Timeouts.overdue(s) && searchable(s)));
    return again ? again(s, Reason.PodDisrupted, why) : failed(s, Reason.PodDisrupted, why);
  }

  private static boolean searchable(Situation s) {
    Situation after = s.withRecorded(Operations.leaving(s));
    return SnapshotSearch.notSearchable(after, s.operation(), s.next().orElseThrow()).isEmpty();
  }

  /** Whether the wanted spec lets a change that failed be undone. */
  public static boolean rollbackAllowed(Situation s) {
    return s.wanted().map(w -> w.spec().rollback()).orElse(true);
  }

  /**
   * Whether the same start may do better. A job that is brought back ran from the same state
   * before, so that its failure tells of its surroundings, of the storage above all. What it may
   * have committed since is not undone: a rollback begins from the point before the change again.
   */
  private static boolean mayPass(Situation s, Reason reason) {
    if (reason != Reason.JobFailed) {
      return reason == Reason.JobManagerLost || reason == Reason.PodDisrupted;
    }
    OperationType type = s.operation().type();
    Optional<ObservedJob> job = s.recorded().launch().flatMap(l -> LaunchFacts.job(s, l));
    boolean failed = s.recorded().launch().filter(l -> JobEnd.mayPass(s, l)).isPresent();
    boolean committed = job.flatMap(j -> j.checkpoints().last()).isPresent();
    return failed
        && OperationTypes.of(type).retriesFailedJob()
        && !(type == OperationType.Rollback && committed);
  }

  private static Decision undone(Situation s, CheckedCluster stable, Reason reason, String why) {
    OperationStatus operation = s.operation();
    Situation after = s.withRecorded(ended(s, OperationResult.RolledBack, reason, why));
    LastStable target = s.recorded().lastStable().orElseThrow();
    OperationBuilder back =
        Operations.newLaunch(after, OperationType.Rollback, stable, TriggerKind.ChangeFailed, why)
            .inherit(operation)
            .generations(operation.toGeneration(), s.generation());
    String message = "back to generation " + target.generation();
    return Decision.of(
            Phase.RollingBack,
            after.recorded().with(back.stage(OperationStage.Stopping).message(message).status()))
        .soon();
  }

  /** The operation has ended, and the start that it led to, or was to lead to, is left. */
  private static RecordedState ended(
      Situation s, OperationResult result, Reason cause, String why) {
    return Operations.end(s.withRecorded(Operations.leaving(s)), result, cause, why);
  }

  private static Decision again(Situation s, Reason reason, String why) {
    OperationStatus operation = s.operation();
    OperationBuilder again =
        Operations.current(s)
            .heldUp(why)
            .withoutPreparedJobManager()
            .target(Launches.nextEpoch(s), operation.fingerprint())
            .retry(reason);
    return Continuation.stopping(Operations.stopping(s, again, "tried again: " + why));
  }

  /** Nothing of the failed start may go on running: its state is not the one that was meant. */
  private static RecordedState stopped(Situation s, RecordedState ended) {
    String now = Times.text(s.now());
    return ended.launch().map(l -> ended.with(l.withStoppedAt(now))).orElse(ended);
  }

  /** Why the start under way is tried again; from the third failure on a person may have to act. */
  public static Optional<ConditionCause> cause(Situation s) {
    OperationStatus o = s.operation();
    if (o.retries() == null || o.reason() == null || o.retries() == 0) {
      return Optional.empty();
    }
    String text =
        lastFailure(o)
                .map(why -> "tried again: " + why)
                .or(() -> Optional.ofNullable(o.message()))
                .orElse("the start has failed")
            + " (failed "
            + o.retries()
            + (o.retries() == 1 ? " time" : " times")
            + "; it is tried again by itself, at least every five minutes)";
    return Optional.of(new ConditionCause(o.reason(), text, o.retries() >= STALLED));
  }

  /** What ended the last try: it is said of the step that it ended, also while the next begins. */
  private static Optional<String> lastFailure(OperationStatus o) {
    return o.steps().stream()
        .filter(
            step ->
                step.name() == OperationStage.Starting || step.name() == OperationStage.Verifying)
        .map(StepStatus::message)
        .filter(message -> message != null)
        .reduce((a, b) -> b);
  }

  /** Why a start failed for good, and what a person may do. */
  public static ConditionCause wayOut(OperationRecord failed) {
    return ConditionCause.stalled(
        Reason.OperationFailed,
        failed.message()
            + "; it is tried again when the spec changes, or the annotation"
            + " flinkcluster.io/restart has a new value");
  }

  /** The spec changed: the new one is started instead, from the same point. */
  public static Decision superseded(Situation s) {
    OperationStatus operation = s.operation();
    String why = "the spec changed again";
    Situation after = s.withRecorded(ended(s, OperationResult.Superseded, null, why));
    OperationType type =
        operation.type() == OperationType.Rerun
            ? OperationType.Rerun
            : s.recorded().lastStable().isEmpty() ? OperationType.Start : OperationType.Upgrade;
    OperationBuilder next =
        Operations.newLaunch(after, type, s.wanted().orElseThrow(), TriggerKind.SpecChange, why)
            .inherit(operation)
            .stage(OperationStage.Stopping);
    return Continuation.stopping(after.recorded().with(next.status()));
  }

  /** Nothing is started at all, and what was to be begun from is kept. */
  public static Decision suspended(Situation s) {
    Situation after =
        s.withRecorded(ended(s, OperationResult.Superseded, null, "suspended meanwhile"));
    CheckedCluster wanted = s.wanted().orElseThrow();
    OperationBuilder suspend =
        Operations.sameLaunch(
                after,
                OperationType.Suspend,
                Timeouts.of(wanted),
                TriggerKind.Suspended,
                "suspend: true")
            .stage(OperationStage.Stopping);
    return Decision.of(Phase.Suspending, after.recorded().with(suspend.status())).soon();
  }
}
