package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.UpgradeMode;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An operation is under way and the old job still runs: {@code Planned}, {@code Preparing}, {@code
 * Savepointing}. Until the savepoint is asked for, the operation may be given up without a trace.
 */
final class ChangeRules {
  /** How a change that was given up for the API server's sake says so. */
  static final String REFUSED = "the API server refuses ";

  /** How long a pod may show a fault before the change is given up; pulls are retried meanwhile. */
  private static final Duration FAULT_PATIENCE = Duration.ofSeconds(20);

  /** How long a job that is not running is waited for before the change goes on without it. */
  private static final Duration JOB_PATIENCE = Duration.ofSeconds(30);

  /** How long the job may take to end after its savepoint is complete. */
  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

  /** How long a JobManager may be silent before a stop goes on without it. */
  private static final Duration SILENCE_PATIENCE = Duration.ofSeconds(60);

  private ChangeRules() {}

  static Decision decide(Situation s, OperationStatus operation) {
    if (operation.size() != null) {
      return InPlaceRules.decide(s, operation);
    }
    return switch (operation.stage()) {
      case Planned -> planned(s, operation);
      case Preparing, Checkpointing -> preparing(s, operation);
      case Savepointing -> SavepointRules.decide(s, operation);
      case Stopping -> StartRules.stopping(s, operation);
      case Starting -> StartRules.starting(s, operation);
      case Verifying -> StartRules.verifying(s, operation);
      case CleaningUp, Removing ->
          throw new IllegalStateException("only a deletion comes here, and has its own rules");
    };
  }

  /** When the plan annotation is gone, then prepare; until then only say what would be done. */
  private static Decision planned(Situation s, OperationStatus operation) {
    Optional<Decision> given = givenUp(s, operation);
    if (given.isPresent()) {
      return given.get();
    }
    if (s.wishes().planOnly()) {
      String plan =
          operation.type()
              + " because of "
              + operation.trigger()
              + ": prepare TaskManagers, "
              + way(s);
      return asBefore(s, Phase.Running).findings(List.of(ConditionCause.planned(plan)));
    }
    Optional<ConditionCause> absent = LaunchFacts.absent(s);
    if (absent.isPresent()) {
      return asBefore(s, Phase.Running).findings(List.of(absent.get())).soon();
    }
    CheckedCluster wanted = s.wanted().orElseThrow();
    var begun = Operations.newLaunch(s, operation.type(), wanted, operation.trigger());
    begun
        .id(operation.id())
        .target(operation.epoch(), operation.fingerprint())
        .stage(OperationStage.Preparing);
    return Decision.of(Phase.Changing, s.recorded().with(begun.status())).soon();
  }

  private static String way(Situation s) {
    CheckedCluster wanted = s.wanted().orElseThrow();
    if (!wanted.stateful()) {
      return "stop, start with empty state";
    }
    return needsSavepoint(s, wanted)
        ? "stop with a savepoint, start from it"
        : "cancel, start from the newest checkpoint";
  }

  /** When the TaskManagers of the new start wait for it, or find no room, then stop the old job. */
  private static Decision preparing(Situation s, OperationStatus operation) {
    Optional<Decision> given = givenUp(s, operation);
    if (given.isPresent()) {
      return given.get();
    }
    CheckedCluster wanted = s.wanted().orElseThrow();
    LaunchStatus launch = s.recorded().launch().orElseThrow();
    boolean up =
        LaunchFacts.taskManagersUp(s, operation.epoch(), wanted.spec().taskManager().replicas());
    boolean noRoom =
        LaunchFacts.noRoom(s, operation.epoch())
            && SchedulingRoom.mayFitAlone(s, operation.epoch(), launch, wanted)
            && Operations.inStage(s, operation).compareTo(Operations.timeout(wanted).dividedBy(5))
                > 0;
    if (up || noRoom) {
      return stop(s, operation, launch, wanted, noRoom);
    }
    Launch next = Lineage.prepared(s, operation, wanted.job().isPresent());
    return asBefore(s, Phase.Changing)
        .runs(runs(s, launch, Run.waiting(wanted, next)))
        .findings(LaunchFacts.problems(s, operation.epoch()))
        .soon();
  }

  /** When nothing was stopped yet and the change cannot or need not go on, then give it up. */
  private static Optional<Decision> givenUp(Situation s, OperationStatus operation) {
    Optional<CheckedCluster> wanted = s.wanted();
    boolean changed =
        wanted.isEmpty()
            || wanted.get().spec().suspend()
            || !wanted.get().fingerprint().equals(operation.fingerprint());
    if (changed) {
      return Optional.of(
          abandon(s, operation, OperationResult.Superseded, "the spec changed again"));
    }
    boolean finished = s.recorded().launch().filter(JobCompletion::is).isPresent();
    if (finished && operation.type() != OperationType.Restart) {
      return Optional.of(finishedMeanwhile(s, operation));
    }
    if (!s.refusals().isEmpty()) {
      String refused = refused(s);
      return Optional.of(abandon(s, operation, OperationResult.Abandoned, refused));
    }
    Optional<ObservedPod.PodProblem> broken = LaunchFacts.brokenPod(s, operation.epoch());
    if (broken.isPresent() && Operations.inStage(s, operation).compareTo(FAULT_PATIENCE) > 0) {
      return Optional.of(abandon(s, operation, OperationResult.Abandoned, broken.get().message()));
    }
    if (operation.stage() == OperationStage.Preparing && Operations.overdue(s, operation)) {
      String late =
          "the new TaskManagers did not come up within changeTimeout"
              + StartRules.words(s.seen().problems(operation.epoch()).stream().findFirst());
      return Optional.of(abandon(s, operation, OperationResult.Abandoned, late));
    }
    return Optional.empty();
  }

  /** What the API server refused, all of it. */
  static String refused(Situation s) {
    return REFUSED + String.join("; ", s.refusals());
  }

  static Decision finishedMeanwhile(Situation s, OperationStatus operation) {
    String end = "the job has come to its end meanwhile";
    return abandon(s, operation, OperationResult.Superseded, end);
  }

  private static Decision abandon(
      Situation s, OperationStatus operation, OperationResult result, String why) {
    RecordedState recorded =
        Operations.end(s, s.recorded(), operation, result, why, Optional.empty());
    return Decision.of(Phase.Running, recorded).keep(epochs(s, operation)).soon();
  }

  /** Asks for the savepoint if the running job can give one; else goes on from the newest point. */
  private static Decision stop(
      Situation s,
      OperationStatus operation,
      LaunchStatus launch,
      CheckedCluster wanted,
      boolean noRoom) {
    OperationBuilder draft = OperationBuilder.of(operation, s.seen().at());
    boolean stateful = wanted.stateful() && launch.jobId() != null;
    if (LaunchFacts.notPolledYet(s, launch)) {
      return waitingForJob(s, operation, launch, wanted);
    }
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    boolean over =
        job.filter(ObservedJob::ended).isPresent() || LaunchFacts.jobManagerLost(s, launch);
    boolean possible = Operations.savepoints(s, launch).isPresent();
    if (stateful && needsSavepoint(s, wanted) && possible && !over) {
      Operations.awaiting(s, draft, operation.id());
      if (noRoom) {
        draft.message("no room for old and new TaskManagers together: the old ones go first");
      }
    } else if (stateful && !over) {
      job.filter(ObservedJob::allTasksRunning).ifPresent(j -> draft.stoppedAt(s.seen().at()));
      Operations.cancelling(draft);
    } else {
      job.filter(ObservedJob::allTasksRunning).ifPresent(j -> draft.stoppedAt(s.seen().at()));
      draft.stage(OperationStage.Stopping);
    }
    return Decision.of(Phase.Changing, s.recorded().with(draft.status()))
        .keep(epochs(s, operation))
        .soon();
  }

  /** A change by the last checkpoint takes a savepoint as well while there is no checkpoint. */
  static boolean needsSavepoint(Situation s, CheckedCluster spec) {
    return spec.spec().job().upgradeMode() == UpgradeMode.Savepoint
        || s.recorded().restorePoint().isEmpty();
  }

  private static Decision waitingForJob(
      Situation s, OperationStatus operation, LaunchStatus launch, CheckedCluster wanted) {
    Launch next = Lineage.prepared(s, operation, wanted.job().isPresent());
    return asBefore(s, Phase.Changing)
        .runs(runs(s, launch, Run.waiting(wanted, next)))
        .findings(
            List.of(ConditionCause.waiting(Reason.JobRestarting, "waiting for the job to run")))
        .soon();
  }

  /** What ran before the operation, unchanged. */
  static Decision asBefore(Situation s, Phase phase) {
    LaunchStatus launch = s.recorded().launch().orElseThrow();
    Decision decision =
        Decision.of(phase, s.recorded())
            .steps(SteadyRules.gate(s, launch))
            .runs(runs(s, launch, null));
    return decision.keep(decision.runs().isEmpty() ? Set.of(launch.epoch()) : Set.of());
  }

  static Run[] runs(Situation s, LaunchStatus launch, Run also) {
    var old =
        s.spec(launch.epoch(), launch.fingerprint())
            .map(spec -> Run.whole(spec, Lineage.launch(launch)));
    return java.util.stream.Stream.concat(old.stream(), Optional.ofNullable(also).stream())
        .toArray(Run[]::new);
  }

  static Set<Long> epochs(Situation s, OperationStatus operation) {
    var epochs = new java.util.HashSet<Long>();
    s.recorded().launch().ifPresent(l -> epochs.add(l.epoch()));
    Optional.ofNullable(operation.epoch()).ifPresent(epochs::add);
    return Set.copyOf(epochs);
  }

  /** Whether the JobManager has not answered for so long that it is not waited for any more. */
  static boolean unreachableTooLong(Situation s, OperationStatus operation, LaunchStatus launch) {
    return !LaunchFacts.reachable(s, launch)
        && !LaunchFacts.notPolledYet(s, launch)
        && Operations.inStage(s, operation).compareTo(SILENCE_PATIENCE) > 0;
  }

  /** Whether a job that does not run has been waited for long enough in this stage. */
  static boolean notWaitedFor(Situation s, OperationStatus operation) {
    return Operations.inStage(s, operation).compareTo(JOB_PATIENCE) > 0;
  }

  /** Whether a JobManager has had no job for so long that none is waited for any more. */
  static boolean noJob(Situation s, OperationStatus operation) {
    return Operations.inStage(s, operation).compareTo(SILENCE_PATIENCE) > 0;
  }

  /**
   * Whether the job's end was waited for since its savepoint was told, which is noted as its end.
   */
  static boolean endPatienceOver(Situation s, OperationStatus operation) {
    Instant told = Times.moment(operation.stoppedAt()).orElse(s.seen().at());
    return Duration.between(told, s.seen().at()).compareTo(END_PATIENCE) > 0;
  }
}
