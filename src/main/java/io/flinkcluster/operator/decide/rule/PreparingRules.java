package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.JobEnd;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.LeavingNodes;
import io.flinkcluster.operator.decide.fact.PreparedJobManager;
import io.flinkcluster.operator.decide.fact.SavepointFacts;
import io.flinkcluster.operator.decide.fact.SchedulingRoom;
import io.flinkcluster.operator.decide.fact.StorageTrial;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.GiveUp;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.decide.transition.Recovery;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The pods of the next start come up while the job runs on: nothing was stopped yet. */
public final class PreparingRules {
  /** How long a pod may show a fault before the change is given up; pulls are retried meanwhile. */
  private static final Duration FAULT_PATIENCE = Duration.ofSeconds(20);

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobLostWhilePreparing",
              "The job is lost: recover first.",
              Recovery::instead,
              DecisionState.Stopping),
          Rule.when(
              "ChangeSuperseded",
              "The spec changed again, or the job has come to its end: give the change up.",
              GiveUp::superseded,
              DecisionState.Running),
          Rule.when(
              "ObjectsRefused",
              "The API server refuses an object of the next start: give the change up.",
              PreparingRules::refused,
              DecisionState.Running),
          Rule.when(
              "PreparedInVain",
              "The JobManager of the next start finds no room beside what runs, takes that of its"
                  + " TaskManagers, or ends: it is made when the old one is gone, or a move is given"
                  + " up.",
              PreparingRules::inVain,
              DecisionState.Running),
          Rule.when(
              "PodsBroken",
              "A pod of the next start shows a fault for 20 s that time does not heal: give the"
                  + " change up.",
              PreparingRules::broken,
              DecisionState.Running),
          Rule.when(
              "StorageRefused",
              "The directories or the identity change, and a pod that tries them is denied or cannot"
                  + " use them: give the change up.",
              PreparingRules::storage,
              DecisionState.Running),
          Rule.when(
              "PreparedTooLate",
              "The deadline is over: give the change up.",
              PreparingRules::late,
              DecisionState.Running),
          Rule.when(
              "StopJob",
              "The new pods wait, or the TaskManagers find no room for a fifth of changeTimeout and"
                  + " may have it once the old ones are gone, and what had to be tried on S3 was:"
                  + " stop the job.",
              PreparingRules::stop,
              DecisionState.WaitingForJob,
              DecisionState.Savepointing,
              DecisionState.Cancelling,
              DecisionState.Stopping),
          Rule.otherwise(
              "WaitForPods",
              "Otherwise: wait for the new pods.",
              s ->
                  Continuation.withPrepared(s)
                      .causes(LaunchFacts.problems(s, s.operation().epoch()))));

  private PreparingRules() {}

  private static Decision abandoned(Situation s, Reason reason, String why) {
    return Continuation.abandon(s, OperationResult.Abandoned, reason, why);
  }

  private static Optional<Decision> refused(Situation s) {
    return StorageTrial.otherRefusals(s).isEmpty()
        ? Optional.empty()
        : Optional.of(abandoned(s, Reason.ChildRefused, Continuation.refused(s)));
  }

  private static Optional<Decision> inVain(Situation s) {
    return PreparedJobManager.inVain(s)
        .map(
            why ->
                LeavingNodes.moves(s.operation())
                    ? abandoned(s, Reason.OperationFailed, "the job is not moved: " + why)
                    : Continuation.recording(s, Operations.withoutPreparedJobManager(s, why)));
  }

  private static Optional<Decision> broken(Situation s) {
    Optional<ObservedPod.PodProblem> broken = LaunchFacts.brokenPod(s, s.operation().epoch());
    return broken
        .filter(b -> Timeouts.longerInStage(s, FAULT_PATIENCE))
        .map(b -> abandoned(s, b.reason(), b.message()));
  }

  private static Optional<Decision> storage(Situation s) {
    return StorageTrial.refused(s).map(why -> abandoned(s, why.reason(), why.message()));
  }

  private static Optional<Decision> late(Situation s) {
    if (!Timeouts.overdue(s)) {
      return Optional.empty();
    }
    int replicas = s.next().map(next -> next.spec().taskManager().replicas()).orElse(0);
    boolean untried =
        !StorageTrial.over(s) && LaunchFacts.taskManagersUp(s, s.operation().epoch(), replicas);
    String why =
        (untried
                ? "what the new pods may do on S3 could not be tried within changeTimeout"
                : "the new pods did not come up within changeTimeout")
            + LaunchFacts.text(s.seen().problems(s.operation().epoch()).stream().findFirst());
    return Optional.of(abandoned(s, Reason.DeadlineExceeded, why));
  }

  private static Optional<Decision> stop(Situation s) {
    OperationStatus operation = s.operation();
    CheckedCluster wanted = s.wanted().orElseThrow();
    int replicas = wanted.spec().taskManager().replicas();
    boolean up =
        LaunchFacts.taskManagersUp(s, operation.epoch(), replicas)
            && PreparedJobManager.readyOrNone(s);
    boolean noRoom =
        !LeavingNodes.moves(operation)
            && LaunchFacts.noRoom(s, operation.epoch())
            && SchedulingRoom.mayFitAlone(s, operation.epoch(), s.launch(), wanted)
            && Timeouts.longerInStage(s, Timeouts.fifth(s));
    return (up || noRoom) && StorageTrial.over(s)
        ? Optional.of(
            Decision.of(Phase.Changing, stop(s, wanted, noRoom)).keep(Launches.underWay(s)).soon())
        : Optional.empty();
  }

  /** With a savepoint if the job can give one; else it is cancelled, or removed as it is. */
  private static RecordedState stop(Situation s, CheckedCluster wanted, boolean noRoom) {
    LaunchStatus launch = s.launch();
    OperationBuilder operation = Operations.current(s);
    if (s.operation().withJobManagerPrepared() && PreparedJobManager.readyOrNone(s)) {
      operation.step("the new JobManager came up beside the running job");
    }
    boolean stateful = wanted.stateful() && launch.jobId() != null;
    boolean over = JobEnd.over(s, launch);
    if (stateful && !over && savepointPossible(s, wanted)) {
      OperationBuilder waiting = Operations.takingSavepoint(s, operation);
      if (noRoom) {
        waiting.message("no room for old and new TaskManagers together: the old ones go first");
      }
      return s.recorded().with(waiting.status());
    }
    LaunchFacts.job(s, launch)
        .filter(ObservedJob::allTasksRunning)
        .ifPresent(j -> operation.stoppedAt(s.now()));
    return stateful && !over
        ? s.recorded().with(Operations.cancelling(operation).status())
        : Operations.stopping(s, operation);
  }

  private static boolean savepointPossible(Situation s, CheckedCluster wanted) {
    return SavepointFacts.needed(s, wanted) && SavepointFacts.directory(s, s.launch()).isPresent();
  }
}
