package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a cluster is ready, and why or why not. The first question that has an answer gives it.
 *
 * @param ready whether the observed spec runs
 * @param stalled whether only a person can help
 */
record ReadyCondition(boolean ready, boolean stalled, Reason reason, String message) {

  /**
   * The answer.
   *
   * @param told the status as it was read, where its JobManager was not asked since
   */
  static ReadyCondition of(
      Admission admission,
      Decision decision,
      Observation seen,
      Optional<FlinkClusterStatus> told,
      boolean paused) {
    if (admission instanceof Admission.Refused refused && decision.phase() != Phase.Deleting) {
      return new ReadyCondition(false, true, Reason.InvalidSpec, problems(refused.problems()));
    }
    Optional<ConditionCause> stalled =
        decision.causes().stream().filter(ConditionCause::stalled).findFirst();
    if (stalled.isPresent()) {
      return new ReadyCondition(false, true, stalled.get().reason(), stalled.get().message());
    }
    if (paused) {
      return waiting(Reason.Paused, "writes are stopped by the annotation flinkcluster.io/pause");
    }
    return resting(admission, decision)
        .or(() -> underWay(decision))
        .or(() -> decision.causes().stream().findFirst().map(f -> waiting(f.reason(), f.message())))
        .orElseGet(() -> running(((Admission.Accepted) admission).cluster(), decision, seen, told));
  }

  static String problems(List<Problem> problems) {
    return problems.stream().map(Problem::message).collect(Collectors.joining("\n"));
  }

  private static ReadyCondition waiting(Reason reason, String message) {
    return new ReadyCondition(false, false, reason, message);
  }

  private static Optional<ReadyCondition> resting(Admission admission, Decision decision) {
    return switch (decision.phase()) {
      case Suspended ->
          Optional.of(
              new ReadyCondition(true, false, Reason.Suspended, suspended(admission, decision)));
      case Finished -> Optional.of(finished(admission, decision));
      case Deleting ->
          Optional.of(
              waiting(
                  Reason.Deleting,
                  decision.causes().stream()
                      .findFirst()
                      .map(ConditionCause::message)
                      .orElse("the resource is being deleted")));
      case Failed ->
          Optional.of(
              new ReadyCondition(
                  false,
                  true,
                  Reason.OperationFailed,
                  decision.recorded().operations().stream()
                      .findFirst()
                      .map(o -> o.message())
                      .orElse("nothing runs")));
      default -> Optional.empty();
    };
  }

  private static ReadyCondition finished(Admission admission, Decision decision) {
    Optional<ConditionCause> cause = decision.causes().stream().findFirst();
    if (cause.isPresent()) {
      return waiting(cause.get().reason(), cause.get().message());
    }
    boolean suspended = admission instanceof Admission.Accepted a && a.cluster().spec().suspend();
    return new ReadyCondition(
        true,
        false,
        suspended ? Reason.Suspended : Reason.Finished,
        FinishedText.of(admission, decision));
  }

  private static String suspended(Admission admission, Decision decision) {
    Optional<LaunchStatus> launch = decision.recorded().launch();
    boolean stateless = admission instanceof Admission.Accepted a && !a.cluster().stateful();
    List<String> waiting = decision.recorded().actions().waiting();
    String stopped =
        launch.filter(l -> l.finishedAt() != null).isPresent()
            ? FinishedText.of(admission, decision)
            : stopped(launch, stateless, decision);
    return waiting == null ? stopped : stopped + "; waiting: " + String.join("; ", waiting);
  }

  private static String stopped(
      Optional<LaunchStatus> launch, boolean stateless, Decision decision) {
    if (launch.isEmpty()) {
      return "suspended before its first start";
    }
    if (stateless) {
      return "the job is stopped; it starts again with empty state";
    }
    return decision.recorded().restorePoint().isEmpty() && launch.get().lostAt() == null
        ? "the job is stopped; it had completed no checkpoint or savepoint"
        : "the job is stopped, its state is kept";
  }

  private static Optional<ReadyCondition> underWay(Decision decision) {
    Optional<OperationStatus> operation =
        decision.recorded().operation().filter(o -> o.type() != OperationType.Savepoint);
    if (operation.isEmpty()) {
      return Optional.empty();
    }
    OperationStatus o = operation.get();
    Optional<ConditionCause> cause = decision.causes().stream().findFirst();
    if (cause.isPresent()) {
      return Optional.of(waiting(cause.get().reason(), cause.get().message()));
    }
    Reason reason =
        switch (o.type()) {
          case Start, Rerun, Resume, Recovery -> Reason.Starting;
          case Rollback -> Reason.RollingBack;
          default -> Reason.OperationInProgress;
        };
    String text = o.type() + " " + o.stage() + (o.message() == null ? "" : ": " + o.message());
    return Optional.of(waiting(reason, text));
  }

  private static ReadyCondition running(
      CheckedCluster wanted,
      Decision decision,
      Observation seen,
      Optional<FlinkClusterStatus> told) {
    Optional<LaunchStatus> launch = decision.recorded().launch();
    if (launch.isEmpty() || decision.phase() == Phase.Pending) {
      return waiting(Reason.Starting, "nothing was started yet");
    }
    if (!launch.get().fingerprint().equals(wanted.fingerprint())) {
      // The pass in which a rollback ends, before the next one says that the change has failed.
      return waiting(
          Reason.OperationInProgress,
          "what runs is the spec of generation " + launch.get().generation());
    }
    Optional<Condition> before = told.flatMap(ToldBefore::ready);
    if (before.isPresent()) {
      Condition said = before.get();
      boolean ready = said.status().equals("True");
      return new ReadyCondition(ready, false, Reason.valueOf(said.reason()), said.message());
    }
    long epoch = launch.get().epoch();
    Optional<FlinkObservation> flink = seen.flink().filter(f -> f.epoch() == epoch);
    if (flink.isEmpty() || !flink.get().reachable()) {
      String why = flink.map(FlinkObservation::problem).filter(t -> !t.isEmpty()).orElse("");
      return waiting(
          Reason.FlinkUnreachable,
          "the JobManager's REST API does not answer" + (why.isEmpty() ? "" : ": " + why));
    }
    if (wanted.job().isEmpty()) {
      int tms = flink.get().taskManagers().size();
      int all = wanted.spec().taskManager().replicas();
      return tms >= all
          ? new ReadyCondition(true, false, Reason.SessionRunning, "the session cluster takes jobs")
          : waiting(Reason.Starting, tms + " of " + all + " TaskManagers are registered");
    }
    return job(wanted, flink.get().job());
  }

  /** Flink calls a job RUNNING whose tasks wait for slots. */
  private static String state(ObservedJob job) {
    return job.state().equals("RUNNING")
        ? "RUNNING with %d of %d tasks".formatted(job.tasksRunning(), job.tasksTotal())
        : job.state();
  }

  private static ReadyCondition job(CheckedCluster wanted, Optional<ObservedJob> job) {
    if (job.isEmpty() || !job.get().allTasksRunning()) {
      return waiting(
          Reason.JobRestarting,
          "the job is "
              + job.map(ReadyCondition::state).orElse("not submitted yet")
              + job.flatMap(ObservedJob::failure).map(f -> ": " + f).orElse(""));
    }
    if (wanted.checkpointed() && job.get().checkpoints().completed() == 0) {
      return waiting(Reason.AwaitingCheckpoint, "all tasks run; the first checkpoint is awaited");
    }
    return new ReadyCondition(true, false, Reason.Running, "the job runs as the spec says");
  }
}
