package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.Disruption;
import io.flinkcluster.operator.decide.fact.JobEnd;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.ObservedPod;
import java.util.ArrayList;
import java.util.Optional;

/** A start that comes up: what may end it, and how it is waited for. */
public final class ComingUp {

  private ComingUp() {}

  /**
   * Where the user changed the spec since the operation was begun. A job whose tasks run may have
   * completed a checkpoint and with it committed what it wrote: it is not thrown away.
   */
  public static Optional<Decision> superseded(Situation s) {
    OperationStatus operation = s.operation();
    boolean changed =
        s.generation() != operation.toGeneration()
            && s.wanted()
                .filter(w -> !w.spec().suspend())
                .filter(w -> !w.fingerprint().equals(operation.fingerprint()))
                .isPresent();
    return changed && !LaunchFacts.allTasksRun(s, s.launch())
        ? Optional.of(FailedStart.superseded(s))
        : Optional.empty();
  }

  /** Where the user wants it suspended meanwhile, and its tasks do not run. */
  public static Optional<Decision> suspended(Situation s) {
    return s.wanted().filter(w -> w.spec().suspend()).isPresent()
            && !LaunchFacts.allTasksRun(s, s.launch())
        ? Optional.of(FailedStart.suspended(s))
        : Optional.empty();
  }

  /** Where it cannot succeed any more. */
  public static Optional<Decision> failed(Situation s) {
    LaunchStatus launch = s.launch();
    Optional<String> failed = JobEnd.failure(s, launch);
    if (failed.isPresent()) {
      return Optional.of(FailedStart.failed(s, Reason.JobFailed, failed.get()));
    }
    if (LaunchFacts.jobManagerLost(s, launch)) {
      Optional<String> taken = Disruption.of(s, launch);
      if (taken.isPresent()) {
        return Optional.of(
            FailedStart.disrupted(s, "the JobManager was taken away: " + taken.get()));
      }
      String why =
          "the JobManager ended" + LaunchFacts.text(LaunchFacts.brokenPod(s, launch.epoch()));
      return Optional.of(FailedStart.failed(s, Reason.JobManagerLost, why));
    }
    return OperationTypes.of(s.operation().type()).reversible()
        ? failedChange(s, launch)
        : Optional.empty();
  }

  /** What is waited for where there is nothing to go back to. */
  private static Optional<Decision> failedChange(Situation s, LaunchStatus launch) {
    Optional<ObservedPod.PodProblem> unfetched = LaunchFacts.unfetched(s, launch.epoch());
    if (unfetched.isPresent()) {
      return Optional.of(
          FailedStart.failed(s, unfetched.get().reason(), unfetched.get().message()));
    }
    if (!s.refusals().isEmpty()) {
      return Optional.of(FailedStart.failed(s, Reason.ChildRefused, Continuation.refused(s)));
    }
    Optional<ObservedPod.PodProblem> broken = LaunchFacts.brokenJobManager(s, launch.epoch());
    if (broken.isPresent() && Timeouts.longerInStage(s, Timeouts.fifth(s))) {
      String why =
          "the JobManager does not come up within a fifth of changeTimeout"
              + LaunchFacts.text(broken);
      return Optional.of(FailedStart.failed(s, broken.get().reason(), why));
    }
    if (!Timeouts.overdue(s)) {
      return Optional.empty();
    }
    String why =
        "the job does not run after changeTimeout"
            + LaunchFacts.text(s.seen().problems(launch.epoch()).stream().findFirst());
    return Optional.of(FailedStart.failed(s, Reason.DeadlineExceeded, why));
  }

  /** It is waited for, and what keeps it is told. */
  public static Decision waiting(Situation s) {
    LaunchStatus launch = s.launch();
    if (s.running().isEmpty()) {
      return Continuation.asBefore(s, OperationTypes.phase(s.operation())).soon();
    }
    var causes = new ArrayList<>(Continuation.refusals(s));
    FailedStart.cause(s).ifPresent(causes::add);
    causes.addAll(LaunchFacts.problems(s, launch));
    if (Timeouts.overdue(s)) {
      causes.add(
          ConditionCause.stalled(
              Reason.DeadlineExceeded,
              "the job does not run after changeTimeout; it is waited on"));
    }
    var actions = new ArrayList<>(Continuation.pods(s, launch));
    if (Launches.keepHighAvailabilityData(s)) {
      actions.add(
          new Action.RemoveHighAvailabilityData(Launches.pastClusterIds(s, launch.epoch())));
    }
    return Decision.of(OperationTypes.phase(s.operation()), s.recorded())
        .runs(Run.whole(s.running().get(), Launches.of(launch)))
        .actions(actions)
        .causes(causes)
        .soon();
  }
}
