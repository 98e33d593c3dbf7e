package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.ActionsStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.SpecDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * No operation is under way. The first rule that answers wins:
 *
 * <table>
 *   <caption>rules</caption>
 *   <tr><th>when</th><th>then</th></tr>
 *   <tr><td>nothing was ever started</td><td>begin the first start, unless suspended or refused</td></tr>
 *   <tr><td>the start was stopped for good</td><td>begin to resume, if the spec says so</td></tr>
 *   <tr><td>the JobManager that may start only once is lost</td><td>begin a recovery</td></tr>
 *   <tr><td>suspend is set</td><td>begin to suspend</td></tr>
 *   <tr><td>the spec differs from what runs</td><td>begin a rescale or upgrade</td></tr>
 *   <tr><td>a new restart or savepoint token</td><td>begin a restart or savepoint</td></tr>
 *   <tr><td>a savepoint is due by schedule</td><td>begin a savepoint</td></tr>
 *   <tr><td>a savepoint is above a limit</td><td>mark it, then have it deleted</td></tr>
 *   <tr><td>otherwise</td><td>keep what runs, repair it</td></tr>
 * </table>
 */
final class SteadyRules {

  private static final String REWOUND =
      "the job was started again from before its newest checkpoint: its high availability data was"
          + " lost";

  private static final String ESTRANGED =
      "the JobManager began anew, its high availability data was lost, and the TaskManagers still"
          + " hold what it gave them before";

  private SteadyRules() {}

  static Decision decide(Situation s) {
    Optional<LaunchStatus> launch = s.recorded().launch();
    if (launch.isEmpty()) {
      return RestingRules.first(s);
    }
    if (launch.get().stoppedAt() != null) {
      return RestingRules.stopped(s, launch.get());
    }
    Optional<CheckedCluster> running = s.spec(launch.get().epoch(), launch.get().fingerprint());
    return lost(s, launch.get(), running)
        .or(() -> s.wanted().flatMap(wanted -> change(s, launch.get(), running, wanted)))
        .or(() -> PeriodicRules.due(s, launch.get(), running))
        .or(() -> HistoryRules.noted(s, launch.get(), running))
        .orElseGet(() -> kept(s, launch.get(), running));
  }

  /** When the JobManager that may start only once is lost, then recover from the newest point. */
  private static Optional<Decision> lost(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running) {
    boolean restoredOlderCheckpoint = Lineage.restoredOlderCheckpoint(s, launch);
    boolean taskManagersRejectJob = LaunchFacts.taskManagersRejectJob(s, launch);
    if ((!LaunchFacts.jobManagerLost(s, launch)
            && !restoredOlderCheckpoint
            && !taskManagersRejectJob)
        || JobCompletion.is(launch)) {
      return Optional.empty();
    }
    Optional<CheckedCluster> spec = running.or(s::wanted);
    if (spec.isEmpty()) {
      return Optional.empty();
    }
    OperationBuilder draft =
        Operations.newLaunch(
                s,
                OperationType.Recovery,
                spec.get(),
                restoredOlderCheckpoint
                    ? REWOUND
                    : taskManagersRejectJob ? ESTRANGED : "the JobManager was lost")
            .stage(OperationStage.Stopping);
    s.seen().flink().filter(f -> f.reachable()).ifPresent(f -> draft.stoppedAt(f.at()));
    return Optional.of(Decision.of(Phase.Starting, s.recorded().with(draft.status())).soon());
  }

  private static Optional<Decision> change(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    if (wanted.spec().suspend()) {
      Optional<Decision> suspend = suspend(s, launch, running, wanted);
      return s.wishes().planOnly()
          ? suspend.map(d -> planned(s, launch, running, "Suspend because of suspend: true"))
          : suspend;
    }
    return difference(s, launch, running, wanted)
        .or(() -> restart(s, launch, wanted))
        .or(() -> SavepointRequests.asked(s, launch, running, wanted))
        .or(() -> InPlaceChoice.refused(s, launch, running, wanted));
  }

  /** Nothing but the plan is written. */
  private static Decision planned(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, String plan) {
    Decision kept = kept(s, launch, running);
    var findings = new ArrayList<>(kept.findings());
    findings.add(ConditionCause.planned(plan));
    return kept.findings(findings);
  }

  /** Whether a change would begin now if no operation were under way. */
  static boolean changeWaits(Situation s, LaunchStatus launch) {
    Optional<CheckedCluster> running = s.spec(launch.epoch(), launch.fingerprint());
    return s.wanted()
        .flatMap(
            wanted ->
                wanted.spec().suspend()
                    ? suspend(s, launch, running, wanted).filter(d -> !s.wishes().planOnly())
                    : difference(s, launch, running, wanted).or(() -> restart(s, launch, wanted)))
        .isPresent();
  }

  /** When suspend is set, then stop with a savepoint, unless that failed before. */
  private static Optional<Decision> suspend(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    if (JobCompletion.is(launch) || Operations.suspendFailedBefore(s).isPresent()) {
      return Optional.empty();
    }
    if (LaunchFacts.notPolledYet(s, launch)) {
      return Optional.of(ChangeRules.asBefore(s, Phase.Suspending).soon());
    }
    OperationBuilder draft =
        Operations.sameLaunch(s, OperationType.Suspend, wanted, "suspend: true");
    CheckedCluster spec = running.orElse(wanted);
    OperationBuilder begun;
    CheckedCluster mode = wanted.job().isPresent() ? wanted : spec; // it is changed without a start
    boolean possible = spec.job().isPresent() && Operations.savepoints(s, launch).isPresent();
    if (!mode.stateful() || ended(s, launch)) {
      begun = draft.stage(OperationStage.Stopping);
    } else if (possible && ChangeRules.needsSavepoint(s, mode)) {
      begun = Operations.awaiting(s, draft, draft.status().id());
    } else {
      begun = Operations.cancelling(draft);
    }
    return Optional.of(Decision.of(Phase.Suspending, s.recorded().with(begun.status())).soon());
  }

  /** When the spec differs from what runs, then begin to change, unless it failed before. */
  private static Optional<Decision> difference(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    if (wanted.fingerprint().equals(launch.fingerprint()) || JobCompletion.is(launch)) {
      return Optional.empty();
    }
    if (Operations.failedBefore(s, wanted.fingerprint()).isPresent()
        || LaunchFacts.absent(s).isPresent()) {
      return Optional.empty();
    }
    if (InPlaceChoice.refusal(s, launch, running, wanted).isPresent()) {
      return Optional.empty();
    }
    Optional<Decision> inPlace = InPlaceChoice.begin(s, launch, running, wanted);
    if (inPlace.isPresent()) {
      return inPlace;
    }
    Optional<SpecDiff> diff = running.flatMap(r -> SpecDiff.between(r, wanted));
    OperationType type =
        diff.filter(SpecDiff::sizeOnly).isPresent() ? OperationType.Rescale : OperationType.Upgrade;
    String what = diff.map(SpecDiff::summary).orElse("the spec has changed");
    OperationBuilder draft = Operations.newLaunch(s, type, wanted, what);
    draft.stage(s.wishes().planOnly() ? OperationStage.Planned : OperationStage.Preparing);
    return Optional.of(Decision.of(Phase.Changing, s.recorded().with(draft.status())).soon());
  }

  /** When there is a new restart token, then restart with state. */
  private static Optional<Decision> restart(
      Situation s, LaunchStatus launch, CheckedCluster wanted) {
    Optional<String> token = restartToken(s);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    OperationBuilder draft =
        Operations.newLaunch(s, OperationType.Restart, wanted, restarted(token.get()))
            .stage(s.wishes().planOnly() ? OperationStage.Planned : OperationStage.Preparing);
    RecordedState recorded = served(s, token).recorded().with(draft.status());
    return Optional.of(Decision.of(Phase.Changing, recorded).soon());
  }

  /** A restart token that was not served yet. */
  static Optional<String> restartToken(Situation s) {
    return s.wishes().restart().filter(t -> !t.equals(s.recorded().actions().restart()));
  }

  static String restarted(String token) {
    return "restart token " + token;
  }

  static Situation served(Situation s, Optional<String> restartToken) {
    var actions = s.recorded().actions();
    return restartToken
        .map(t -> s.withRecorded(s.recorded().with(new ActionsStatus(actions.savepoint(), t))))
        .orElse(s);
  }

  /** Otherwise keep what runs, and repair it. */
  private static Decision kept(Situation s, LaunchStatus launch, Optional<CheckedCluster> running) {
    var findings = new ArrayList<>(failed(s, launch));
    LaunchFacts.absent(s).ifPresent(findings::add);
    findings.addAll(LaunchFacts.problems(s, launch.epoch()));
    s.wanted()
        .filter(w -> !w.fingerprint().equals(launch.fingerprint()))
        .flatMap(w -> Operations.failedBefore(s, w.fingerprint()))
        .ifPresent(r -> findings.add(ConditionCause.stalled(notMade(r), notTriedAgain(r))));
    s.wanted()
        .filter(w -> w.spec().suspend())
        .flatMap(w -> Operations.suspendFailedBefore(s))
        .ifPresent(
            r -> findings.add(ConditionCause.stalled(Reason.SavepointFailed, notSuspended(r))));
    Phase phase =
        JobCompletion.is(launch) ? Phase.Finished : ended(s, launch) ? Phase.Failed : Phase.Running;
    Decision decision = Decision.of(phase, s.recorded()).findings(findings);
    decision = LaunchFacts.absent(s).isPresent() ? decision.soon() : decision;
    if (JobCompletion.is(launch) && LaunchFacts.jobManagerLost(s, launch)) {
      return decision; // its JobManager is gone, and another one would run the job again
    }
    if (running.isEmpty()) {
      return decision.keep(Set.of(launch.epoch()));
    }
    decision = PeriodicRules.untilDue(s, running).map(decision::within).orElse(decision);
    decision = HistoryRules.untilNext(s, running).map(decision::within).orElse(decision);
    var steps = new ArrayList<>(gate(s, launch));
    steps.addAll(HistoryRules.steps(s, launch, running));
    CheckedCluster spec = running.get();
    if (spec.job().isEmpty()) {
      spec = s.wanted().map(running.get()::withTaskManagersOf).orElse(spec);
    }
    Launch start = Lineage.launch(launch);
    decision = decision.runs(Run.whole(spec, start)).steps(steps);
    return InPlaceRules.kept(s, launch, spec, decision);
  }

  /**
   * What runs is as it was; only the recorded state may differ, and conditions do not flap for it.
   */
  static Decision asKept(Situation s, LaunchStatus launch, RecordedState recorded) {
    Decision kept = kept(s, launch, s.spec(launch.epoch(), launch.fingerprint()));
    return Decision.of(kept.phase(), recorded)
        .findings(kept.findings())
        .keep(Set.of(launch.epoch()));
  }

  private static Reason notMade(OperationRecord record) {
    boolean refused = record.message() != null && record.message().startsWith(ChangeRules.REFUSED);
    return refused && record.result() == OperationResult.Abandoned
        ? Reason.ChildRefused
        : Reason.RolledBack;
  }

  private static String notTriedAgain(OperationRecord record) {
    return "the change of generation "
        + record.toGeneration()
        + " failed and what ran before runs on: "
        + record.message()
        + "; it is tried again when the spec changes";
  }

  private static String notSuspended(OperationRecord record) {
    return "the job was not suspended and runs on: "
        + record.message()
        + "; it is tried again when the spec changes";
  }

  private static List<ConditionCause> failed(Situation s, LaunchStatus launch) {
    Optional<ObservedJob> job =
        LaunchFacts.job(s, launch).filter(j -> j.state().matches("FAILED|CANCELED"));
    return job.map(
            j ->
                List.of(
                    ConditionCause.stalled(
                        Reason.JobFailed,
                        "the job is "
                            + j.state()
                            + j.failure().map(f -> ": " + f).orElse("")
                            + "; change the spec, or set the annotation flinkcluster.io/restart to"
                            + " a new value to start it again from its newest restore point")))
        .orElse(List.of());
  }

  static List<Action> gate(Situation s, LaunchStatus launch) {
    return LaunchFacts.schedulingGated(s, launch)
        .filter(p -> p.uid().equals(launch.jobManagerPod()))
        .map(p -> List.<Action>of(new Action.RemoveSchedulingGate(p.name(), p.uid())))
        .orElse(List.of());
  }

  private static boolean ended(Situation s, LaunchStatus launch) {
    return LaunchFacts.job(s, launch).filter(ObservedJob::ended).isPresent();
  }
}
