package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which operations have failed and are not tried again for the same generation of the spec. */
public final class FailedOperations {
  private static final Set<OperationResult> NOT_TRIED_AGAIN =
      Set.of(OperationResult.Failed, OperationResult.RolledBack, OperationResult.Abandoned);

  private static final int MOST_RESTED_ON = 5;

  private FailedOperations() {}

  /**
   * Those of these operations, newest first, that must not be forgotten: what is not tried again
   * for the newest spec, and the one that used the highest epoch, for no epoch is used twice.
   */
  static Set<OperationRecord> restedOn(List<OperationRecord> operations) {
    var needed = new HashSet<OperationRecord>();
    operations.stream()
        .filter(o -> o.epoch() != null)
        .max(Comparator.comparing(OperationRecord::epoch))
        .ifPresent(needed::add);
    long newest =
        operations.stream()
            .map(OperationRecord::toGeneration)
            .filter(Objects::nonNull)
            .mapToLong(Long::longValue)
            .max()
            .orElse(-1);
    var told = new HashSet<String>();
    operations.stream()
        .filter(o -> o.toGeneration() != null && o.toGeneration() == newest)
        .filter(o -> o.fingerprint() != null || o.type() == OperationType.Suspend)
        .filter(o -> told.add(o.fingerprint() == null ? o.type().name() : o.fingerprint()))
        .filter(o -> NOT_TRIED_AGAIN.contains(o.result()))
        .limit(MOST_RESTED_ON)
        .forEach(needed::add);
    return needed;
  }

  /** The last operation toward this spec that failed, while the user has not changed the spec. */
  public static Optional<OperationRecord> before(Situation s, String fingerprint) {
    return s.recorded().operations().stream()
        .filter(o -> fingerprint.equals(o.fingerprint()))
        .filter(o -> o.toGeneration() != null && o.toGeneration() == s.generation())
        .findFirst()
        .filter(o -> NOT_TRIED_AGAIN.contains(o.result()));
  }

  /** The last try to suspend, if it failed and the user has not changed the spec since. */
  public static Optional<OperationRecord> suspendBefore(Situation s) {
    return s.recorded().operations().stream()
        .filter(o -> o.type() == OperationType.Suspend)
        .filter(o -> o.toGeneration() != null && o.toGeneration() == s.generation())
        .findFirst()
        .filter(o -> NOT_TRIED_AGAIN.contains(o.result()));
  }
}
