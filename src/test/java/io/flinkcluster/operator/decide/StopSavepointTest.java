package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The savepoint that is to stop a job completes, and the job runs on: its stop failed, or a highly
 * available JobManager failed over. The savepoint is not the newest state then.
 */
class StopSavepointTest {
  private static final String TWO = "taskManager: {replicas: 2}";

  private static DecisionScenario complete() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
    stage.settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b").settle();
    stage.savepointCompleted().settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.AwaitingJobEnd);
    return stage;
  }

  @Test
  void isTakenAnewWhereTheJobRunsOn() {
    DecisionScenario stage = complete();
    String first = stage.operation().savepoint();
    String trigger = stage.operation().triggerId();
    stage.elapse(Duration.ofSeconds(5)).job("RUNNING", Optional.empty(), 2).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
    assertThat(stage.operation().triggerId()).isNotEqualTo(trigger);
    assertThat(stage.operation().savepointDirectory()).endsWith("-2");
    assertThat(stage.recorded().restorePoint().orElseThrow().path()).endsWith("/chk-2");
    assertThat(stage.recorded().savepoints().get(0).path()).isEqualTo(first);
    stage.savepointCompleted().job("FINISHED", Optional.empty(), 2).settle();
    stage.jobManagersGone().settle();
    assertThat(stage.launch().restoredFrom()).contains("-2/savepoint-1");
  }

  @Test
  void isTakenAnewWhereTheTasksWereRestartedWithoutACheckpoint() {
    DecisionScenario stage = complete();
    stage.elapse(Duration.ofSeconds(2)).job("RESTARTING", Optional.empty(), 1).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.AwaitingJobEnd);
    stage.elapse(Duration.ofSeconds(2)).job("RUNNING", Optional.empty(), 1).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
  }

  @Test
  void isNoRestorePointWhereTheOperatorWasAwayForAnHour() {
    DecisionScenario stage = complete();
    stage.elapse(Duration.ofHours(1)).job("FAILED", Optional.empty(), 60).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    assertThat(stage.operation().savepoint()).isNull();
    stage.jobManagersGone().settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/chk-60");
  }

  @Test
  void isLookedBehindWhereTheEndWasNotSeen() {
    DecisionScenario stage = complete();
    String path = stage.operation().savepoint();
    String directory = stage.operation().savepointDirectory();
    stage.elapse(Duration.ofHours(1)).noPod("jm-1").flinkSilent().settle();
    stage.jobManagersGone().settle();
    assertThat(stage.launch().restoredFrom()).isEqualTo(path);
    assertThat(stage.launch().snapshotSearchDirectories())
        .as("the pod looks for a later checkpoint of the job")
        .containsExactly(
            directory, "s3://bucket/flink/ns/c/checkpoints/" + DecisionScenario.jobId(1));
  }

  @Test
  void isGivenUpAtTheDeadlineWithTheJobRunning() {
    DecisionScenario stage = complete();
    stage.elapse(Duration.ofMinutes(11)).job("RUNNING", Optional.empty(), 9);
    Decision decision = stage.settle();
    assertThat(stage.recorded().operations().get(0).result()).isEqualTo(OperationResult.Abandoned);
    assertThat(decision.runs()).extracting(r -> r.launch().epoch()).containsExactly(1L);
    assertThat(stage.recorded().restorePoint().orElseThrow().path()).endsWith("/chk-9");
  }

  @Test
  void ofADeletionIsGivenUpAtTheDeadlineAndTheNewestPointNamed() {
    DecisionScenario stage = DecisionScenario.stateful().running().delete();
    stage.settle();
    stage.savepointCompleted().settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.AwaitingJobEnd);
    stage.elapse(Duration.ofMinutes(11)).job("RUNNING", Optional.empty(), 9).settle();
    stage.nothingLeft().settle();
    assertThat(stage.recorded().operations().get(0).message()).contains("/chk-9");
  }
}
