package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedApplication;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Duration;
import java.util.Optional;

/**
 * The end of a job, above all one in failure, or of an application without a job. Flink tells of a
 * failure in one of three ways: as a job in state FAILED, also where the main method threw before
 * it had submitted one; as an application that has ended without a job (2.3); or as the last words
 * of a JobManager that exited (1.20 to 2.2, where the main method returned without a job).
 */
public final class JobEnd {

  /** How long the cause of a failure is waited for; by the clocks of Flink and of the operator. */
  private static final Duration CAUSE = Duration.ofSeconds(10);

  private JobEnd() {}

  /** Why it has failed, one line; empty: it has not, or Flink has yet to tell the cause. */
  public static Optional<String> failure(Situation s, LaunchStatus launch) {
    Optional<ObservedJob> job = LaunchFacts.failedJob(s, launch);
    return job.isPresent()
        ? job.filter(j -> !causeMayCome(s, j)).map(LaunchFacts::text)
        : withoutJob(s, launch);
  }

  /** Whether nothing of this start runs any more: its job has ended, or no job will come. */
  public static boolean over(Situation s, LaunchStatus launch) {
    return JobCompletion.is(launch)
        || LaunchFacts.endedJob(s, launch).isPresent()
        || application(s, launch).isPresent();
  }

  /** Whether the same start may do better: nobody cancelled it. */
  public static boolean mayPass(Situation s, LaunchStatus launch) {
    return LaunchFacts.job(s, launch).filter(j -> !j.state().equals("FAILED")).isEmpty();
  }

  /** Why the application of this start has ended without a job; empty: it has not. */
  private static Optional<String> withoutJob(Situation s, LaunchStatus launch) {
    if (LaunchFacts.job(s, launch).isPresent() || JobCompletion.is(launch)) {
      return Optional.empty();
    }
    return application(s, launch)
        .map(JobEnd::text)
        .or(() -> lastWords(s, launch).map(ObservedPod.PodProblem::message));
  }

  /** The application of this start where it has ended and no job of it was ever there. */
  public static Optional<ObservedApplication> application(Situation s, LaunchStatus launch) {
    return s.seen()
        .flink()
        .filter(f -> f.epoch() == launch.epoch())
        .flatMap(FlinkObservation::application);
  }

  private static Optional<ObservedPod.PodProblem> lastWords(Situation s, LaunchStatus launch) {
    return s.seen().pods(Component.JOB_MANAGER, launch.epoch()).stream()
        .flatMap(pod -> pod.problem().stream())
        .filter(problem -> problem.reason() == Reason.JobFailed)
        .findFirst();
  }

  private static String text(ObservedApplication application) {
    return application.state().equals("FINISHED")
        ? "the main method returned without submitting a job: it contains no execute() call that"
            + " was reached"
        : "the application is "
            + application.state()
            + " without a job"
            + application.failure().map(f -> ": " + f).orElse("");
  }

  /** Flink tells the cause from a cache of 3 s, and is asked for it again every few seconds. */
  private static boolean causeMayCome(Situation s, ObservedJob job) {
    return job.state().equals("FAILED")
        && job.failure().isEmpty()
        && job.endedAt()
            .filter(end -> Duration.between(end, s.now()).abs().compareTo(CAUSE) < 0)
            .isPresent();
  }
}
