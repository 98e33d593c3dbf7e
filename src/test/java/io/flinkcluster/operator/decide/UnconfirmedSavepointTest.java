package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JobManager was lost while it wrote the savepoint of a change. It may have been completed, and
 * output committed with it: nothing may begin from an older point before somebody has looked.
 */
class UnconfirmedSavepointTest {
  private static final String TWO = "taskManager: {replicas: 2}";

  private static DecisionScenario asked(DecisionScenario stage) {
    stage.running().specWith(TWO).settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b").settle();
    assertThat(stage.operation().savepointDirectory()).isNotNull();
    return stage;
  }

  /** The new start is to look for it. */
  private static DecisionScenario lost(DecisionScenario stage) {
    asked(stage).noPod("jm-1").flinkSilent().settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    return stage;
  }

  private static String directory(DecisionScenario stage) {
    return stage.operation().savepointDirectory();
  }

  private static String checkpoints(long epoch) {
    return "s3://bucket/flink/ns/c/checkpoints/" + DecisionScenario.jobId(epoch);
  }

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  @Test
  void isLookedForAndKnownFromThenOn() {
    DecisionScenario stage = lost(DecisionScenario.stateful());
    String directory = directory(stage);
    stage.jobManagersGone().settle();
    assertThat(stage.launch().snapshotSearchDirectories())
        .containsExactly(directory, checkpoints(1));
    assertThat(stage.launch().restoredFrom()).contains("/chk-");
    stage.comesUp(2);
    stage.job("RUNNING", Optional.of(directory + "/savepoint-0123-ab"), 0).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(last(stage).savepoint()).isEqualTo(directory + "/savepoint-0123-ab");
    assertThat(stage.recorded().savepoints().get(0).path()).isEqualTo(last(stage).savepoint());
    assertThat(stage.recorded().restorePoint().orElseThrow().path())
        .isEqualTo(last(stage).savepoint());
  }

  @Test
  void isNotTakenForOneOfAnotherOperation() {
    DecisionScenario stage = lost(DecisionScenario.stateful());
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    String other = "s3://bucket/flink/ns/c/savepoints/other/savepoint-0123-ab";
    stage.job("RUNNING", Optional.of(other), 0).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
  }

  @Test
  void isLookedForByARollbackToo() {
    DecisionScenario stage = lost(DecisionScenario.stateful());
    String directory = directory(stage);
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    stage.job("FAILED", Optional.empty(), 0).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(3);
    assertThat(stage.launch().snapshotSearchDirectories())
        .containsExactly(directory, checkpoints(1));
  }

  @Test
  void isLookedForByAResumeAfterAStartThatFailedForGood() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(stage.yaml() + "rollback: false\n");
    lost(stage);
    String directory = directory(stage);
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    assertThat(stage.job("FAILED", Optional.empty(), 0).settle().phase()).isEqualTo(Phase.Failed);
    stage.restartToken("again").settle();
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(3);
    assertThat(stage.launch().snapshotSearchDirectories())
        .containsExactly(directory, checkpoints(1));
  }

  @Test
  void isLookedForWhenTheJobIsResumed() {
    DecisionScenario stage = lost(DecisionScenario.stateful());
    String directory = directory(stage);
    stage.specWith("suspend: true").jobManagersGone().settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    assertThat(stage.launch().snapshotSearchDirectories())
        .containsExactly(directory, checkpoints(1));
    stage.comesUp(stage.launch().epoch());
    stage.job("RUNNING", Optional.of(directory + "/savepoint-0123-ab"), 0).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(stage.recorded().restorePoint().orElseThrow().path()).startsWith(directory);
  }

  @Test
  void ofASuspensionIsLookedForWhenTheJobIsResumed() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith("suspend: true");
    stage.settle();
    String directory = directory(stage);
    stage.noPod("jm-1").flinkSilent().settle();
    assertThat(stage.jobManagersGone().settle().phase()).isEqualTo(Phase.Suspended);
    stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
    assertThat(stage.launch().snapshotSearchDirectories())
        .containsExactly(directory, checkpoints(1));
  }

  @Test
  void isNotLookedForAgainWhenSomethingNewerIsKnown() {
    DecisionScenario stage = lost(DecisionScenario.stateful());
    String directory = directory(stage);
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    stage.job("RUNNING", Optional.of(directory + "/savepoint-0123-ab"), 0).settle();
    stage.job("RUNNING", Optional.of(directory + "/savepoint-0123-ab"), 7).settle();
    stage.noPod("jm-2").flinkSilent().settle();
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(3);
    assertThat(stage.launch().restoredFrom()).endsWith("/chk-7");
    assertThat(stage.launch().snapshotSearchDirectories()).containsExactly(checkpoints(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs://n/s", "gs://b/s"})
  void isNotGuessedWhereNoPodCanLook(String savepoints) {
    String storage = "flink\", savepoints: \"" + savepoints + "\"}";
    DecisionScenario stage =
        new DecisionScenario(DecisionScenario.stateful().yaml().replace("flink\"}", storage));
    asked(stage).noPod("jm-1").flinkSilent().elapse(Duration.ofHours(1));
    Decision decision = stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    assertThat(decision.causes()).noneMatch(f -> f.reason() == Reason.NoRestorePoint);
    decision = stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(1);
    assertThat(decision.causes())
        .first()
        .satisfies(
            f -> {
              assertThat(f.reason()).isEqualTo(Reason.NoRestorePoint);
              assertThat(f.stalled()).isTrue();
              assertThat(f.message()).contains(directory(stage), "job.initialSavepoint");
            });
    String named = savepoints + "/ns/c/savepoint-7";
    stage
        .spec(stage.yaml().replace("a.jar\"}", "a.jar\", initialSavepoint: \"" + named + "\"}"))
        .settle();
    assertThat(stage.launch().epoch()).isGreaterThan(1);
    assertThat(stage.launch().restoredFrom()).isEqualTo(named);
    assertThat(stage.launch().snapshotSearchDirectories()).isNull();
  }
}
