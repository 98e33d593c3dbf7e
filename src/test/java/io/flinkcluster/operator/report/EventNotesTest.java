package io.flinkcluster.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventNotesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static OperationBuilder operation(OperationType type, TriggerKind kind) {
    return OperationBuilder.begin(type, "id", NOW, Duration.ofMinutes(10))
        .trigger(kind, "why")
        .stage(OperationStage.Stopping);
  }

  private static FlinkClusterStatus status(RecordedState recorded) {
    return new FlinkClusterStatus(
        1L,
        List.of(),
        Phase.Running,
        null,
        null,
        null,
        recorded.operation().orElse(null),
        recorded.operations(),
        null,
        recorded.savepoints(),
        null,
        null,
        null,
        null);
  }

  private static final RecordedState NOTHING = RecordedState.of(null);

  @Test
  void tellsOnceThatAnOperationBegins() {
    FlinkClusterStatus begun =
        status(NOTHING.with(operation(OperationType.Upgrade, TriggerKind.SpecChange).status()));
    assertThat(EventNotes.between(status(NOTHING), begun))
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.reason()).isEqualTo(Reason.OperationStarted);
              assertThat(note.warning()).isFalse();
              assertThat(note.message()).isEqualTo("Upgrade: why");
            });
    assertThat(EventNotes.between(begun, begun)).isEmpty();
  }

  @Test
  void warnsOfAnOperationThatFailedAndNotOfOneThatGaveWay() {
    for (OperationResult result : OperationResult.values()) {
      RecordedState ended =
          NOTHING.ended(
              operation(OperationType.Upgrade, TriggerKind.SpecChange)
                  .end(result, null, "words", Optional.empty()));
      boolean bad = result != OperationResult.Succeeded && result != OperationResult.Superseded;
      assertThat(EventNotes.between(status(NOTHING), status(ended)))
          .singleElement()
          .satisfies(note -> assertThat(note.warning()).as(result.name()).isEqualTo(bad));
    }
  }

  @Test
  void warnsOfADeletionThatSucceededWithoutItsSavepoint() {
    RecordedState ended =
        NOTHING.ended(
            operation(OperationType.Delete, TriggerKind.Deleted)
                .end(
                    OperationResult.Succeeded,
                    Reason.SavepointFailed,
                    "no savepoint",
                    Optional.empty()));
    assertThat(EventNotes.between(status(NOTHING), status(ended)))
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.warning()).isTrue();
              assertThat(note.reason()).isEqualTo(Reason.SavepointFailed);
              assertThat(note.message()).contains("Delete Succeeded", "no savepoint");
            });
  }

  @Test
  void isSilentAboutSavepointsByScheduleThatGoWell() {
    OperationBuilder savepoint = operation(OperationType.Savepoint, TriggerKind.Schedule);
    RecordedState begun = NOTHING.with(savepoint.status());
    assertThat(EventNotes.between(status(NOTHING), status(begun))).isEmpty();
    RecordedState taken =
        begun
            .with(new SavepointStatus("s3://b/s", "periodic", TriggerKind.Schedule, "j", "t"))
            .ended(savepoint.end(OperationResult.Succeeded, null, null, Optional.empty()));
    assertThat(EventNotes.between(status(begun), status(taken)))
        .singleElement()
        .satisfies(note -> assertThat(note.reason()).isEqualTo(Reason.SavepointCompleted));
    RecordedState failed =
        begun.ended(
            savepoint.end(
                OperationResult.Failed, Reason.SavepointFailed, "disk full", Optional.empty()));
    assertThat(EventNotes.between(status(begun), status(failed)))
        .singleElement()
        .satisfies(note -> assertThat(note.message()).contains("disk full"));
  }
}
