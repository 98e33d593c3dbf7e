package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.RecordedState;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedStateTest {
  private static OperationRecord record(
      String id, OperationType type, Long epoch, String fingerprint, OperationResult result) {
    return record(id, type, epoch, fingerprint, result, "because");
  }

  private static OperationRecord record(
      String id,
      OperationType type,
      Long epoch,
      String fingerprint,
      OperationResult result,
      String message) {
    String at = "2026-01-01T00:00:00Z";
    return new OperationRecord(
        id,
        type,
        "why",
        TriggerKind.SpecChange,
        1L,
        2L,
        epoch,
        fingerprint,
        at,
        at,
        result,
        null,
        null,
        List.of(new StepStatus(OperationStage.Preparing, at, "1s", null)),
        message,
        null);
  }

  private static RecordedState after(OperationRecord... records) {
    RecordedState recorded = RecordedState.of(null);
    for (OperationRecord record : records) {
      recorded = recorded.ended(record);
    }
    for (int i = 0; i < 20; i++) {
      recorded =
          recorded.ended(
              record("s" + i, OperationType.Savepoint, null, null, OperationResult.Failed));
    }
    return recorded;
  }

  @Test
  void aChangeThatIsNotTriedAgainIsNotPushedOut() {
    var undone = record("u", OperationType.Upgrade, 2L, "bad", OperationResult.RolledBack);
    var back = record("b", OperationType.Rollback, 3L, "good", OperationResult.Succeeded);
    RecordedState recorded = after(undone, back);
    assertThat(recorded.operations()).hasSize(10).contains(undone, back);
    assertThat(recorded.operations().get(0).id()).isEqualTo("s19");
  }

  /** Of ten operations with a message of so many characters. */
  private static List<OperationRecord> history(int characters) {
    RecordedState recorded = RecordedState.of(null);
    for (int i = 0; i < 12; i++) {
      recorded =
          recorded.ended(
              record(
                  "s" + i,
                  OperationType.Savepoint,
                  null,
                  null,
                  OperationResult.Failed,
                  "x".repeat(characters)));
    }
    assertThat(recorded.operations()).hasSize(10);
    return recorded.operations();
  }

  private static String asJson(List<OperationRecord> operations) {
    return Serialization.asJson(operations);
  }

  @Test
  void shortOnesAreAllToldInFull() {
    assertThat(history(100)).allMatch(o -> o.steps() != null && o.message().length() == 100);
  }

  @Test
  void ofTheOldestLessIsToldWhereTheyAreLong() {
    List<OperationRecord> operations = history(600);
    assertThat(asJson(operations)).hasSizeBetween(4000, 6200);
    assertThat(operations.get(0).message()).hasSize(600);
    assertThat(operations.get(9).message()).hasSize(200);
    assertThat(operations.get(9).steps()).isNull();
    // Never less of a newer one than of an older one.
    assertThat(operations)
        .extracting(o -> o.message().length())
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void ofTheOldestNoTextIsToldWhereTheNewestIsVeryLong() {
    List<OperationRecord> operations = history(4000);
    assertThat(asJson(operations)).hasSizeBetween(4000, 7000);
    assertThat(operations.get(0).message()).hasSize(4000);
    assertThat(operations.get(9).message()).isNull();
    assertThat(operations.get(9).trigger()).isNull();
    assertThat(operations).allMatch(o -> o.id() != null && o.result() == OperationResult.Failed);
  }

  @Test
  void anEpochIsNotUsedTwice() {
    var high = record("h", OperationType.Upgrade, 7L, "a", OperationResult.Superseded);
    var later = record("l", OperationType.Recovery, 3L, "b", OperationResult.Succeeded);
    assertThat(after(high, later).nextEpoch()).isEqualTo(8);
  }

  @Test
  void aFailureThatWasFollowedByASuccessMayGo() {
    var bad = record("x", OperationType.Upgrade, 2L, "a", OperationResult.Failed);
    var good = record("y", OperationType.Upgrade, 3L, "a", OperationResult.Succeeded);
    var next = record("z", OperationType.Upgrade, 4L, "b", OperationResult.Succeeded);
    assertThat(after(bad, good, next).operations())
        .extracting(OperationRecord::id)
        .doesNotContain("x", "y")
        .contains("z");
  }
}
