package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.InPlace;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.fact.RescaleProgress;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.state.Sizes;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.ObservedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rescale in place goes on, or ends: well, back in place, by savepoint instead, or as it was. */
public final class InPlaceEnds {
  /** How long one checkpoint is waited for before another is asked for. */
  public static final Duration CHECKPOINT = Duration.ofSeconds(60);

  private InPlaceEnds() {}

  /** How far the job is from the size of the operation. */
  public static RescaleProgress progress(Situation s) {
    return new RescaleProgress(s, s.launch(), s.operation().size());
  }

  /** When something else has become more urgent, then that goes first. */
  public static Optional<Decision> overtaken(Situation s) {
    if (s.running().isEmpty()) {
      return Optional.of(
          Continuation.abandon(
              s,
              OperationResult.Abandoned,
              Reason.OperationFailed,
              "the ConfigMap of the start was lost"));
    }
    return ended(s).or(() -> changed(s));
  }

  private static Optional<Decision> ended(Situation s) {
    Optional<ObservedJob> ended = LaunchFacts.endedJob(s, s.launch());
    if (ended.isEmpty()) {
      return Optional.empty();
    }
    boolean failed = !ended.get().state().equals("FINISHED");
    boolean rescale = s.operation().type() == OperationType.RescaleInPlace;
    return Optional.of(
        failed && rescale && s.operation().stage() == OperationStage.Resizing
            ? FailedStart.failed(s, Reason.JobFailed, LaunchFacts.text(ended.get()))
            : superseded(s, "the job is " + ended.get().state()));
  }

  private static Optional<Decision> changed(Situation s) {
    boolean same =
        s.wanted()
            .filter(w -> !w.spec().suspend())
            .filter(w -> w.fingerprint().equals(s.operation().fingerprint()))
            .isPresent();
    return same || s.operation().type() != OperationType.RescaleInPlace
        ? Optional.empty()
        : Optional.of(superseded(s, "the spec changed again"));
  }

  private static Decision superseded(Situation s, String why) {
    return Continuation.abandon(s, OperationResult.Superseded, null, why);
  }

  /** The tasks restart next: the size to go back to is written down with it. */
  public static Decision resizing(Situation s) {
    LaunchStatus launch = s.launch();
    CheckedCluster running = s.running().orElseThrow();
    List<String> fixed = RescaleProgress.fixed(s, launch.size(), running.parallelism());
    SizeStatus size = s.operation().size();
    OperationBuilder operation =
        Operations.current(s)
            .size(
                new SizeStatus(
                    size.parallelism(), size.taskManagers(), fixed.isEmpty() ? null : fixed))
            .stage(OperationStage.Resizing);
    RecordedState recorded =
        s.recorded().with(launch.withSize(Sizes.of(running, fixed))).with(operation.status());
    return Decision.of(Phase.Changing, recorded).soon();
  }

  /** The start has the new size. */
  public static Decision succeeded(Situation s) {
    OperationStatus o = s.operation();
    LaunchStatus launch = s.launch();
    boolean back = o.type() == OperationType.Rollback;
    Long generation = back ? launch.generation() : o.toGeneration();
    LaunchStatus now = launch.resized(generation, o.fingerprint(), o.size());
    Optional<Instant> up = LaunchFacts.job(s, launch).flatMap(ObservedJob::tasksRunningSince);
    Instant asked = s.now().minus(Timeouts.inStage(s));
    boolean restarted = up.filter(u -> u.isAfter(asked)).isPresent();
    OperationBuilder operation = Operations.current(s);
    if (restarted) {
      // An operator that has just taken over has not seen the run before: no longer than this.
      Optional<Instant> down = s.seen().flink().flatMap(f -> f.scaling().ranUntil());
      operation.stoppedAt(down.filter(d -> d.isAfter(asked)).orElse(asked));
    }
    Situation after = s.withRecorded(s.recorded().with(operation.status()));
    RecordedState ended = Operations.succeeded(after, restarted ? up : Optional.empty()).with(now);
    return Decision.of(Phase.Running, Operations.stable(ended, now))
        .keep(Launches.underWay(s))
        .soon();
  }

  /** It does not work in place: by savepoint, or back, or as it was. */
  public static Decision impossible(Situation s, Reason cause, String why) {
    OperationStatus operation = s.operation();
    if (operation.type() == OperationType.Rollback) {
      return Continuation.abandon(s, OperationResult.Failed, cause, why);
    }
    if (InPlace.mode(s) == RescaleMode.Auto) {
      return bySavepoint(s, why);
    }
    boolean resized = operation.stage() == OperationStage.Resizing;
    return resized && FailedStart.rollbackAllowed(s)
        ? back(s, cause, why)
        : Continuation.abandon(s, OperationResult.Abandoned, cause, why);
  }

  private static Decision back(Situation s, Reason cause, String why) {
    LaunchStatus launch = s.launch();
    Situation after = s.withRecorded(Operations.end(s, OperationResult.RolledBack, cause, why));
    OperationBuilder back =
        Operations.sameLaunch(
                after,
                OperationType.Rollback,
                Timeouts.of(s.running().orElseThrow()),
                TriggerKind.ChangeFailed,
                why)
            .generations(s.operation().toGeneration(), s.generation())
            .target(null, launch.fingerprint())
            .size(launch.size())
            .stage(OperationStage.Resizing)
            .message("back to generation " + launch.generation() + ", in place");
    return Decision.of(Phase.RollingBack, after.recorded().with(back.status()))
        .keep(Launches.underWay(s))
        .soon();
  }

  private static Decision bySavepoint(Situation s, String why) {
    Situation after =
        s.withRecorded(
            Operations.end(
                s, OperationResult.Superseded, null, why + "; it is done by savepoint instead"));
    String trigger = s.operation().trigger().replaceFirst(", in place$", "");
    OperationBuilder operation =
        Operations.newLaunch(
            after,
            OperationType.Rescale,
            s.wanted().orElseThrow(),
            TriggerKind.SpecChange,
            trigger);
    Operations.preparing(s, operation).message("not in place: " + why);
    return Decision.of(Phase.Changing, after.recorded().with(operation.status()))
        .keep(Launches.underWay(s))
        .soon();
  }

  /** What runs goes on with these actions, and with as many TaskManagers as are needed now. */
  public static Decision goingOn(Situation s, List<Action> actions) {
    LaunchStatus launch = s.launch();
    CheckedCluster running = s.running().orElseThrow();
    RescaleProgress progress = progress(s);
    boolean resizing = s.operation().stage() == OperationStage.Resizing;
    List<ConditionCause> problems = LaunchFacts.problems(s, launch.epoch());
    var causes = new ArrayList<ConditionCause>();
    progress
        .shortfall()
        .filter(text -> resizing || !problems.isEmpty())
        .ifPresent(text -> causes.add(ConditionCause.waiting(Reason.SlotsMissing, text)));
    causes.addAll(problems);
    var all = new ArrayList<>(Continuation.pods(s, launch));
    all.addAll(actions);
    int count =
        Math.max(progress.taskManagers(), resizing ? 0 : running.spec().taskManager().replicas());
    return Decision.of(OperationTypes.phase(s.operation()), s.recorded())
        .runs(Run.whole(running.withTaskManagers(count), Launches.of(launch)))
        .actions(all)
        .causes(causes)
        .soon();
  }

  /** Asks for a checkpoint; nothing where the JobManager cannot be asked. */
  public static List<Action> checkpoint(Situation s) {
    LaunchStatus launch = s.launch();
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    if (!LaunchFacts.reachable(s, launch) || job.isEmpty()) {
      return List.of();
    }
    // One at a time: the next when one has completed without effect, or did not come.
    int late = (int) Timeouts.inStage(s).dividedBy(CHECKPOINT);
    int attempt = 1 + late + (int) job.get().checkpoints().completed();
    String id = Ids.triggerId(s.uid(), s.operation().id(), attempt);
    return List.of(new Action.TakeCheckpoint(launch.jobId(), id));
  }
}
