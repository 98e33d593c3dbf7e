package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.FailedOperations;
import io.flinkcluster.operator.decide.fact.FinishedCluster;
import io.flinkcluster.operator.decide.fact.JobCompletion;
import io.flinkcluster.operator.decide.fact.JobEnd;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.fact.RescaleProgress;
import io.flinkcluster.operator.decide.fact.SavepointRetention;
import io.flinkcluster.operator.decide.fact.SavepointSchedule;
import io.flinkcluster.operator.decide.fact.StorageTrial;
import io.flinkcluster.operator.decide.fact.UnregisteredPods;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.state.Sizes;
import io.flinkcluster.operator.model.CheckedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What runs goes on: the decisions that keep it, with or without what is being prepared. */
public final class Continuation {

  /** How a change that was given up for the API server's sake says so. */
  private static final String REFUSED = "the API server refuses ";

  private Continuation() {}

  /** Only something is to be recorded; the objects of the starts that are under way stay. */
  public static Decision recording(Situation s, RecordedState recorded) {
    Phase phase = recorded.operation().map(OperationTypes::phase).orElse(Phase.Running);
    return Decision.of(phase, recorded).keep(Launches.underWay(s)).soon();
  }

  /**
   * What is recorded is an operation for which JobManagers are removed; no object is kept for it.
   */
  public static Decision stopping(RecordedState recorded) {
    return Decision.of(OperationTypes.phase(recorded.operation().orElseThrow()), recorded).soon();
  }

  /** The operation ends, and what ran before goes on. */
  public static Decision abandon(Situation s, OperationResult result, Reason cause, String why) {
    return recording(s, Operations.end(s, result, cause, why));
  }

  /** What the API server refused, each as a cause that a person must remove. */
  public static List<ConditionCause> refusals(Situation s) {
    return s.refusals().stream()
        .map(r -> ConditionCause.stalled(Reason.ChildRefused, REFUSED + r))
        .toList();
  }

  /** What the API server refused, all of it. */
  public static String refused(Situation s) {
    return REFUSED + String.join("; ", s.refusals());
  }

  /** What runs, unchanged. */
  public static Decision asBefore(Situation s, Phase phase) {
    LaunchStatus launch = s.launch();
    Decision decision =
        Decision.of(phase, s.recorded()).actions(pods(s, launch)).runs(runs(s, Optional.empty()));
    return decision.keep(decision.runs().isEmpty() ? Set.of(launch.epoch()) : Set.of());
  }

  /** The current start, and another one beside it. */
  public static Run[] runs(Situation s, Optional<Run> also) {
    Optional<Run> current = s.running().map(spec -> Run.whole(spec, Launches.of(s.launch())));
    return Stream.concat(current.stream(), also.stream()).toArray(Run[]::new);
  }

  /** What runs goes on, and TaskManagers of the start that follows wait beside it. */
  public static Decision withPrepared(Situation s) {
    OperationStatus operation = s.operation();
    boolean hasJob = s.launch().jobId() != null;
    Optional<Run> waiting =
        operation.epoch() == null
            ? Optional.empty()
            : s.next()
                .map(spec -> Run.waiting(spec, Launches.prepared(s, hasJob)))
                .map(run -> StorageTrial.needed(s) ? run.withStorageCheck() : run);
    Decision decision = asBefore(s, OperationTypes.phase(operation)).runs(runs(s, waiting)).soon();
    return operation.type() == OperationType.Savepoint
        ? decision.causes(kept(s, s.recorded()).causes())
        : decision;
  }

  /** The admitted pod is let through, and a pod that hangs is replaced. */
  public static List<Action> pods(Situation s, LaunchStatus launch) {
    var actions = new ArrayList<>(UnregisteredPods.actions(s));
    LaunchFacts.waiting(s, launch)
        .filter(p -> p.uid().equals(launch.jobManagerPod()))
        .flatMap(p -> Admissions.letThrough(s, launch, p))
        .ifPresent(a -> actions.add(0, a));
    return List.copyOf(actions);
  }

  /**
   * What runs is as it was; only what is recorded may differ, and conditions do not flap for it.
   */
  public static Decision kept(Situation s, RecordedState recorded) {
    Decision kept = kept(s);
    return Decision.of(kept.phase(), recorded)
        .causes(kept.causes())
        .keep(Set.of(s.launch().epoch()))
        .soon();
  }

  /** A job that has come to its own end: what is left of it for as long as it is kept. */
  public static Decision finished(Situation s) {
    Decision decision = Decision.of(Phase.Finished, s.recorded());
    Duration left = FinishedCluster.kept(s);
    if (left.isNegative() || left.isZero()) {
      return decision;
    }
    return s.running()
        .map(spec -> decision.runs(Run.whole(spec, Launches.of(s.launch()))))
        .orElse(decision.keep(Set.of(s.launch().epoch())))
        .within(left);
  }

  /** What runs is kept, and repaired. */
  public static Decision kept(Situation s) {
    LaunchStatus launch = s.launch();
    if (JobCompletion.is(launch)) {
      return finished(s);
    }
    Phase phase = JobEnd.over(s, launch) ? Phase.Failed : Phase.Running;
    Decision decision = Decision.of(phase, s.recorded()).causes(causes(s));
    decision = LaunchFacts.absent(s).isPresent() ? decision.soon() : decision;
    Optional<CheckedCluster> running = s.running();
    if (running.isEmpty()) {
      return decision.keep(Set.of(launch.epoch()));
    }
    decision = SavepointSchedule.untilDue(s, running).map(decision::within).orElse(decision);
    decision = SavepointRetention.untilNext(s, running).map(decision::within).orElse(decision);
    decision = UnregisteredPods.untilDue(s).map(decision::within).orElse(decision);
    var actions = new ArrayList<>(pods(s, launch));
    actions.addAll(SavepointRetention.actions(s, launch, running));
    CheckedCluster spec = running.get();
    if (spec.job().isEmpty()) {
      spec = s.wanted().map(running.get()::withTaskManagersOf).orElse(spec);
    }
    decision = decision.runs(Run.whole(spec, Launches.of(launch))).actions(actions);
    return atItsSize(s, spec, decision);
  }

  private static List<ConditionCause> causes(Situation s) {
    LaunchStatus launch = s.launch();
    var causes = new ArrayList<ConditionCause>();
    JobEnd.failure(s, launch)
        .ifPresent(why -> causes.add(ConditionCause.stalled(Reason.JobFailed, jobFailed(why))));
    LaunchFacts.absent(s).ifPresent(causes::add);
    causes.addAll(LaunchFacts.problems(s, launch));
    failedChange(s).ifPresent(causes::add);
    s.wanted()
        .filter(w -> w.spec().suspend())
        .flatMap(w -> FailedOperations.suspendBefore(s))
        .ifPresent(
            r -> causes.add(ConditionCause.stalled(Reason.SavepointFailed, notTriedAgain(r))));
    return causes;
  }

  /** That the change that is wanted has failed, and what keeps running or has ended. */
  public static Optional<ConditionCause> failedChange(Situation s) {
    LaunchStatus launch = s.launch();
    return s.wanted()
        .filter(w -> !w.fingerprint().equals(launch.fingerprint()))
        .flatMap(w -> FailedOperations.before(s, w.fingerprint()))
        .map(r -> ConditionCause.stalled(notMade(r), notTriedAgain(r, launch)));
  }

  private static String jobFailed(String why) {
    return why
        + "; change the spec, or set the annotation flinkcluster.io/restart to a new value to start"
        + " it again from its newest restore point";
  }

  private static Reason notMade(OperationRecord record) {
    return record.reason() == Reason.ChildRefused && record.result() == OperationResult.Abandoned
        ? Reason.ChildRefused
        : Reason.RolledBack;
  }

  private static String notTriedAgain(OperationRecord record, LaunchStatus launch) {
    return "the change of generation "
        + record.toGeneration()
        + " failed"
        + (JobCompletion.is(launch)
            ? ", and the job of generation " + launch.generation() + " has come to its end: "
            : " and the previous job keeps running: ")
        + record.message()
        + "; it is tried again when the spec changes";
  }

  private static String notTriedAgain(OperationRecord record) {
    return "the job was not suspended and keeps running: "
        + record.message()
        + "; it is tried again when the spec changes";
  }

  /**
   * A size that was reached in place is asked for again where Flink has forgotten it, and a job
   * that runs with less says so.
   */
  private static Decision atItsSize(Situation s, CheckedCluster running, Decision kept) {
    LaunchStatus launch = s.launch();
    if (!running.adaptive() || kept.runs().isEmpty() || launch.stoppedAt() != null) {
      return kept;
    }
    List<String> fixed =
        launch.size() == null
            ? RescaleProgress.fixed(s, null, running.parallelism())
            : Sizes.fixed(launch.size());
    var progress = new RescaleProgress(s, launch, Sizes.of(running, fixed));
    var causes = new ArrayList<>(kept.causes());
    boolean runs = LaunchFacts.allTasksRun(s, launch);
    progress
        .shortfall()
        .filter(text -> runs && progress.required() && !progress.reached())
        .ifPresent(text -> causes.add(0, ConditionCause.waiting(Reason.SlotsMissing, text)));
    Decision decision = kept.causes(causes);
    if (launch.size() == null || !progress.known() || !runs) {
      return decision;
    }
    var steps = new ArrayList<>(kept.actions());
    steps.addAll(progress.actions());
    return decision
        .actions(steps)
        .runs(Run.whole(running.withTaskManagers(progress.taskManagers()), Launches.of(launch)));
  }
}
