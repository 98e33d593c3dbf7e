package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.decide.state.OperationHistory;
import io.flinkcluster.operator.decide.state.Situation;
import java.util.Optional;

/** Which operations have failed and are not tried again for the same generation of the spec. */
public final class FailedOperations {

  private FailedOperations() {}

  /** The last operation toward this spec that failed, while the user has not changed the spec. */
  public static Optional<OperationRecord> before(Situation s, String fingerprint) {
    return s.recorded().operations().stream()
        .filter(o -> fingerprint.equals(o.fingerprint()))
        .filter(o -> o.toGeneration() != null && o.toGeneration() == s.generation())
        .findFirst()
        .filter(o -> OperationHistory.NOT_TRIED_AGAIN.contains(o.result()));
  }

  /** The last try to suspend, if it failed and the user has not changed the spec since. */
  public static Optional<OperationRecord> suspendBefore(Situation s) {
    return s.recorded().operations().stream()
        .filter(o -> o.type() == OperationType.Suspend)
        .filter(o -> o.toGeneration() != null && o.toGeneration() == s.generation())
        .findFirst()
        .filter(o -> OperationHistory.NOT_TRIED_AGAIN.contains(o.result()));
  }
}
