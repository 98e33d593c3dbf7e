package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.List;
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
    assertThat(stage.stage()).isEqualTo(OperationStage.Starting);
    assertThat(stage.settle().causes())
        .as("why it is tried again is told while it is")
        .anyMatch(f -> f.message().contains("broken"));
  }

  @Test
  void aRecoveryIsTriedForEverWithGrowingPausesAndSaysWhy() {
    DecisionScenario stage = recovering();
    String point = stage.launch().restoredFrom();
    List<Integer> pauses = List.of(10, 60, 120, 300, 300, 300);
    for (int i = 0; i < pauses.size(); i++) {
      Decision failed = fails(stage);
      assertThat(failed.causes())
          .anyMatch(f -> f.message().contains("broken") && f.reason() == Reason.JobFailed);
      assertThat(failed.causes().stream().anyMatch(ConditionCause::stalled))
          .as("a person is told from the third failure on")
          .isEqualTo(i >= 2);
      waits(stage, Duration.ofSeconds(pauses.get(i)), 3 + i);
      assertThat(stage.launch().restoredFrom()).isEqualTo(point);
    }
    assertThat(stage.recorded().operations())
        .as("tries push out no record")
        .extracting(OperationRecord::type)
        .containsExactly(OperationType.Start);
    stage.job("RUNNING", Optional.of(point), 9).settle();
    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(stage.settle().causes()).isEmpty();
  }

  @Test
  void givesWayToASpecThatIsMended() {
    DecisionScenario stage = recovering();
    String point = stage.launch().restoredFrom();
    fails(stage);
    stage.jobManagersGone().settle();
    stage.specWith("bufferTimeout: 5").settle();
    assertThat(stage.launch().epoch()).isEqualTo(4);
    assertThat(stage.operation().retries()).isNull();
    assertThat(stage.launch().restoredFrom()).isEqualTo(point);
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
