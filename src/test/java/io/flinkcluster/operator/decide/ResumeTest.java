package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ResumeTest {
  private static final String SUSPEND = "suspend: true";

  private static DecisionScenario suspended() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(SUSPEND);
    stage.settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    stage.jobManagersGone().settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    return stage.jobManagersBack();
  }

  private static void resume(DecisionScenario stage) {
    stage.spec(stage.yaml().replace(SUSPEND, "suspend: false"));
  }

  @Nested
  class WhileAnEarlierJobManagerMayStillRun {
    @Test
    void nothingIsStarted() {
      DecisionScenario stage = suspended();
      resume(stage);
      Decision decision = stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(stage.launch().epoch()).isEqualTo(1);
      assertThat(decision.runs()).allMatch(r -> !r.parts().contains(Part.JOB_MANAGER));
      stage.jobManagersGone().settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Starting);
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    }

    @Test
    void aRestartTokenStartsNothing() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.settle();
      stage.gatedPod(1, "jm-1").settle();
      stage.pod(Component.JOB_MANAGER, 1, "jm-1").job("FAILED", Optional.empty(), 0).settle();
      assertThat(stage.launch().stoppedAt()).isNotNull();
      stage.restartToken("again").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.recorded().actions().restart()).isEqualTo("again");
    }

    @Test
    void anotherSuspendIsServed() {
      DecisionScenario stage = suspended();
      resume(stage);
      stage.settle();
      stage.spec(stage.yaml().replace("suspend: false", SUSPEND)).settle();
      assertThat(stage.jobManagersGone().settle().phase()).isEqualTo(Phase.Suspended);
      assertThat(stage.recorded().operation()).isEmpty();
    }
  }

  @Nested
  class WithAFieldThatMayChangeWithoutARestart {
    @Test
    void itIsTheOneThatIsWantedNow() {
      DecisionScenario stage = suspended();
      stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\", allowNonRestoredState: true}"));
      resume(stage);
      stage.jobManagersGone().settle();
      Decision decision = stage.settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(decision.runs().get(0).spec().job().orElseThrow().allowNonRestoredState())
          .isTrue();
    }

    @Test
    void aJobThatBecameStatefulMeanwhileIsStoppedWithASavepoint() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\", upgradeMode: Stateless}")).running();
      stage.spec(stage.yaml().replace("Stateless", "Savepoint")).settle();
      stage.specWith("bufferTimeout: 5").settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
      assertThat(stage.operation().savepointDirectory()).startsWith("s3://bucket/flink/");
    }
  }

  @Nested
  class WithThePlanAnnotation {
    private static void isPlanned(Decision decision, String what) {
      assertThat(decision.causes())
          .anySatisfy(
              f -> {
                assertThat(f.reason()).isEqualTo(Reason.Planned);
                assertThat(f.message()).contains(what, "flinkcluster.io/plan");
              });
    }

    @Test
    void aSuspendWaits() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().planOnly(true).specWith(SUSPEND);
      Decision decision = stage.settle();
      isPlanned(decision, "suspend: true");
      assertThat(decision.runs()).hasSize(1);
      assertThat(stage.recorded().operation()).isEmpty();
      stage.planOnly(false).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Suspend);
    }

    @Test
    void aResumeWaits() {
      DecisionScenario stage = suspended().planOnly(true);
      resume(stage);
      Decision decision = stage.settle();
      isPlanned(decision, "suspend: false");
      assertThat(decision.phase()).isEqualTo(Phase.Suspended);
      assertThat(decision.runs()).isEmpty();
      assertThat(stage.recorded().operation()).isEmpty();
      stage.planOnly(false).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    }

    @Test
    void aRestartWaits() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().planOnly(true).restartToken("again");
      isPlanned(stage.settle(), "restart token again");
      assertThat(stage.recorded().operation().map(o -> o.stage()))
          .isIn(Optional.empty(), Optional.of(OperationStage.Planned));
      stage.planOnly(false).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Restart);
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      assertThat(stage.recorded().actions().restart()).isEqualTo("again");
    }

    @Test
    void aChangeKeepsItsIdWhenItIsCarriedOut() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().planOnly(true).specWith("bufferTimeout: 5");
      stage.settle();
      String id = stage.operation().id();
      stage.planOnly(false).elapse(Duration.ofMinutes(5)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      assertThat(stage.operation().id()).isEqualTo(id);
      stage.specWith("# again").spec(stage.yaml().replace("bufferTimeout: 5", "bufferTimeout: 6"));
      stage.settle();
      assertThat(stage.recorded().operations().get(0).result())
          .isEqualTo(OperationResult.Superseded);
      assertThat(stage.operation().id()).isNotEqualTo(id);
    }
  }
}
