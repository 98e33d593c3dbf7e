package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.AfterFinishSpec;
import io.flinkcluster.operator.api.JobSpec;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.Rerun;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.SpecDiff;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.util.Optional;

/** A cluster whose job has come to its own end: whether it runs again, and what of it stays. */
public final class FinishedCluster {

  private FinishedCluster() {}

  /**
   * Why the job is to run again; empty: it is not, or all that differs from what ran has failed
   * before. With {@code suspend: true} nothing is.
   */
  public static Optional<String> rerun(Situation s) {
    Optional<CheckedCluster> wanted = s.wanted().filter(w -> !w.spec().suspend());
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    return s.wishes()
        .restart()
        .filter(t -> !t.equals(s.recorded().actions().restart()))
        .map(token -> "restart token " + token)
        .or(
            () ->
                change(s, wanted.get())
                    .filter(what -> rerun(wanted.get()) == Rerun.OnChange)
                    .filter(
                        what -> FailedOperations.before(s, wanted.get().fingerprint()).isEmpty()));
  }

  /**
   * Why a change of the spec does not run the job again, and what would; empty: none is ignored.
   */
  public static Optional<String> notRerun(Situation s) {
    return s.wanted()
        .filter(w -> !w.spec().suspend() && rerun(w) == Rerun.Never)
        .flatMap(w -> change(s, w))
        .map(
            what ->
                "the job of generation "
                    + s.launch().generation()
                    + " has come to its end, and the spec has changed since ("
                    + what
                    + "); job.rerun is Never, so that generation "
                    + s.generation()
                    + " is not run. Set the annotation flinkcluster.io/restart to a new value to"
                    + " run it, or job.rerun to OnChange");
  }

  /** Whether the job would run again with the wanted spec if that did not say {@code suspend}. */
  public static boolean suspendedRerun(Situation s) {
    return s.wanted()
        .filter(w -> w.spec().suspend() && rerun(w) == Rerun.OnChange)
        .filter(w -> FailedOperations.before(s, w.fingerprint()).isEmpty())
        .flatMap(w -> change(s, w))
        .isPresent();
  }

  private static Rerun rerun(CheckedCluster wanted) {
    return wanted.job().map(JobSpec::rerun).orElse(Rerun.OnChange);
  }

  /** What differs from what ran, unless it is nothing but the size: that changes no result. */
  private static Optional<String> change(Situation s, CheckedCluster wanted) {
    if (wanted.fingerprint().equals(s.launch().fingerprint())) {
      return Optional.empty();
    }
    Optional<CheckedCluster> ran = s.running();
    if (ran.isEmpty()) {
      return Optional.of("the spec has changed");
    }
    return SpecDiff.between(ran.get(), wanted)
        .filter(diff -> !diff.sizeOnly())
        .map(SpecDiff::summary);
  }

  /**
   * For how much longer the pods are kept; zero or less: not at all any more. Nothing that is
   * suspended keeps any, and where the JobManager is gone another one would run the job again.
   */
  public static Duration kept(Situation s) {
    LaunchStatus launch = s.launch();
    boolean suspended = s.wanted().filter(w -> w.spec().suspend()).isPresent();
    if (suspended || LaunchFacts.jobManagerLost(s, launch)) {
      return Duration.ZERO;
    }
    String keep =
        s.wanted()
            .or(s::running)
            .flatMap(CheckedCluster::job)
            .map(JobSpec::afterFinish)
            .orElse(AfterFinishSpec.DEFAULT)
            .duration();
    Duration since = Duration.between(Times.moment(launch.finishedAt()).orElse(s.now()), s.now());
    return Times.duration(keep).minus(since);
  }
}
