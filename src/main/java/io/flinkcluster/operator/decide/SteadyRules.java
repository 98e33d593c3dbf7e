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
import io.flinkcluster.operator.model.JobSeen;
import io.flinkcluster.operator.model.Launch;
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
    Optional<LaunchStatus> launch = s.ledger().launch();
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
    boolean rewound = Lineage.rewound(s, launch);
    boolean estranged = Watch.estranged(s, launch);
    if ((!Watch.spent(s, launch) && !rewound && !estranged) || Finished.is(launch)) {
      return Optional.empty();
    }
    Optional<CheckedCluster> spec = running.or(s::wanted);
    if (spec.isEmpty()) {
      return Optional.empty();
    }
    Draft draft =
        Operations.toward(
                s,
                OperationType.Recovery,
                spec.get(),
                rewound ? REWOUND : estranged ? ESTRANGED : "the JobManager was lost")
            .stage(OperationStage.Stopping);
    s.seen().flink().filter(f -> f.reachable()).ifPresent(f -> draft.stoppedAt(f.at()));
    return Optional.of(Decision.of(Phase.Starting, s.ledger().with(draft.status())).soon());
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
    findings.add(Finding.planned(plan));
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
    if (Finished.is(launch) || Operations.suspendFailedBefore(s).isPresent()) {
      return Optional.empty();
    }
    if (Watch.unheard(s, launch)) {
      return Optional.of(ChangeRules.asBefore(s, Phase.Suspending).soon());
    }
    Draft draft = Operations.standing(s, OperationType.Suspend, wanted, "suspend: true");
    CheckedCluster spec = running.orElse(wanted);
    Draft begun;
    CheckedCluster mode = wanted.job().isPresent() ? wanted : spec; // it is changed without a start
    boolean possible = spec.job().isPresent() && Operations.savepoints(s, launch).isPresent();
    if (!mode.stateful() || ended(s, launch)) {
      begun = draft.stage(OperationStage.Stopping);
    } else if (possible && ChangeRules.needsSavepoint(s, mode)) {
      begun = Operations.awaiting(s, draft, draft.status().id());
    } else {
      begun = Operations.cancelling(draft);
    }
    return Optional.of(Decision.of(Phase.Suspending, s.ledger().with(begun.status())).soon());
  }

  /** When the spec differs from what runs, then begin to change, unless it failed before. */
  private static Optional<Decision> difference(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    if (wanted.fingerprint().equals(launch.fingerprint()) || Finished.is(launch)) {
      return Optional.empty();
    }
    if (Operations.failedBefore(s, wanted.fingerprint()).isPresent()
        || Watch.absent(s).isPresent()) {
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
    Draft draft = Operations.toward(s, type, wanted, what);
    draft.stage(s.wishes().planOnly() ? OperationStage.Planned : OperationStage.Preparing);
    return Optional.of(Decision.of(Phase.Changing, s.ledger().with(draft.status())).soon());
  }

  /** When there is a new restart token, then restart with state. */
  private static Optional<Decision> restart(
      Situation s, LaunchStatus launch, CheckedCluster wanted) {
    Optional<String> token = restartToken(s);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    Draft draft =
        Operations.toward(s, OperationType.Restart, wanted, restarted(token.get()))
            .stage(s.wishes().planOnly() ? OperationStage.Planned : OperationStage.Preparing);
    Ledger ledger = served(s, token).ledger().with(draft.status());
    return Optional.of(Decision.of(Phase.Changing, ledger).soon());
  }

  /** A restart token that was not served yet. */
  static Optional<String> restartToken(Situation s) {
    return s.wishes().restart().filter(t -> !t.equals(s.ledger().actions().restart()));
  }

  static String restarted(String token) {
    return "restart token " + token;
  }

  static Situation served(Situation s, Optional<String> restartToken) {
    var actions = s.ledger().actions();
    return restartToken
        .map(t -> s.withLedger(s.ledger().with(new ActionsStatus(actions.savepoint(), t))))
        .orElse(s);
  }

  /** Otherwise keep what runs, and repair it. */
  private static Decision kept(Situation s, LaunchStatus launch, Optional<CheckedCluster> running) {
    var findings = new ArrayList<>(failed(s, launch));
    Watch.absent(s).ifPresent(findings::add);
    findings.addAll(Watch.troubles(s, launch.epoch()));
    s.wanted()
        .filter(w -> !w.fingerprint().equals(launch.fingerprint()))
        .flatMap(w -> Operations.failedBefore(s, w.fingerprint()))
        .ifPresent(r -> findings.add(Finding.stalled(notMade(r), notTriedAgain(r))));
    s.wanted()
        .filter(w -> w.spec().suspend())
        .flatMap(w -> Operations.suspendFailedBefore(s))
        .ifPresent(r -> findings.add(Finding.stalled(Reason.SavepointFailed, notSuspended(r))));
    Phase phase =
        Finished.is(launch) ? Phase.Finished : ended(s, launch) ? Phase.Failed : Phase.Running;
    Decision decision = Decision.of(phase, s.ledger()).findings(findings);
    decision = Watch.absent(s).isPresent() ? decision.soon() : decision;
    if (Finished.is(launch) && Watch.spent(s, launch)) {
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

  /** What runs is as it was; only the ledger may differ, and conditions do not flap for it. */
  static Decision asKept(Situation s, LaunchStatus launch, Ledger ledger) {
    Decision kept = kept(s, launch, s.spec(launch.epoch(), launch.fingerprint()));
    return Decision.of(kept.phase(), ledger).findings(kept.findings()).keep(Set.of(launch.epoch()));
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

  private static List<Finding> failed(Situation s, LaunchStatus launch) {
    Optional<JobSeen> job = Watch.job(s, launch).filter(j -> j.state().matches("FAILED|CANCELED"));
    return job.map(
            j ->
                List.of(
                    Finding.stalled(
                        Reason.JobFailed,
                        "the job is "
                            + j.state()
                            + j.failure().map(f -> ": " + f).orElse("")
                            + "; change the spec, or set the annotation flinkcluster.io/restart to"
                            + " a new value to start it again from its newest restore point")))
        .orElse(List.of());
  }

  static List<Step> gate(Situation s, LaunchStatus launch) {
    return Watch.gated(s, launch)
        .filter(p -> p.uid().equals(launch.jobManagerPod()))
        .map(p -> List.<Step>of(new Step.LiftGate(p.name(), p.uid())))
        .orElse(List.of());
  }

  private static boolean ended(Situation s, LaunchStatus launch) {
    return Watch.job(s, launch).filter(JobSeen::ended).isPresent();
  }
}
