package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A job that has come to its own end: what runs it again, and what is left of it. */
class RerunTest {
  private static final String CHANGED = "bufferTimeout: 5";
  private static final String TWO = "taskManager: {replicas: 2}";

  private static DecisionScenario finished(String inJob) {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\"" + inJob + "}")).running();
    return finishes(stage);
  }

  private static DecisionScenario finishes(DecisionScenario stage) {
    Decision decision = stage.job("FINISHED", Optional.empty(), 1).settle();
    assertThat(decision.phase()).isEqualTo(Phase.Finished);
    return stage;
  }

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  private static void runsAgain(DecisionScenario stage, long epoch) {
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rerun);
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    stage.jobManagersGone().settle();
    stage.comesUp(epoch);
    assertThat(stage.launch().restoredFrom()).as("its checkpoints are deleted").isNull();
    assertThat(stage.launch().snapshotSearchDirectories()).isNull();
    assertThat(stage.launch().finishedAt()).isNull();
  }

  @Nested
  class IsRunAgain {
    @Test
    void byAChangeOfItsSpec() {
      DecisionScenario stage = finished("").specWith(CHANGED);
      stage.settle();
      assertThat(stage.operation().triggerKind()).isEqualTo(TriggerKind.SpecChange);
      assertThat(stage.operation().trigger()).contains("bufferTimeout");
      runsAgain(stage, 2);
      stage.job("RUNNING", Optional.empty(), 0).settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
      assertThat(stage.recorded().lastStable().orElseThrow().epoch()).isEqualTo(2);
    }

    @Test
    void byARestartTokenWhateverTheSpecSays() {
      DecisionScenario stage = finished(", rerun: Never").restartToken("again");
      stage.settle();
      assertThat(stage.operation().triggerKind()).isEqualTo(TriggerKind.RestartToken);
      assertThat(stage.recorded().actions().restart()).isEqualTo("again");
      runsAgain(stage, 2);
    }

    @Test
    void fromTheSavepointWithWhichSomebodyStoppedIt() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.stoppedBySomebody("s3://bucket/by-hand/savepoint-1").settle();
      assertThat(stage.recorded().restorePoint().orElseThrow().path()).contains("by-hand");
      stage.specWith(CHANGED).settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).isEqualTo("s3://bucket/by-hand/savepoint-1");
    }

    @Test
    void asItIsWantedAfterAScaleThatFollowsTheTokenAtOnce() {
      DecisionScenario stage = finished("").restartToken("again");
      stage.settle();
      stage.specWith(TWO).settle();
      stage.jobManagersGone().settle();
      assertThat(stage.operation().type()).as("and not an upgrade").isEqualTo(OperationType.Rerun);
      assertThat(stage.launch().generation()).isEqualTo(stage.situation().generation());
      assertThat(stage.launch().restoredFrom()).isNull();
    }

    @Test
    void onlyInWordsWhileThePlanAnnotationIsSet() {
      DecisionScenario stage = finished("").planOnly(true).specWith(CHANGED);
      assertThat(stage.settle().causes())
          .anyMatch(f -> f.reason() == Reason.Planned && f.message().contains("bufferTimeout"));
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void whenWhatItRefersToIsThere() {
      DecisionScenario stage = finished("").absent("ConfigMap hadoop").specWith(CHANGED);
      assertThat(stage.settle().causes()).anyMatch(f -> f.reason() == Reason.ReferenceNotFound);
      assertThat(stage.recorded().operation()).isEmpty();
      stage.absent(null).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rerun);
    }
  }

  @Nested
  class IsNotRunAgain {
    @Test
    void byAnotherSize() {
      DecisionScenario stage = finished("").specWith(TWO);
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.phase()).isEqualTo(Phase.Finished);
      assertThat(decision.causes()).isEmpty();
    }

    @Test
    void whereTheSpecSaysNever() {
      DecisionScenario stage = finished(", rerun: Never").specWith(CHANGED);
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.causes())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.reason()).isEqualTo(Reason.NotRerun);
                assertThat(f.stalled()).isTrue();
                assertThat(f.message()).contains("generation 3 is not run", "restart", "OnChange");
              });
      stage.spec(stage.yaml().replace("Never", "OnChange")).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rerun);
    }

    @Test
    void whileItIsSuspended() {
      DecisionScenario stage = finished("").specWith(CHANGED + "\nsuspend: true");
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.phase()).as("of a spec that has not run").isEqualTo(Phase.Suspended);
      assertThat(decision.runs()).as("nothing is kept").isEmpty();
      stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rerun);
    }

    @Test
    void byAChangeThatWasRolledBack() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith(CHANGED);
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2").settle();
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
      stage.jobManagersGone().settle();
      stage.comesUp(2);
      stage.job("FAILED", Optional.empty(), 0).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
      stage.jobManagersGone().settle();
      stage.comesUp(3);
      String from = stage.launch().restoredFrom();
      stage.job("RUNNING", Optional.of(from), 0).settle();
      stage.job("FINISHED", Optional.of(from), 0);
      Decision decision = stage.settle();
      assertThat(decision.phase()).isEqualTo(Phase.Finished);
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.causes())
          .anySatisfy(
              f -> {
                assertThat(f.reason()).isEqualTo(Reason.RolledBack);
                assertThat(f.message())
                    .contains("generation 2 failed", "generation 1 has come to its end")
                    .doesNotContain("keeps running");
              });
      stage.spec(stage.yaml().replace("bufferTimeout: 5", "bufferTimeout: 6")).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rerun);
    }
  }

  @Test
  void aRerunThatFailsDoesNotRunTheOldJobOnceMore() {
    DecisionScenario stage = finished("").specWith(CHANGED);
    stage.settle();
    runsAgain(stage, 2);
    Decision decision = stage.job("FAILED", Optional.empty(), 0).settle();
    assertThat(decision.phase()).isEqualTo(Phase.Failed);
    assertThat(last(stage).type()).isEqualTo(OperationType.Rerun);
    assertThat(last(stage).result()).isEqualTo(OperationResult.Failed);
    assertThat(decision.causes()).anyMatch(f -> f.stalled() && f.message().contains("broken"));
    stage.spec(stage.yaml().replace("bufferTimeout: 5", "bufferTimeout: 6")).settle();
    stage.jobManagersGone().settle();
    assertThat(stage.launch().restoredFrom()).isNull();
    assertThat(stage.launch().generation()).isEqualTo(stage.situation().generation());
  }

  @Test
  void aRerunWhoseJobManagerIsLostGoesOnFromItsOwnCheckpoint() {
    DecisionScenario stage = finished("").specWith(CHANGED);
    stage.settle();
    runsAgain(stage, 2);
    stage.job("RESTARTING", Optional.empty(), 1).settle();
    String point = stage.recorded().restorePoint().orElseThrow().path();
    assertThat(point).contains(DecisionScenario.jobId(2));
    stage.noPod("jm-2").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rerun);
    stage.jobManagersGone().elapse(Duration.ofSeconds(11)).settle();
    assertThat(stage.launch().epoch()).isEqualTo(3);
    assertThat(stage.launch().restoredFrom()).isEqualTo(point);
  }

  @Nested
  class KeepsItsPods {
    @Test
    void forAnHour() {
      DecisionScenario stage = finished("");
      Decision kept = stage.elapse(Duration.ofMinutes(59)).settle();
      assertThat(kept.runs()).hasSize(1);
      assertThat(kept.lookAgain()).isLessThanOrEqualTo(Duration.ofMinutes(1));
      assertThat(stage.elapse(Duration.ofMinutes(1)).settle().runs()).isEmpty();
      assertThat(stage.settle().phase()).isEqualTo(Phase.Finished);
    }

    @Test
    void asLongAsIsWantedNow() {
      DecisionScenario stage = finished(", afterFinish: {keep: 0}");
      assertThat(stage.settle().runs()).isEmpty();
      stage = finished("").elapse(Duration.ofHours(2));
      stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\", afterFinish: {keep: 3h}}"));
      assertThat(stage.settle().runs()).hasSize(1);
    }
  }

  @Nested
  class ARestartThatAScaleFollowsAtOnce {
    private DecisionScenario restarting() {
      DecisionScenario stage = DecisionScenario.stateful().running().restartToken("again");
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      return stage;
    }

    @Test
    void isMadeByTheRescale() {
      DecisionScenario stage = restarting().specWith(TWO);
      stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
      assertThat(stage.recorded().actions().restart()).as("not served yet").isNull();
      long epoch = stage.operation().epoch();
      stage.pod(Component.TASK_MANAGER, epoch, "tm-a").pod(Component.TASK_MANAGER, epoch, "tm-b");
      stage.settle();
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
      stage.jobManagersGone().settle();
      assertThat(stage.recorded().actions().restart()).isEqualTo("again");
    }

    @Test
    void followsARescaleInPlace() {
      DecisionScenario stage = DecisionScenario.stateful().specWith("rescale: {mode: InPlace}");
      stage.running().restartToken("again").settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Restart);
      stage.specWith(TWO).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.RescaleInPlace);
      assertThat(stage.recorded().actions().restart()).as("not served yet").isNull();
    }
  }
}
