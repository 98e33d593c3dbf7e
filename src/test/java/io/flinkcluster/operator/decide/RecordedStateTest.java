package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.OperationHistory;
import io.flinkcluster.operator.decide.state.RecordedState;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedStateTest {
  private static OperationRecord record(
      String id, OperationType type, Long epoch, String fingerprint, OperationResult result) {
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
        "because ".repeat(50),
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
    assertThat(recorded.operations())
        .hasSize(10)
        .contains(OperationHistory.brief(undone), OperationHistory.brief(back));
    assertThat(recorded.operations().get(0).id()).isEqualTo("s19");
  }

  @Test
  void onlyTheLastThreeAreToldInFull() {
    List<OperationRecord> operations = after().operations();
    assertThat(operations.subList(0, 3)).allMatch(o -> o.steps() != null);
    assertThat(operations.subList(3, 10))
        .allMatch(o -> o.steps() == null && o.message().length() == 200);
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
