package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.Autoscaling;
import io.flinkcluster.operator.decide.fact.InPlace;
import io.flinkcluster.operator.decide.fact.JobCompletion;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.LeavingNodes;
import io.flinkcluster.operator.decide.fact.SavepointRetention;
import io.flinkcluster.operator.decide.fact.SavepointSchedule;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.fact.WaitingChange;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.state.Sizes;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.decide.transition.Recovery;
import io.flinkcluster.operator.decide.transition.Savepoints;
import io.flinkcluster.operator.decide.transition.Suspension;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.SpecDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** No operation is under way, and the current start is meant to run. */
public final class RunningRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobLost",
              "The JobManager that alone may run the start is lost, or the job began again from an"
                  + " older checkpoint, or failed before it had restored its newest: recover from the"
                  + " newest restore point.",
              Recovery::begin,
              DecisionState.Stopping),
          Rule.when(
              "SuspendBeforeFirstPoll",
              "The spec says suspend, and the JobManager was not asked yet: wait for its answer.",
              RunningRules::suspendUnknown),
          Rule.when(
              "ShowPlanOfSuspend",
              "The spec says suspend, and the plan annotation is set: only say what would be done.",
              RunningRules::planSuspend),
          Rule.when(
              "Suspend",
              "The spec says suspend, and that has not failed for this generation: stop the job with"
                  + " its state.",
              s -> WaitingChange.suspend(s).map(w -> Suspension.begin(s, w)),
              DecisionState.WaitingForJob,
              DecisionState.Savepointing,
              DecisionState.Cancelling,
              DecisionState.Stopping),
          Rule.when(
              "RescaleInPlace",
              "Only the size differs, and the spec lets Flink's adaptive scheduler change it: begin"
                  + " with the TaskManagers.",
              RunningRules::rescaleInPlace,
              DecisionState.InPlacePlanned,
              DecisionState.InPlacePreparing),
          Rule.when(
              "Change",
              "The spec differs from what runs, and that change has not failed for this generation:"
                  + " prepare the next start.",
              RunningRules::change,
              DecisionState.Planned,
              DecisionState.Preparing),
          Rule.when(
              "RestartToken",
              "The restart token is new: prepare the next start of the same spec.",
              RunningRules::restart,
              DecisionState.Planned,
              DecisionState.Preparing),
          Rule.when(
              "NodeLeaves",
              "A node that carries its pods is about to go, the job runs, and that was not tried for"
                  + " this node before: prepare the next start of the same spec.",
              RunningRules::move,
              DecisionState.Planned,
              DecisionState.Preparing),
          Rule.when(
              "SavepointToken",
              "The savepoint token is new, and the job runs: ask Flink for a savepoint; where none"
                  + " can be had, record why.",
              RunningRules::savepointToken,
              DecisionState.Savepointing),
          Rule.when(
              "NotInPlace",
              "Only the size differs, it cannot be changed in place, and the spec allows no other"
                  + " way: what runs is kept, and the way out named.",
              RunningRules::notInPlace),
          Rule.when(
              "SavepointDue",
              "A savepoint is due by storage.savepointInterval: ask Flink for it.",
              RunningRules::savepointDue,
              DecisionState.Savepointing),
          Rule.when(
              "SavepointRetention",
              "A savepoint is above storage.savepointHistory, or the deletion of one has ended:"
                  + " record it.",
              RunningRules::retention),
          Rule.when(
              "SessionResized",
              "A session cluster is to have more or fewer TaskManagers: record how many, so that it"
                  + " keeps them where a later spec is refused.",
              RunningRules::sessionResized),
          Rule.otherwise("Keep", "Otherwise: keep what runs, and repair it.", Continuation::kept));

  private RunningRules() {}

  private static Optional<Decision> suspendUnknown(Situation s) {
    return WaitingChange.suspend(s)
        .filter(w -> LaunchFacts.notPolledYet(s, s.launch()))
        .map(w -> Continuation.asBefore(s, Phase.Suspending).soon());
  }

  private static Optional<Decision> planSuspend(Situation s) {
    if (!s.wishes().planOnly() || WaitingChange.suspend(s).isEmpty()) {
      return Optional.empty();
    }
    Decision kept = Continuation.kept(s);
    var causes = new ArrayList<>(kept.causes());
    causes.add(ConditionCause.planned("Suspend because of suspend: true"));
    return Optional.of(kept.causes(causes));
  }

  private static Decision changing(Situation s, OperationBuilder operation) {
    OperationBuilder begun =
        s.wishes().planOnly()
            ? operation.stage(OperationStage.Planned)
            : Operations.preparing(s, operation);
    return Decision.of(Phase.Changing, s.recorded().with(begun.status())).soon();
  }

  private static Optional<Decision> rescaleInPlace(Situation s) {
    return WaitingChange.difference(s)
        .flatMap(
            wanted -> InPlace.difference(s, wanted).map(diff -> rescaleInPlace(s, wanted, diff)));
  }

  private static Decision rescaleInPlace(Situation s, CheckedCluster wanted, SpecDiff diff) {
    return changing(
        s,
        Operations.sameLaunch(
                s,
                OperationType.RescaleInPlace,
                Timeouts.of(wanted),
                trigger(s),
                diff.summary() + ", in place" + because(s))
            .target(null, wanted.fingerprint())
            .size(Sizes.of(wanted, Sizes.fixed(s.launch().size()))));
  }

  private static Optional<Decision> change(Situation s) {
    return WaitingChange.difference(s).map(wanted -> change(s, wanted));
  }

  private static Decision change(Situation s, CheckedCluster wanted) {
    Optional<SpecDiff> diff = s.running().flatMap(r -> SpecDiff.between(r, wanted));
    OperationType type =
        diff.filter(SpecDiff::sizeOnly).isPresent() ? OperationType.Rescale : OperationType.Upgrade;
    String what = diff.map(SpecDiff::summary).orElse("the spec has changed");
    boolean size = type == OperationType.Rescale;
    return changing(
        s,
        Operations.newLaunch(
            s,
            type,
            wanted,
            size ? trigger(s) : TriggerKind.SpecChange,
            size ? what + because(s) : what));
  }

  /** Where nothing but the size changes. */
  private static TriggerKind trigger(Situation s) {
    return Autoscaling.cause(s).isPresent() ? TriggerKind.Autoscaling : TriggerKind.SpecChange;
  }

  private static String because(Situation s) {
    return Autoscaling.cause(s).map(why -> " (" + why + ")").orElse("");
  }

  private static Optional<Decision> restart(Situation s) {
    Optional<CheckedCluster> wanted = s.wanted().filter(w -> !w.spec().suspend());
    Optional<String> token = Operations.restartToken(s);
    if (wanted.isEmpty() || token.isEmpty()) {
      return Optional.empty();
    }
    OperationBuilder restart =
        Operations.newLaunch(
            s,
            OperationType.Restart,
            wanted.get(),
            TriggerKind.RestartToken,
            "restart token " + token.get());
    return Optional.of(changing(s.withRecorded(Operations.served(s, token)), restart));
  }

  private static Optional<Decision> move(Situation s) {
    return LeavingNodes.movable(s)
        .flatMap(spec -> LeavingNodes.trigger(s).map(why -> move(s, spec, why)));
  }

  private static Decision move(Situation s, CheckedCluster spec, String why) {
    return changing(
        s, Operations.newLaunch(s, OperationType.Restart, spec, TriggerKind.NodeLeaves, why));
  }

  private static Optional<Decision> savepointToken(Situation s) {
    Optional<CheckedCluster> wanted = s.wanted().filter(w -> !w.spec().suspend());
    Optional<String> token =
        s.wishes().savepoint().filter(t -> !t.equals(s.recorded().actions().savepoint()));
    if (wanted.isEmpty() || token.isEmpty()) {
      return Optional.empty();
    }
    CheckedCluster spec = s.running().or(s::wanted).orElseThrow();
    if (spec.job().isEmpty()) {
      String why = "a session cluster has no job of its own to take a savepoint of";
      return Optional.of(Savepoints.refused(s, spec, token.get(), why));
    }
    if (spec.dirs().savepoints().isEmpty()) {
      String why =
          "no savepoint directory is known; set storage.baseURI or storage.savepoints, then the"
              + " annotation to a new value";
      return Optional.of(Savepoints.refused(s, spec, token.get(), why));
    }
    return LaunchFacts.allTasksRun(s, s.launch())
        ? Optional.of(Savepoints.begin(s, spec, token.get()))
        : Optional.empty();
  }

  private static Optional<Decision> notInPlace(Situation s) {
    return s.wanted()
        .filter(w -> !w.spec().suspend() && !JobCompletion.is(s.launch()))
        .flatMap(w -> InPlace.refusal(s, w))
        .map(
            why ->
                Continuation.asBefore(s, Phase.Running)
                    .causes(
                        List.of(
                            ConditionCause.stalled(
                                Reason.NotInPlace,
                                why
                                    + "; set rescale.mode to Auto or Savepoint to let it be done by"
                                    + " savepoint and restart, or take the change back"))));
  }

  private static Optional<Decision> sessionResized(Situation s) {
    Optional<CheckedCluster> running = s.running().filter(spec -> spec.job().isEmpty());
    Optional<CheckedCluster> wanted =
        s.wanted().filter(w -> w.fingerprint().equals(s.launch().fingerprint()));
    if (running.isEmpty() || wanted.isEmpty()) {
      return Optional.empty();
    }
    SizeStatus size = Sizes.of(wanted.get(), List.of());
    LaunchStatus now = s.launch().resized(s.launch().generation(), s.launch().fingerprint(), size);
    return size.equals(Sizes.of(running.get(), List.of()))
        ? Optional.empty()
        : Optional.of(Continuation.kept(s, s.recorded().with(now)));
  }

  private static Optional<Decision> savepointDue(Situation s) {
    Optional<CheckedCluster> running = s.running();
    return SavepointSchedule.due(s, s.launch(), running)
        ? Optional.of(Savepoints.beginScheduled(s, running.get()))
        : Optional.empty();
  }

  private static Optional<Decision> retention(Situation s) {
    List<SavepointStatus> after = SavepointRetention.advanced(s, s.launch(), s.running());
    return after.equals(s.recorded().savepoints())
        ? Optional.empty()
        : Optional.of(Continuation.kept(s, s.recorded().withSavepoints(after)));
  }
}
