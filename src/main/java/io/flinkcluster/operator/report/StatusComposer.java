package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.ActionsStatus;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.ConfigurationStatus;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Sizes;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Composes the status from values. The same values always give the same status. */
public final class StatusComposer {

  private StatusComposer() {}

  /**
   * The whole status.
   *
   * @param before the status as it was read; may be null
   * @param generation of the spec that was looked at
   * @param asWritten whether the spec can be carried out, with the size that the user wrote
   * @param running the spec that the current start runs; empty where it is not known
   * @param configuration of the current start; empty where its ConfigMap is not there
   * @param paused whether writes are stopped
   */
  public static FlinkClusterStatus compose(
      FlinkClusterStatus before,
      ClusterNames names,
      long generation,
      Admission asWritten,
      Optional<CheckedCluster> running,
      Optional<ConfigurationStatus> configuration,
      Decision decision,
      Observation seen,
      boolean paused) {
    RecordedState recorded = decision.recorded();
    Admission admission = Sizes.wanted(recorded, asWritten);
    var told = ToldBefore.of(before, recorded, running, seen);
    var processes = new Processes(names, running, recorded, seen, told);
    Phase phase =
        admission instanceof Admission.Refused && recorded.launch().isEmpty()
            ? Phase.Failed
            : decision.phase();
    return new FlinkClusterStatus(
        generation,
        conditions(before, generation, admission, running, decision, seen, told, paused),
        phase,
        processes
            .job()
            .map(job -> SteadyJob.after(before == null ? null : before.job(), job))
            .or(() -> result(before, recorded))
            .orElse(null),
        processes.jobManager().orElse(null),
        processes.taskManagers(),
        recorded.operation().map(o -> o.withRule(decision.rule())).orElse(null),
        orNull(recorded.operations()),
        recorded.restorePoint().orElse(null),
        orNull(recorded.savepoints()),
        recorded.launch().orElse(null),
        configuration.orElse(null),
        recorded.lastStable().orElse(null),
        recorded.actions().equals(ActionsStatus.NONE) ? null : recorded.actions(),
        recorded.autoscaling().orElse(null));
  }

  /** What a job that has come to its end reported last: when its pods are gone it is the result. */
  private static Optional<JobStatus> result(FlinkClusterStatus before, RecordedState recorded) {
    return Optional.ofNullable(before)
        .map(FlinkClusterStatus::job)
        .filter(
            job ->
                recorded.finished().filter(l -> Objects.equals(l.jobId(), job.id())).isPresent());
  }

  private static <T> List<T> orNull(List<T> list) {
    return list.isEmpty() ? null : list;
  }

  private static List<Condition> conditions(
      FlinkClusterStatus before,
      long generation,
      Admission admission,
      Optional<CheckedCluster> running,
      Decision decision,
      Observation seen,
      Optional<FlinkClusterStatus> told,
      boolean paused) {
    ReadyCondition verdict = ReadyCondition.of(admission, decision, seen, told, paused);
    Instant at = seen.at();
    // Never both: a reader of kstatus would take Reconciling for progress, for ever.
    boolean working = !verdict.stalled() && (atWork(decision) || !verdict.ready());
    List<Condition> conditions =
        List.of(
            Conditions.next(
                before,
                Conditions.READY,
                verdict.ready() ? "True" : "False",
                generation,
                at,
                verdict.reason(),
                verdict.message()),
            Conditions.next(
                before,
                Conditions.RECONCILING,
                working ? "True" : "False",
                generation,
                at,
                verdict.reason(),
                working ? verdict.message() : "nothing is under way"),
            Conditions.next(
                before,
                Conditions.STALLED,
                verdict.stalled() ? "True" : "False",
                generation,
                at,
                verdict.reason(),
                verdict.stalled() ? verdict.message() : notStalled(decision)),
            configValid(before, generation, at, admission, decision, seen),
            stateSafe(before, generation, at, admission, decision));
    return Stream.of(
            conditions.stream(),
            cloudIdentity(before, generation, running, decision, seen).stream(),
            decision
                .recorded()
                .launch()
                .flatMap(
                    launch ->
                        StorageCondition.of(before, generation, running, launch.epoch(), seen))
                .stream())
        .flatMap(parts -> parts)
        .toList();
  }

  private static Optional<Condition> cloudIdentity(
      FlinkClusterStatus before,
      long generation,
      Optional<CheckedCluster> running,
      Decision decision,
      Observation seen) {
    return decision
        .recorded()
        .launch()
        .flatMap(launch -> CloudIdentityCondition.of(running, launch.epoch(), seen))
        .map(
            c ->
                Conditions.next(
                    before,
                    Conditions.CLOUD_IDENTITY_READY,
                    c.status(),
                    generation,
                    seen.at(),
                    c.reason(),
                    c.message()));
  }

  /** What is waited for may still need a person, as an image that cannot be pulled does. */
  private static String notStalled(Decision decision) {
    return decision.causes().stream()
        .findFirst()
        .map(cause -> "tried again by itself: " + cause.message())
        .orElse("no action required");
  }

  private static boolean endNotSeen(Decision decision) {
    return decision.recorded().launch().filter(l -> l.lostAt() != null).isPresent();
  }

  private static boolean atWork(Decision decision) {
    return decision
        .recorded()
        .operation()
        .filter(o -> o.type() != OperationType.Savepoint)
        .isPresent();
  }

  private static Condition configValid(
      FlinkClusterStatus before,
      long generation,
      Instant at,
      Admission admission,
      Decision decision,
      Observation seen) {
    List<Problem> warnings = Warnings.of(admission, decision, seen);
    Optional<ConditionCause> refused =
        decision.causes().stream().filter(f -> f.reason() == Reason.ChildRefused).findFirst();
    String status = "True";
    Reason reason = Reason.Valid;
    String message = "the spec can be carried out";
    if (admission instanceof Admission.Refused r) {
      status = "False";
      reason = Reason.InvalidSpec;
      message = ReadyCondition.problems(r.problems());
    } else if (refused.isPresent()) {
      status = "False";
      reason = Reason.ChildRefused;
      message = refused.get().message();
    } else if (!warnings.isEmpty()) {
      reason = Reason.ValidWithWarning;
      message = ReadyCondition.problems(warnings);
    }
    return Conditions.next(
        before, Conditions.CONFIG_VALID, status, generation, at, reason, message);
  }

  private static Condition stateSafe(
      FlinkClusterStatus before,
      long generation,
      Instant at,
      Admission admission,
      Decision decision) {
    boolean finished =
        decision.recorded().operation().isEmpty() && decision.recorded().finished().isPresent();
    if (finished) {
      return Conditions.next(
          before,
          Conditions.STATE_SAFE,
          "True",
          generation,
          at,
          Reason.Finished,
          "the job has come to its end: there is no state to go on from, and none can be lost");
    }
    boolean stateless = admission instanceof Admission.Accepted a && !a.cluster().stateful();
    var point = decision.recorded().restorePoint();
    if (stateless) {
      return Conditions.next(
          before,
          Conditions.STATE_SAFE,
          "True",
          generation,
          at,
          Reason.Stateless,
          "the spec says that a restart begins with empty state");
    }
    return Conditions.next(
        before,
        Conditions.STATE_SAFE,
        point.isPresent() ? "True" : "False",
        generation,
        at,
        point.isPresent() ? Reason.RestorePointKnown : Reason.NoCheckpointYet,
        point.isPresent()
            ? "a restart continues from the restore point in the status"
                + (endNotSeen(decision)
                    ? ", or from a newer one of the same job, which is looked for first"
                    : "")
            : "no checkpoint or savepoint has completed yet");
  }
}
