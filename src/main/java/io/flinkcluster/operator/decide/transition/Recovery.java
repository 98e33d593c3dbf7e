package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.JobLoss;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FlinkObservation;
import java.util.Optional;

/** A job that is lost is started again from its newest restore point, whatever else is wanted. */
public final class Recovery {

  private Recovery() {}

  /** Begins it where the job is lost and the spec is known that it ran. */
  public static Optional<Decision> begin(Situation s) {
    Optional<CheckedCluster> spec = s.running().or(s::wanted);
    return JobLoss.of(s).filter(why -> spec.isPresent()).map(why -> begin(s, spec.get(), why));
  }

  /** The same while a change is being prepared, which begins anew when the job runs again. */
  public static Optional<Decision> instead(Situation s) {
    Optional<CheckedCluster> spec = s.running().or(s::wanted);
    return JobLoss.of(s)
        .filter(why -> spec.isPresent())
        .map(
            why ->
                begin(
                    s.withRecorded(
                        Operations.end(
                            s,
                            OperationResult.Superseded,
                            Reason.JobManagerLost,
                            JobLoss.text(why) + " meanwhile; it is recovered first")),
                    spec.get(),
                    why));
  }

  /**
   * Where the JobManager was not heard of last, the job was last known to run at most until now.
   */
  private static Decision begin(Situation s, CheckedCluster spec, TriggerKind why) {
    OperationBuilder recovery =
        Operations.newLaunch(s, OperationType.Recovery, spec, why, JobLoss.text(why));
    recovery.stoppedAt(
        s.seen()
            .flink()
            .filter(FlinkObservation::reachable)
            .map(FlinkObservation::at)
            .orElse(s.now()));
    return Continuation.stopping(Operations.stopping(s, recovery));
  }
}
