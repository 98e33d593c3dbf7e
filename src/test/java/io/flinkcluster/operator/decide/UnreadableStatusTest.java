package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.state.RecordedState;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A status that a newer operator wrote, or somebody by hand, is never acted on blindly. */
class UnreadableStatusTest {

  private static DecisionScenario changing(UnaryOperator<RecordedState> edit) {
    DecisionScenario stage =
        DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}");
    stage.settle();
    return stage.recorded(edit);
  }

  private static OperationStatus withoutStage(OperationStatus o) {
    return new OperationStatus(
        o.id(),
        o.type(),
        o.trigger(),
        o.triggerKind(),
        o.fromGeneration(),
        o.toGeneration(),
        null,
        o.startedAt(),
        o.deadline(),
        o.epoch(),
        o.fingerprint(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        o.steps(),
        null,
        null);
  }

  private static void isLeftAlone(DecisionScenario stage, String field) {
    RecordedState before = stage.recorded();
    Decision decision = stage.settle();
    assertThat(stage.recorded()).isEqualTo(before);
    assertThat(decision.actions()).isEmpty();
    assertThat(decision.runs()).isEmpty();
    assertThat(decision.keep()).contains(1L);
    assertThat(decision.causes())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.reason()).isEqualTo(Reason.StatusNotUnderstood);
              assertThat(f.stalled()).isTrue();
              assertThat(f.message()).contains(field);
            });
  }

  @Test
  void withAStageThatThisVersionDoesNotKnow() {
    isLeftAlone(
        changing(r -> r.with(withoutStage(r.operation().orElseThrow()))), "status.operation.stage");
  }

  @Test
  void withoutTheStartThatAnOperationIsAbout() {
    isLeftAlone(changing(r -> r.with((LaunchStatus) null)), "status.launch");
  }

  @Test
  void withAnEpochThatCannotBe() {
    isLeftAlone(
        changing(
            r -> {
              LaunchStatus l = r.launch().orElseThrow();
              return r.with(
                  new LaunchStatus(
                      -1L, l.jobId(), l.fingerprint(), l.generation(), null, null, null, null));
            }),
        "status.launch.epoch is -1");
  }

  @Test
  void isDeletedOnlyWhereNoStateIsToBeKept() {
    DecisionScenario stage =
        changing(r -> r.with(withoutStage(r.operation().orElseThrow()))).delete();
    Decision decision = stage.settle();
    assertThat(decision.gone()).isFalse();
    assertThat(decision.causes().get(0).message()).contains("job.onDelete: Cancel");
    stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\", onDelete: Cancel}"));
    assertThat(stage.settle().keep()).isEmpty();
    assertThat(stage.nothingLeft().settle().gone()).isTrue();
  }
}
