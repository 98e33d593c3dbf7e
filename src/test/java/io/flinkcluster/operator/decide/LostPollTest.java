package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One look at Flink that tells nothing, or tells it late, costs no state. */
class LostPollTest {
  private static final String TWO = "taskManager: {replicas: 2}";
  private static final String SUSPEND = "suspend: true";

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  private static void unknown(DecisionScenario stage) {
    stage.savepoint(new SavepointProgress.Unknown(stage.operation().triggerId()));
  }

  /** The JobManager answers, and knows no job. */
  private static void noJob(DecisionScenario stage) {
    var seen =
        new FlinkObservation(
            stage.launch().epoch(),
            stage.situation().seen().at(),
            true,
            "",
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.of(new SavepointProgress.Unknown(stage.operation().triggerId())));
    stage.flink(Optional.of(seen));
  }

  private static DecisionScenario prepared() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
    stage.settle();
    return stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
  }

  private static void asks(DecisionScenario stage) {
    stage.job("RUNNING", Optional.empty(), 1);
    assertThat(stage.settle().actions())
        .containsExactly(
            new Action.StopWithSavepoint(
                DecisionScenario.jobId(1),
                stage.operation().triggerId(),
                stage.operation().savepointDirectory()));
  }

  @Nested
  class BeforeASavepoint {
    @Test
    void doesNotDeleteWithoutOne() {
      DecisionScenario stage = DecisionScenario.stateful().running().flinkSilent().delete();
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.WaitingForJob);
      asks(stage.elapse(Duration.ofSeconds(5)));
    }

    @Test
    void doesNotSuspendWithoutOne() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().flinkSilent().specWith(SUSPEND);
      assertThat(stage.settle().actions()).isEmpty();
      asks(stage.elapse(Duration.ofSeconds(5)));
    }

    @Test
    void waitsForTasksThatRestartWhenItSuspends() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().job("RESTARTING", Optional.empty(), 1);
      assertThat(stage.specWith(SUSPEND).settle().actions()).isEmpty();
      asks(stage.elapse(Duration.ofSeconds(20)));
    }

    @Test
    void doesNotWaitForEverForAJobThatNeverRuns() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().job("RESTARTING", Optional.empty(), 1);
      stage.specWith(SUSPEND).settle();
      stage.elapse(Duration.ofSeconds(31));
      assertThat(stage.settle().actions())
          .containsExactly(new Action.CancelJob(DecisionScenario.jobId(1)));
    }

    @Test
    void doesNotChangeWithoutOneAfterALongPreparation() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
      stage.settle();
      stage.elapse(Duration.ofMinutes(3)).job("RUNNING", Optional.empty(), 1).settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.flinkSilent().settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.WaitingForJob);
      asks(stage.elapse(Duration.ofSeconds(5)));
    }

    @Test
    void aJobManagerThatIsLostBeforeItWasAskedIsNotSuspectedOfHavingStopped() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().flinkSilent().specWith(SUSPEND);
      stage.settle();
      stage.noPod("jm-1").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(stage.jobManagersGone().settle().phase()).isEqualTo(Phase.Suspended);
      assertThat(stage.recorded().restorePoint().orElseThrow().path()).endsWith("/chk-1");
    }

    @Test
    void aDeletionThatHasAskedDoesNotGiveUpForOneSilence() {
      DecisionScenario stage = DecisionScenario.stateful().running().delete();
      stage.settle();
      stage.elapse(Duration.ofMinutes(2)).flinkSilent().settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
      stage.job("RUNNING", Optional.empty(), 1).savepointCompleted().settle();
      assertThat(stage.operation().savepoint()).endsWith("/savepoint-1");
    }
  }

  @Nested
  class AfterASavepoint {
    private DecisionScenario told() {
      DecisionScenario stage = prepared();
      stage.settle();
      stage.elapse(Duration.ofMinutes(1)).job("RUNNING", Optional.empty(), 1);
      stage.savepointCompleted().settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.AwaitingJobEnd);
      return stage;
    }

    @Test
    void itsPathIsKnownAtOnceAndTheEndIsWaitedForFromThen() {
      DecisionScenario stage = told();
      assertThat(stage.operation().savepoint()).endsWith("/savepoint-1");
      stage.elapse(Duration.ofSeconds(9)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.AwaitingJobEnd);
      stage.elapse(Duration.ofSeconds(2)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    }

    @Test
    void aJobManagerThatIsLostThenIsGoneOnFromThere() {
      DecisionScenario stage = told();
      String path = stage.operation().savepoint();
      Decision decision = stage.noPod("jm-1").flinkSilent().settle();
      assertThat(decision.causes()).isEmpty();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).isEqualTo(path);
    }

    @Test
    void aDeletionThatKnowsItEndsWithItWhateverTheDeadline() {
      DecisionScenario stage = DecisionScenario.stateful().running().delete();
      stage.settle();
      stage.elapse(Duration.ofMinutes(11)).job("RUNNING", Optional.empty(), 1);
      stage.savepointCompleted().settle();
      stage.elapse(Duration.ofSeconds(11)).settle();
      assertThat(stage.recorded().restorePoint().orElseThrow().path()).endsWith("/savepoint-1");
    }

    @Test
    void aJobThatIsUnknownAfterwardsIsNotStartedFromAnOlderPoint() {
      DecisionScenario stage = prepared();
      stage.settle();
      asks(stage);
      unknown(stage);
      stage.elapse(Duration.ofMinutes(11));
      noJob(stage);
      Decision decision = stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(decision.phase()).isEqualTo(Phase.Changing);
      String directory = stage.launch().unconfirmedSavepointDirectory();
      assertThat(directory).isEqualTo(stage.operation().savepointDirectory());
      stage.jobManagersGone().settle();
      assertThat(stage.launch().snapshotSearchDirectories()).startsWith(directory).hasSize(2);
    }

    @Test
    void thePathInTheTextOfAFailureIsBelievedByADeletionThatTookTheStopOver() {
      DecisionScenario stage = prepared();
      stage.settle();
      asks(stage);
      stage.delete().settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Delete);
      String path = stage.operation().savepointDirectory() + "/savepoint-7";
      String trigger = stage.operation().triggerId();
      stage.savepoint(new SavepointProgress.Failed(trigger, "late", Optional.of(path))).settle();
      assertThat(stage.operation().savepoint()).isEqualTo(path);
    }
  }

  @Nested
  class AJobThatFinishesByItself {
    @Test
    void whileItIsToBeCancelledIsNotStartedAgain() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\", upgradeMode: LastCheckpoint}"));
      stage.running().specWith(TWO).settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Cancelling);
      assertThat(stage.operation().triggerId()).isNull();
      Decision decision = stage.job("FINISHED", Optional.empty(), 1).settle();
      assertThat(decision.phase()).isEqualTo(Phase.Finished);
      assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
      assertThat(stage.launch().finishedAt()).isNotNull();
    }

    @Test
    void beforeItWasAskedIsNotStartedAgain() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().flinkSilent().specWith(SUSPEND);
      stage.settle();
      Decision decision = stage.job("FINISHED", Optional.empty(), 1).settle();
      assertThat(decision.phase()).isEqualTo(Phase.Finished);
      assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
    }

    @Test
    void whileItIsDeletedLeavesNothingToResumeFrom() {
      DecisionScenario stage = DecisionScenario.stateful().running().flinkSilent().delete();
      stage.settle();
      assertThat(stage.job("FINISHED", Optional.empty(), 1).settle().actions()).isEmpty();
      assertThat(stage.launch().finishedAt()).isNotNull();
    }
  }
}
