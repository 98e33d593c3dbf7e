package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.JobSpec;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.fact.PreparedJobManager;
import io.flinkcluster.operator.decide.fact.RestorePoints;
import io.flinkcluster.operator.decide.fact.SnapshotSearch;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.ComingUp;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Deletion;
import io.flinkcluster.operator.decide.transition.FailedStart;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JobManagers of earlier starts are removed; the next start waits until none exists. */
public final class StoppingRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "DeletionCleansUp",
              "A deletion whose JobManagers are gone, or that is at its deadline: go on with what is"
                  + " left in storage, or with the objects.",
              Deletion::jobManagersGone,
              DecisionState.CleaningUp,
              DecisionState.Removing),
          Rule.when(
              "DeletionWaits",
              "A deletion whose JobManagers are not gone: wait, and remove what can go.",
              Deletion::waiting),
          Rule.when(
              "ContainerHoldsJobManager",
              "A JobManager pod of an earlier start is still there 5 s after its deletion was asked"
                  + " for, and has containers besides Flink's: record which.",
              StoppingRules::held),
          Rule.when(
              "PreparedForNothing",
              "The next start must look for the newest snapshot on S3, or the JobManager that was"
                  + " prepared has ended: another one is made when the old one is gone.",
              StoppingRules::useless),
          Rule.when(
              "OldJobManagersExist",
              "A JobManager of an earlier start still exists, or something that could make one:"
                  + " wait.",
              s -> s.seen().jobManagersGone() ? Optional.empty() : Optional.of(removing(s))),
          Rule.when(
              "SuspendEnds",
              "Nothing is to be started: the job is suspended.",
              StoppingRules::suspendEnds,
              DecisionState.Stopped),
          Rule.when(
              "SuspendBetweenStarts",
              "The spec says suspend meanwhile: start nothing, keep what was to be begun from.",
              StoppingRules::suspend,
              DecisionState.Stopping),
          Rule.when(
              "PreparedJobManagerExists",
              "A JobManager of the next start exists that was prepared and given up: wait until it is"
                  + " gone.",
              s -> PreparedJobManager.leftOver(s) ? Optional.of(removing(s)) : Optional.empty()),
          Rule.when(
              "NextSpecLost",
              "The spec that was to start is lost: back to the last that ran, or say why not.",
              StoppingRules::specLost,
              DecisionState.Stopping,
              DecisionState.Stopped),
          Rule.when(
              "SpecChangedWhileBackingOff",
              "The same start has failed, and the spec changed since: start the new one.",
              StoppingRules::superseded,
              DecisionState.Stopping),
          Rule.when(
              "BackOff",
              "The same start has failed: wait before the next try, at most five minutes.",
              s -> Timeouts.backingOff(s) ? Optional.of(removing(s)) : Optional.empty()),
          Rule.when(
              "NewestStateNamed",
              "Nobody can look whether there is newer state, and the spec names what to continue"
                  + " from since: take that.",
              StoppingRules::named,
              DecisionState.Stopping),
          Rule.when(
              "NewestStateUnknown",
              "A job was lost, and its directories cannot be looked into by a pod: start nothing,"
                  + " and name the way out.",
              StoppingRules::unknown),
          Rule.otherwise(
              "Launch",
              "Otherwise: record the next start as the current one, with what it begins from.",
              StoppingRules::launch,
              DecisionState.Starting));

  private static final Duration ENDS = Duration.ofSeconds(5);

  private StoppingRules() {}

  /** Flink's own process ends within two seconds of SIGTERM. */
  private static Optional<Decision> held(Situation s) {
    return s.seen().jobManagersGone()
        ? Optional.empty()
        : s.seen().pods().stream()
            .filter(p -> p.component() == Component.JOB_MANAGER)
            .flatMap(p -> p.ending().stream().map(e -> Map.entry(p.name(), e)))
            .filter(e -> !e.getValue().others().isEmpty())
            .filter(e -> e.getValue().since().plus(ENDS).isBefore(s.now()))
            .map(e -> held(e.getKey(), e.getValue()))
            .findFirst()
            .filter(text -> !text.equals(stepMessage(s.operation())))
            .map(text -> s.recorded().with(Operations.current(s).heldUp(text).status()))
            .map(recorded -> Continuation.recording(s, recorded));
  }

  private static String stepMessage(OperationStatus operation) {
    List<StepStatus> steps = operation.steps();
    return steps == null || steps.isEmpty() ? null : steps.get(steps.size() - 1).message();
  }

  private static String held(String pod, ObservedPod.Ending ending) {
    return "pod "
        + pod
        + " does not end: beside flink it runs "
        + String.join(", ", ending.others())
        + ", which may ignore SIGTERM; it is killed after its terminationGracePeriodSeconds";
  }

  private static Optional<Decision> useless(Situation s) {
    return PreparedJobManager.useless(s)
        .map(why -> Continuation.recording(s, Operations.withoutPreparedJobManager(s, why)));
  }

  private static Optional<Decision> suspendEnds(Situation s) {
    if (s.operation().epoch() != null) {
      return Optional.empty();
    }
    LaunchStatus stopped = s.launch().withStoppedAt(Times.text(s.now()));
    RecordedState ended =
        Operations.succeeded(s.withRecorded(s.recorded().with(stopped)), Optional.empty());
    return Optional.of(Decision.of(Phase.Suspended, ended).soon());
  }

  private static Optional<Decision> suspend(Situation s) {
    boolean wanted = s.wanted().filter(w -> w.spec().suspend()).isPresent();
    return wanted && s.recorded().launch().isPresent()
        ? Optional.of(FailedStart.suspended(s))
        : Optional.empty();
  }

  private static Optional<Decision> superseded(Situation s) {
    return s.operation().retries() == null ? Optional.empty() : ComingUp.superseded(s);
  }

  private static Optional<Decision> specLost(Situation s) {
    return s.next().isPresent()
        ? Optional.empty()
        : Optional.of(
            FailedStart.failed(
                s, Reason.OperationFailed, "the spec changed and its ConfigMap was lost"));
  }

  /** A spec that was changed since, and names another point than the start that was lost had. */
  private static Optional<Decision> named(Situation s) {
    OperationStatus operation = s.operation();
    Optional<String> named = s.wanted().flatMap(CheckedCluster::job).map(JobSpec::initialSavepoint);
    Optional<String> before =
        s.running().flatMap(CheckedCluster::job).map(JobSpec::initialSavepoint);
    boolean since = operation.toGeneration() != null && s.generation() > operation.toGeneration();
    if (searchable(s) || named.isEmpty() || !since || named.equals(before)) {
      return Optional.empty();
    }
    LaunchStatus told =
        s.launch()
            .withLostAt(null)
            .withUnconfirmedSavepointDirectory(null)
            .withSnapshotSearchDirectories(null);
    OperationStatus next = Operations.current(s).savepoint(named.get()).status();
    return Optional.of(
        Decision.of(OperationTypes.phase(operation), s.recorded().with(told).with(next)).soon());
  }

  private static boolean searchable(Situation s) {
    return SnapshotSearch.notSearchable(s, s.operation(), s.next().orElseThrow()).isEmpty();
  }

  private static Optional<Decision> unknown(Situation s) {
    if (searchable(s)) {
      return Optional.empty();
    }
    String message =
        "the job was lost, or removed, before it was seen to end, and may have completed a newer"
            + " snapshot than the known restore point"
            + s.recorded().restorePoint().map(p -> " " + p.path()).orElse("")
            + ". No pod can look into "
            + String.join(", ", SnapshotSearch.notSearchable(s, s.operation(), s.next().get()))
            + ". To continue set job.initialSavepoint to the newest checkpoint or savepoint there"
            + " (it holds a _metadata file); to start with empty state set job.upgradeMode:"
            + " Stateless";
    Decision decision = removing(s);
    var causes = new ArrayList<>(decision.causes());
    causes.add(0, ConditionCause.stalled(Reason.NoRestorePoint, message));
    return Optional.of(decision.causes(causes));
  }

  private static Decision launch(Situation s) {
    OperationStatus operation = s.operation();
    CheckedCluster next = s.next().orElseThrow();
    Optional<String> from = RestorePoints.startingPoint(s, operation, next);
    OperationStatus starting = Operations.current(s).stage(OperationStage.Starting).status();
    // A restart that is asked for beside a change is made by it.
    boolean change = operation.triggerKind() == TriggerKind.SpecChange;
    Optional<String> token = change ? Operations.restartToken(s) : Optional.empty();
    Situation served = s.withRecorded(Operations.served(s, token));
    return Decision.of(
            OperationTypes.phase(starting),
            Operations.launching(served, operation, next, from).with(starting))
        .keep(Launches.underWay(s))
        .soon();
  }

  private static Decision removing(Situation s) {
    OperationStatus operation = s.operation();
    Optional<CheckedCluster> next = s.next();
    Decision decision =
        Decision.of(OperationTypes.phase(operation), s.recorded()).causes(causes(s)).soon();
    if (next.isEmpty()) {
      return decision;
    }
    var launch = Launches.prepared(s, next.get().job().isPresent());
    boolean prepared =
        operation.steps() != null
            && operation.steps().stream().anyMatch(p -> p.name() == OperationStage.Preparing);
    return decision.runs(
        prepared ? Run.waiting(next.get(), launch) : Run.configured(next.get(), launch));
  }

  private static List<ConditionCause> causes(Situation s) {
    var causes = new ArrayList<ConditionCause>();
    FailedStart.cause(s).ifPresent(causes::add);
    causes.addAll(Continuation.refusals(s));
    if (Timeouts.overdue(s) && !s.seen().jobManagersGone()) {
      String why =
          "a JobManager pod of an earlier start still exists; if its node is gone for good, delete"
              + " the pod with --force --grace-period=0";
      causes.add(ConditionCause.stalled(Reason.DeadlineExceeded, why));
    }
    return causes;
  }
}
