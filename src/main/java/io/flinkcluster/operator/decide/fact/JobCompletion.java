package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Times;
import java.util.Optional;

/**
 * A job that has come to its own end. Only its JobManager knows, and that may be gone tomorrow: it
 * is written down when it is seen, so that nothing ever starts such a job again unasked.
 */
public final class JobCompletion {

  private JobCompletion() {}

  /**
   * The recorded state in which the end of the current start's job is written down, if it was seen.
   */
  public static RecordedState recorded(Situation s) {
    Optional<LaunchStatus> launch =
        s.recorded().launch().filter(l -> l.stoppedAt() == null && l.finishedAt() == null);
    if (launch.isEmpty() || stopAskedFor(s)) {
      return s.recorded();
    }
    return LaunchFacts.job(s, launch.get())
        .filter(job -> job.state().equals("FINISHED"))
        .map(job -> recorded(s, launch.get(), job))
        .orElse(s.recorded());
  }

  /**
   * A job that ends by itself has its checkpoints deleted by Flink, retained ones too (1.20 to
   * 2.3): there is nothing left to go on from. One that somebody has stopped with a savepoint goes
   * on from that, if it is to run again.
   */
  private static RecordedState recorded(Situation s, LaunchStatus launch, ObservedJob job) {
    String end = Times.text(job.endedAt().orElse(s.seen().at()));
    RestorePoint stopped =
        job.checkpoints()
            .stopSavepoint()
            .map(
                path ->
                    new RestorePoint(RestorePoint.Type.Savepoint, path, launch.jobId(), end, null))
            .orElse(null);
    return s.recorded().with(launch.withFinishedAt(end)).with(stopped);
  }

  /** A job that is stopped with a savepoint ends as FINISHED too. */
  private static boolean stopAskedFor(Situation s) {
    return s.recorded()
        .operation()
        .filter(o -> o.type() != OperationType.Savepoint)
        .filter(JobCompletion::mayHaveStoppedIt)
        .isPresent();
  }

  private static boolean mayHaveStoppedIt(OperationStatus operation) {
    return switch (operation.stage()) {
      case Savepointing, AwaitingJobEnd, Stopping, CleaningUp, Removing -> true;
      default -> false;
    };
  }

  /** Whether the job of this start has come to its own end. */
  public static boolean is(LaunchStatus launch) {
    return launch.finishedAt() != null;
  }

  /**
   * Whether the job came to its own end, which nobody asked for, before the operation under way
   * stopped it: a job that has is started again by nothing but a restart token.
   */
  public static boolean before(Situation s) {
    OperationType type = s.operation().type();
    return s.recorded().launch().filter(JobCompletion::is).isPresent()
        && type != OperationType.Restart
        && type != OperationType.Rerun
        && type != OperationType.Delete;
  }
}
