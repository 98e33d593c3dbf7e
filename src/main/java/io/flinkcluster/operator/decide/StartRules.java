package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LastStable;
import io.flinkcluster.operator.api.LaunchStatus;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The old job has stopped and the new one is on its way: {@code Stopping}, {@code Starting}, {@code
 * Verifying}.
 */
final class StartRules {

  private StartRules() {}

  /** When no JobManager of an earlier start exists any more, then record the new start. */
  static Decision stopping(Situation s, OperationStatus operation) {
    Optional<CheckedCluster> next =
        operation.epoch() == null
            ? Optional.empty()
            : s.spec(operation.epoch(), operation.fingerprint());
    if (!s.seen().jobManagersGone()) {
      return removing(s, operation, next);
    }
    if (operation.epoch() == null) {
      return suspended(s, operation);
    }
    if (FailureRules.toBeSuspended(s, operation) && s.recorded().launch().isPresent()) {
      return FailureRules.suspended(s, operation); // nothing runs between two starts
    }
    if (next.isEmpty()) {
      return FailureRules.failed(
          s, operation, Reason.OperationFailed, "the spec changed and its ConfigMap was lost");
    }
    if (FailureRules.pausing(s, operation)) {
      return removing(s, operation, next);
    }
    Optional<String> from = Lineage.startingPoint(s, operation, next.get());
    OperationBuilder draft =
        OperationBuilder.of(operation, s.seen().at()).stage(OperationStage.Starting);
    RecordedState recorded =
        Operations.launching(s, operation, next.get(), from).with(draft.status());
    return Decision.of(SavepointRules.phase(operation), recorded)
        .keep(ChangeRules.epochs(s, operation))
        .soon();
  }

  private static Decision removing(
      Situation s, OperationStatus operation, Optional<CheckedCluster> next) {
    var findings = new ArrayList<>(refusals(s));
    if (Operations.overdue(s, operation) && !s.seen().jobManagersGone()) {
      String why =
          "a JobManager pod of an earlier start still exists; if its node is gone for good, delete"
              + " the pod with --force --grace-period=0";
      findings.add(ConditionCause.stalled(Reason.DeadlineExceeded, why));
    }
    Decision decision =
        Decision.of(SavepointRules.phase(operation), s.recorded()).findings(findings).soon();
    if (next.isEmpty()) {
      return decision;
    }
    var launch = Lineage.prepared(s, operation, next.get().job().isPresent());
    boolean prepared =
        operation.steps().stream().anyMatch(p -> p.name() == OperationStage.Preparing);
    return decision.runs(
        prepared ? Run.waiting(next.get(), launch) : Run.configured(next.get(), launch));
  }

  private static Decision suspended(Situation s, OperationStatus operation) {
    var stopped = s.recorded().launch().orElseThrow().withStoppedAt(Times.text(s.seen().at()));
    RecordedState recorded =
        Operations.end(
            s,
            s.recorded().with(stopped),
            operation,
            OperationResult.Succeeded,
            null,
            Optional.empty());
    return Decision.of(Phase.Suspended, recorded).soon();
  }

  /** When all tasks run, then verify; when the start cannot succeed any more, then undo it. */
  static Decision starting(Situation s, OperationStatus operation) {
    LaunchStatus launch = s.recorded().launch().orElseThrow();
    Optional<CheckedCluster> spec = s.spec(launch.epoch(), launch.fingerprint());
    if (spec.isEmpty()) {
      return FailureRules.failed(
          s, operation, Reason.OperationFailed, "the spec changed and its ConfigMap was lost");
    }
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    boolean up =
        spec.get().job().isEmpty()
            ? LaunchFacts.sessionUp(s, launch, spec.get())
            : job.filter(j -> j.allTasksRunning() || j.state().equals("FINISHED")).isPresent();
    if (up) {
      OperationBuilder draft =
          OperationBuilder.of(operation, s.seen().at()).stage(OperationStage.Verifying);
      return Decision.of(SavepointRules.phase(operation), s.recorded().with(draft.status()))
          .keep(ChangeRules.epochs(s, operation))
          .soon();
    }
    return FailureRules.startFailed(s, operation, launch, job)
        .or(() -> letThrough(s, operation, launch, spec.get()))
        .orElseGet(() -> coming(s, operation, launch, spec.get()));
  }

  /** When a JobManager pod waits at its gate, then record it as the one that may run. */
  private static Optional<Decision> letThrough(
      Situation s, OperationStatus operation, LaunchStatus l, CheckedCluster spec) {
    if (l.jobManagerPod() != null || !spec.startsOnce()) {
      return Optional.empty();
    }
    return LaunchFacts.schedulingGated(s, l)
        .map(pod -> l.withJobManagerPod(pod.uid()))
        .map(
            chosen ->
                Decision.of(SavepointRules.phase(operation), s.recorded().with(chosen))
                    .keep(ChangeRules.epochs(s, operation))
                    .soon());
  }

  private static Decision coming(
      Situation s, OperationStatus operation, LaunchStatus launch, CheckedCluster spec) {
    var findings = new ArrayList<>(refusals(s));
    findings.addAll(LaunchFacts.problems(s, launch.epoch()));
    if (Operations.overdue(s, operation)) {
      findings.add(
          ConditionCause.stalled(
              Reason.DeadlineExceeded,
              "the job does not run after changeTimeout; it is waited on"));
    }
    var steps = new ArrayList<>(SteadyRules.gate(s, launch));
    if (Lineage.keepsHighAvailabilityData(s)) {
      steps.add(new Action.RemoveHighAvailabilityData(Lineage.pastClusterIds(s, launch.epoch())));
    }
    return Decision.of(SavepointRules.phase(operation), s.recorded())
        .runs(Run.whole(spec, Lineage.launch(launch)))
        .steps(steps)
        .findings(findings)
        .soon();
  }

  private static List<ConditionCause> refusals(Situation s) {
    return s.refusals().stream()
        .map(r -> ConditionCause.stalled(Reason.ChildRefused, ChangeRules.REFUSED + r))
        .toList();
  }

  /** When the job restored what it was given, then the operation has succeeded. */
  static Decision verifying(Situation s, OperationStatus operation) {
    LaunchStatus launch = s.recorded().launch().orElseThrow();
    Optional<CheckedCluster> spec = s.spec(launch.epoch(), launch.fingerprint());
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    Optional<String> unconfirmed = job.flatMap(j -> SnapshotSearch.found(operation, j));
    if (unconfirmed.isPresent()) {
      return found(s, operation, unconfirmed.get());
    }
    boolean session = launch.jobId() == null;
    boolean restored =
        session || job.filter(j -> Lineage.restoredAsIntended(launch, j)).isPresent();
    if (restored) {
      return succeeded(s, operation, launch, job);
    }
    Optional<String> other = job.flatMap(j -> j.checkpoints().restored());
    if (other.isPresent()) {
      String why =
          "the job was to restore " + launch.restoredFrom() + " but restored " + other.get();
      return FailureRules.failed(s, operation, Reason.RestoreMismatch, why);
    }
    return spec.flatMap(x -> FailureRules.startFailed(s, operation, launch, job))
        .orElseGet(
            () ->
                spec.map(x -> coming(s, operation, launch, x))
                    .orElseGet(() -> ChangeRules.asBefore(s, Phase.Changing)));
  }

  /** A savepoint that nobody had told of is from now on as if Flink had. */
  private static Decision found(Situation s, OperationStatus operation, String path) {
    OperationStatus told = OperationBuilder.of(operation, s.seen().at()).savepoint(path).status();
    return Decision.of(SavepointRules.phase(told), Operations.savepointFound(s, told).with(told))
        .keep(ChangeRules.epochs(s, operation))
        .soon();
  }

  private static Decision succeeded(
      Situation s, OperationStatus operation, LaunchStatus launch, Optional<ObservedJob> job) {
    Instant up = job.flatMap(ObservedJob::tasksRunningSince).orElse(s.seen().at());
    RecordedState recorded =
        Operations.end(
                s,
                Lineage.ofThisLine(s.recorded(), launch),
                operation,
                OperationResult.Succeeded,
                null,
                Optional.of(up))
            .with(
                new LastStable(
                    launch.generation(), launch.fingerprint(), launch.epoch(), launch.size()));
    return Decision.of(Phase.Running, recorded).keep(ChangeRules.epochs(s, operation)).soon();
  }

  static String words(Optional<ObservedPod.PodProblem> problem) {
    return problem.map(t -> ": " + t.message()).orElse("");
  }

  static boolean canBeUndone(OperationType type) {
    return type == OperationType.Rescale
        || type == OperationType.Upgrade
        || type == OperationType.Restart;
  }
}
