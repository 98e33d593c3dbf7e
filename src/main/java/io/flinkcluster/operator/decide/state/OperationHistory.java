package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.SafeText;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which of the operations that have ended must not be forgotten, and how those long past are told.
 */
public final class OperationHistory {
  /** An operation that ended so is not tried again for the same generation of the spec. */
  public static final Set<OperationResult> NOT_TRIED_AGAIN =
      Set.of(OperationResult.Failed, OperationResult.RolledBack, OperationResult.Abandoned);

  private static final int MOST_RESTED_ON = 5;

  private static final int BRIEF = 200;

  private OperationHistory() {}

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

  /** The same without its stages, and with short texts. */
  public static OperationRecord brief(OperationRecord o) {
    return new OperationRecord(
        o.id(),
        o.type(),
        brief(o.trigger()),
        o.triggerKind(),
        o.fromGeneration(),
        o.toGeneration(),
        o.epoch(),
        o.fingerprint(),
        o.startedAt(),
        o.endedAt(),
        o.result(),
        o.savepoint(),
        o.downtime(),
        null,
        brief(o.message()),
        o.reason());
  }

  private static String brief(String text) {
    return text == null ? null : SafeText.shortened(text, BRIEF);
  }
}
