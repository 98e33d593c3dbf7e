package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.ObservedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rescale within the running start, by Flink's adaptive scheduler: {@code Preparing} until the
 * TaskManagers have registered, {@code Checkpointing} where Flink itself does not wait for one,
 * {@code Verifying} from the moment Flink may be asked until every vertex has its parallelism. The
 * size of the start is recorded as reached only then; until it is, the former one counts.
 */
final class InPlaceRules {
  /** How long a fault of a pod, or a job that does not run, is waited out. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long Flink may not tell its requirements, or not take new ones. */
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** How long one checkpoint is waited for before another is asked for. */
  private static final Duration CHECKPOINT = Duration.ofSeconds(60);

  private InPlaceRules() {}

  static Decision decide(Situation s, OperationStatus operation) {
    LaunchStatus launch = s.recorded().launch().orElseThrow();
    Optional<CheckedCluster> running = s.spec(launch.epoch(), launch.fingerprint());
    if (running.isEmpty()) {
      return InPlaceEnds.end(
          s, operation, OperationResult.Abandoned, "the ConfigMap of the start was lost");
    }
    return overtaken(s, operation, launch)
        .orElseGet(
            () ->
                switch (operation.stage()) {
                  case Planned -> planned(s, operation);
                  case Preparing -> preparing(s, operation, launch, running.get());
                  case Checkpointing -> checkpointing(s, operation, launch, running.get());
                  default -> verifying(s, operation, launch, running.get());
                });
  }

  /** When something else has become more urgent, then that goes first. */
  private static Optional<Decision> overtaken(
      Situation s, OperationStatus operation, LaunchStatus launch) {
    Optional<ObservedJob> ended = LaunchFacts.job(s, launch).filter(ObservedJob::ended);
    if (LaunchFacts.jobManagerLost(s, launch) || Lineage.restoredOlderCheckpoint(s, launch)) {
      return Optional.of(InPlaceEnds.superseded(s, operation, "the JobManager was lost meanwhile"));
    }
    boolean failed = ended.filter(j -> !j.state().equals("FINISHED")).isPresent();
    if (failed && asked(operation) && operation.type() == OperationType.Rescale) {
      String why =
          "the job is " + ended.get().state() + ended.get().failure().map(f -> ": " + f).orElse("");
      return Optional.of(FailureRules.failed(s, operation, Reason.JobFailed, why));
    }
    if (ended.isPresent()) {
      return Optional.of(InPlaceEnds.superseded(s, operation, "the job is " + ended.get().state()));
    }
    boolean changed =
        operation.type() == OperationType.Rescale
            && s.wanted()
                .filter(w -> !w.spec().suspend() && w.fingerprint().equals(operation.fingerprint()))
                .isEmpty();
    if (changed) {
      return Optional.of(InPlaceEnds.superseded(s, operation, "the spec changed again"));
    }
    return Optional.empty();
  }

  static boolean asked(OperationStatus operation) {
    return operation.stage() == OperationStage.Verifying;
  }

  private static Decision planned(Situation s, OperationStatus operation) {
    if (s.wishes().planOnly()) {
      String plan =
          "Rescale because of "
              + operation.trigger()
              + ": TaskManagers first, then ask Flink's adaptive scheduler, which restarts the tasks"
              + " from the newest checkpoint";
      return ChangeRules.asBefore(s, Phase.Running).findings(List.of(ConditionCause.planned(plan)));
    }
    OperationBuilder draft =
        Operations.sameLaunch(s, operation.type(), s.wanted().orElseThrow(), operation.trigger())
            .target(null, operation.fingerprint())
            .size(operation.size())
            .stage(OperationStage.Preparing);
    return Decision.of(Phase.Changing, s.recorded().with(draft.status())).soon();
  }

  /** When all slots are there and the job runs, then go on. */
  private static Decision preparing(
      Situation s, OperationStatus operation, LaunchStatus launch, CheckedCluster running) {
    RescaleProgress progress = new RescaleProgress(s, launch, operation.size());
    Duration waited = Operations.inStage(s, operation);
    if (!s.refusals().isEmpty()) {
      String why = ChangeRules.refused(s);
      return InPlaceEnds.end(s, operation, OperationResult.Abandoned, why);
    }
    boolean all = LaunchFacts.job(s, launch).filter(ObservedJob::allTasksRunning).isPresent();
    boolean noRoom =
        LaunchFacts.noRoom(s, launch.epoch())
            && waited.compareTo(Operations.timeout(running).dividedBy(5)) > 0;
    if (all && progress.known() && (progress.capacity() || noRoom)) {
      return next(s, operation, launch, running);
    }
    if (progress.capacity() && waited.compareTo(PATIENCE) > 0 && LaunchFacts.reachable(s, launch)) {
      String why =
          all
              ? "Flink does not tell the job's resource requirements"
              : "the job does not run all its tasks";
      if (mode(s) == RescaleMode.Auto || all) {
        return InPlaceEnds.impossible(s, operation, launch, running, why);
      }
    }
    if (Operations.overdue(s, operation)) {
      String why = progress.shortfall().orElse("the job does not run all its tasks");
      return InPlaceEnds.impossible(s, operation, launch, running, why + " within changeTimeout");
    }
    return going(s, operation, launch, running, progress, List.of());
  }

  static RescaleMode mode(Situation s) {
    return s.wanted().map(w -> w.spec().rescale().mode()).orElse(RescaleMode.InPlace);
  }

  /** From here on Flink may have been asked: the size to go back to is written down. */
  private static Decision next(
      Situation s, OperationStatus operation, LaunchStatus launch, CheckedCluster running) {
    boolean first = !waitsForCheckpoint(running) && operation.stage() == OperationStage.Preparing;
    OperationBuilder draft = OperationBuilder.of(operation, s.seen().at());
    if (first && running.checkpointed()) {
      draft.stage(OperationStage.Checkpointing);
      return Decision.of(Phase.Changing, s.recorded().with(draft.status())).soon();
    }
    List<String> fixed = Sizes.fixed(s, launch.size(), running.parallelism());
    SizeStatus size = operation.size();
    draft
        .size(
            new SizeStatus(size.parallelism(), size.taskManagers(), fixed.isEmpty() ? null : fixed))
        .stage(OperationStage.Verifying);
    RecordedState recorded =
        s.recorded().with(launch.withSize(Sizes.of(running, fixed))).with(draft.status());
    return Decision.of(Phase.Changing, recorded).soon();
  }

  /** From 2.0 the adaptive scheduler rescales with the next completed checkpoint. */
  private static boolean waitsForCheckpoint(CheckedCluster running) {
    return running.version() != FlinkVersion.V1_20;
  }

  /** When a checkpoint has completed since, or does not come, then go on. */
  private static Decision checkpointing(
      Situation s, OperationStatus operation, LaunchStatus launch, CheckedCluster running) {
    Instant since = s.seen().at().minus(Operations.inStage(s, operation));
    boolean fresh =
        LaunchFacts.job(s, launch)
            .flatMap(j -> j.checkpoints().last())
            .filter(c -> c.triggeredAt().plus(c.duration()).isAfter(since))
            .isPresent();
    if (fresh || Operations.inStage(s, operation).compareTo(CHECKPOINT) > 0) {
      return next(s, operation, launch, running);
    }
    RescaleProgress progress = new RescaleProgress(s, launch, operation.size());
    return going(s, operation, launch, running, progress, checkpoint(s, operation, launch));
  }

  private static List<Action> checkpoint(
      Situation s, OperationStatus operation, LaunchStatus launch) {
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    if (!LaunchFacts.reachable(s, launch) || job.isEmpty()) {
      return List.of();
    }
    // One at a time: the next when one has completed without effect, or did not come.
    int late = (int) Operations.inStage(s, operation).dividedBy(CHECKPOINT);
    int attempt = 1 + late + (int) job.get().checkpoints().completed();
    return List.of(
        new Action.TakeCheckpoint(launch.jobId(), Ids.triggerId(s.uid(), operation.id(), attempt)));
  }

  /** When every vertex has its parallelism, then the start has the new size. */
  private static Decision verifying(
      Situation s, OperationStatus operation, LaunchStatus launch, CheckedCluster running) {
    RescaleProgress progress = new RescaleProgress(s, launch, operation.size());
    if (progress.done()) {
      return InPlaceEnds.succeeded(s, operation, launch);
    }
    Duration waited = Operations.inStage(s, operation);
    if (!progress.required() && waited.compareTo(ANSWER) > 0 && LaunchFacts.reachable(s, launch)) {
      String why = "Flink does not take the new resource requirements";
      return InPlaceEnds.impossible(s, operation, launch, running, why);
    }
    Optional<String> missing = progress.shortfall();
    if (Operations.overdue(s, operation) && !progress.reached() && !staysHonest(s, operation)) {
      String why = missing.orElse("the job does not run with the new size");
      return InPlaceEnds.impossible(s, operation, launch, running, why + " within changeTimeout");
    }
    if (missing.isPresent() && !missing.get().equals(operation.message())) {
      var draft = OperationBuilder.of(operation, s.seen().at()).message(missing.get());
      return Decision.of(SavepointRules.phase(operation), s.recorded().with(draft.status())).soon();
    }
    var steps = new ArrayList<>(progress.steps());
    if (progress.required()
        && !progress.reached()
        && running.checkpointed()
        && waitsForCheckpoint(running)) {
      steps.addAll(checkpoint(s, operation, launch));
    }
    return going(s, operation, launch, running, progress, steps);
  }

  /** Without rollback a job with fewer slots than it was to have runs on, and says so. */
  private static boolean staysHonest(Situation s, OperationStatus operation) {
    boolean rollback = s.wanted().map(w -> w.spec().rollback()).orElse(true);
    return operation.type() == OperationType.Rescale && mode(s) == RescaleMode.InPlace && !rollback;
  }

  private static Decision going(
      Situation s,
      OperationStatus operation,
      LaunchStatus launch,
      CheckedCluster running,
      RescaleProgress progress,
      List<Action> steps) {
    var findings = new ArrayList<ConditionCause>();
    progress
        .shortfall()
        .filter(text -> asked(operation) || !LaunchFacts.problems(s, launch.epoch()).isEmpty())
        .ifPresent(text -> findings.add(ConditionCause.waiting(Reason.SlotsMissing, text)));
    findings.addAll(LaunchFacts.problems(s, launch.epoch()));
    var all = new ArrayList<>(SteadyRules.gate(s, launch));
    all.addAll(steps);
    int count =
        Math.max(
            progress.taskManagers(),
            asked(operation) ? 0 : running.spec().taskManager().replicas());
    return Decision.of(SavepointRules.phase(operation), s.recorded())
        .runs(Run.whole(running.withTaskManagers(count), Lineage.launch(launch)))
        .steps(all)
        .findings(findings)
        .soon();
  }

  /**
   * What runs and is kept as it is: a size that was reached in place is asked for again where Flink
   * has forgotten it, and a job that runs with less says so.
   */
  static Decision kept(Situation s, LaunchStatus launch, CheckedCluster running, Decision kept) {
    if (!running.adaptive() || kept.runs().isEmpty() || launch.stoppedAt() != null) {
      return kept;
    }
    List<String> fixed =
        launch.size() == null
            ? Sizes.fixed(s, null, running.parallelism())
            : Sizes.fixed(launch.size());
    RescaleProgress progress = new RescaleProgress(s, launch, Sizes.of(running, fixed));
    var findings = new ArrayList<>(kept.findings());
    boolean runs = LaunchFacts.job(s, launch).filter(ObservedJob::allTasksRunning).isPresent();
    progress
        .shortfall()
        .filter(text -> runs && progress.required() && !progress.reached())
        .ifPresent(text -> findings.add(0, ConditionCause.waiting(Reason.SlotsMissing, text)));
    Decision decision = kept.findings(findings);
    if (launch.size() == null || !progress.known() || !runs) {
      return decision;
    }
    var steps = new ArrayList<>(kept.steps());
    steps.addAll(progress.steps());
    return decision
        .steps(steps)
        .runs(Run.whole(running.withTaskManagers(progress.taskManagers()), Lineage.launch(launch)));
  }
}
