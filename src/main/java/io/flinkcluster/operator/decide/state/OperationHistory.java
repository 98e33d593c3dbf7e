package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.SafeText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Which of the operations that have ended must not be forgotten, and how those long past are told.
 */
public final class OperationHistory {
  /** An operation that ended so is not tried again for the same generation of the spec. */
  public static final Set<OperationResult> NOT_TRIED_AGAIN =
      Set.of(OperationResult.Failed, OperationResult.RolledBack, OperationResult.Abandoned);

  private static final int MOST_RESTED_ON = 5;

  private static final int BRIEF = 200;

  /** Of the 16 KiB of a status; savepoints, conditions and the present need the rest. */
  private static final int MOST_CHARACTERS = 6144;

  /** Of an operation in the status without those of any length, and of one of its steps. */
  private static final int SMALL_FIELDS = 300;

  private static final int STEP = 90;

  private static final List<UnaryOperator<OperationRecord>> SHORTER =
      List.of(OperationHistory::brief, OperationHistory::withoutTexts);

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

  /**
   * The same operations, newest first, of at most {@link #MOST_CHARACTERS} together: of the oldest
   * the stages and the ends of their texts are left out until it is so, then their texts. A status
   * is written often, and every watcher is sent it. The newest stays as it is.
   */
  static List<OperationRecord> bounded(List<OperationRecord> operations) {
    var told = new ArrayList<>(operations);
    for (UnaryOperator<OperationRecord> less : SHORTER) {
      for (int i = told.size() - 1; i > 0 && characters(told) > MOST_CHARACTERS; i--) {
        told.set(i, less.apply(told.get(i)));
      }
    }
    return List.copyOf(told);
  }

  private static int characters(List<OperationRecord> operations) {
    return operations.stream().mapToInt(OperationHistory::characters).sum();
  }

  /** About as many as it takes in the status, as JSON. */
  private static int characters(OperationRecord o) {
    int steps =
        Stream.ofNullable(o.steps())
            .flatMap(List::stream)
            .mapToInt(step -> STEP + characters(step.message()))
            .sum();
    return SMALL_FIELDS
        + steps
        + characters(o.fingerprint())
        + characters(o.savepoint())
        + characters(o.trigger())
        + characters(o.message());
  }

  private static int characters(String text) {
    return text == null ? 0 : text.length();
  }

  private static OperationRecord brief(OperationRecord o) {
    return told(o, brief(o.trigger()), brief(o.message()));
  }

  private static String brief(String text) {
    return text == null ? null : SafeText.shortened(text, BRIEF);
  }

  private static OperationRecord withoutTexts(OperationRecord o) {
    return told(o, null, null);
  }

  /** The same without its stages, and with these texts. */
  private static OperationRecord told(OperationRecord o, String trigger, String message) {
    return new OperationRecord(
        o.id(),
        o.type(),
        trigger,
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
        message,
        o.reason());
  }
}
