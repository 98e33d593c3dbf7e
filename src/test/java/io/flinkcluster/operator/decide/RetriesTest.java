package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A start from state that was there a moment ago: a fault of the storage may pass. */
class RetriesTest {

  private static void comesUp(DecisionScenario stage, long epoch) {
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(epoch);
    stage.jobManagersBack().gatedPod(epoch, "jm-" + epoch).settle();
    stage.pod(Component.JOB_MANAGER, epoch, "jm-" + epoch);
  }

  private static DecisionScenario recovering() {
    DecisionScenario stage = DecisionScenario.stateful().running().noPod("jm-1");
    stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    comesUp(stage, 2);
    return stage;
  }

  private static Decision fails(DecisionScenario stage) {
    return stage.job("FAILED", Optional.empty(), 0).settle();
  }

  private static void waits(DecisionScenario stage, Duration pause, long epoch) {
    stage.jobManagersGone();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    Decision waiting = stage.elapse(pause.minusSeconds(1)).settle();
    assertThat(waiting.gone()).isFalse();
    assertThat(stage.launch().epoch()).isEqualTo(epoch - 1);
    assertThat(stage.operation().message()).contains("tried again", "broken");
    stage.elapse(Duration.ofSeconds(2));
    comesUp(stage, epoch);
  }

  @Test
  void aRecoveryIsTriedThreeTimesWithGrowingPausesAndThenSaysWhy() {
    DecisionScenario stage = recovering();
    String point = stage.launch().restoredFrom();
    fails(stage);
    waits(stage, Duration.ofSeconds(10), 3);
    assertThat(stage.launch().restoredFrom()).isEqualTo(point);
    fails(stage);
    waits(stage, Duration.ofSeconds(60), 4);
    Decision end = fails(stage);
    assertThat(end.phase()).isEqualTo(Phase.Failed);
    assertThat(end.findings())
        .singleElement()
        .extracting(ConditionCause::message)
        .asString()
        .contains("broken", "flinkcluster.io/restart");
    assertThat(stage.recorded().operations().get(0).result()).isEqualTo(OperationResult.Failed);
    stage.restartToken("again").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    stage.jobManagersBack().gatedPod(5, "jm-5").settle();
    stage.pod(Component.JOB_MANAGER, 5, "jm-5");
    fails(stage);
    assertThat(stage.operation().type())
        .as("tries are counted anew")
        .isEqualTo(OperationType.Resume);
  }

  @Test
  void isNotMadeAfterTheUserSuspendedMeanwhile() {
    DecisionScenario stage = recovering();
    fails(stage);
    stage.specWith("suspend: true").jobManagersGone().settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
  }

  @Test
  void aJobThatSomebodyCancelledIsNotTriedAgain() {
    DecisionScenario stage = recovering();
    assertThat(stage.job("CANCELED", Optional.empty(), 0).settle().phase()).isEqualTo(Phase.Failed);
  }

  private static DecisionScenario rollingBack() {
    DecisionScenario stage =
        DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}");
    stage.settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b").settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    comesUp(stage, 2);
    fails(stage);
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    comesUp(stage, 3);
    return stage;
  }

  @Test
  void aRollbackIsTriedAgainFromTheSamePoint() {
    DecisionScenario stage = rollingBack();
    fails(stage);
    waits(stage, Duration.ofSeconds(10), 4);
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
  }

  @Test
  void aRollbackWhoseJobHasCompletedACheckpointIsNotTriedAgainFromBeforeIt() {
    DecisionScenario stage = rollingBack();
    stage.job("FAILED", Optional.empty(), 7);
    assertThat(stage.settle().phase()).isEqualTo(Phase.Failed);
  }
}
