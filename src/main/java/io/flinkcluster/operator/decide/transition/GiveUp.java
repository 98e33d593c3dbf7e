package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.JobCompletion;
import io.flinkcluster.operator.decide.state.Situation;
import java.util.Optional;

/** A change that has not touched what runs is given up without a trace. */
public final class GiveUp {

  private GiveUp() {}

  /** Where the spec has changed since, or the job has come to its own end. */
  public static Optional<Decision> superseded(Situation s) {
    boolean same =
        s.wanted()
            .filter(w -> !w.spec().suspend())
            .filter(w -> w.fingerprint().equals(s.operation().fingerprint()))
            .isPresent();
    if (!same) {
      return Optional.of(
          Continuation.abandon(
              s.withRecorded(Operations.restartNotServed(s)),
              OperationResult.Superseded,
              null,
              "the spec changed again"));
    }
    return finished(s);
  }

  /** Where the job has come to its own end, before it was stopped. */
  public static Optional<Decision> finished(Situation s) {
    return JobCompletion.before(s)
        ? Optional.of(
            Continuation.abandon(
                s, OperationResult.Superseded, null, "the job has come to its end meanwhile"))
        : Optional.empty();
  }
}
