package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which point a start begins from when not everything went as it should. */
class StateIsNeverLostTest {
  private static final String INITIAL = "s3://old/savepoint-1";

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  private static String withInitialSavepoint(String path) {
    return DecisionScenario.stateful()
        .yaml()
        .replace("a.jar\"}", "a.jar\", initialSavepoint: \"" + path + "\"}");
  }

  /** The first start restores the initial savepoint and runs; no checkpoint has completed. */
  private static DecisionScenario runningFromTheInitialSavepoint() {
    DecisionScenario stage = new DecisionScenario(withInitialSavepoint(INITIAL));
    stage.settle();
    stage.gatedPod(1, "jm-1").settle();
    stage.pod(Component.JOB_MANAGER, 1, "jm-1").pod(Component.TASK_MANAGER, 1, "tm-1");
    stage.job("RUNNING", Optional.of(INITIAL), 0).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    return stage;
  }

  @Nested
  class AnInitialSavepoint {
    @Test
    void isUsedAgainWhenTheJobManagerIsLostBeforeTheFirstCheckpoint() {
      DecisionScenario stage = runningFromTheInitialSavepoint();
      stage.noPod("jm-1").flinkSilent().settle();
      stage.jobManagersGone().settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
      assertThat(stage.launch().restoredFrom()).isEqualTo(INITIAL);
    }

    @Test
    void isUsedByTheNextTryWhenTheFirstStartHasFailed() {
      DecisionScenario stage = new DecisionScenario(withInitialSavepoint("s3://old/mistyped"));
      stage.settle();
      stage.job("FAILED", Optional.empty(), 0).settle();
      assertThat(stage.launch().stoppedAt()).isNotNull();
      stage.spec(withInitialSavepoint(INITIAL)).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).isEqualTo(INITIAL);
    }

    @Test
    void isTheOneOfTheSpecWhenItIsMendedTogetherWithTheRest() {
      DecisionScenario stage = new DecisionScenario(withInitialSavepoint("s3://old/mistyped"));
      stage.settle();
      stage.spec(withInitialSavepoint(INITIAL) + "bufferTimeout: 5\n").settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).isEqualTo(INITIAL);
    }

    @Test
    void givesWayToACheckpointOfTheJobThatBeganFromIt() {
      DecisionScenario stage = runningFromTheInitialSavepoint();
      stage.job("RUNNING", Optional.of(INITIAL), 4).settle();
      stage.noPod("jm-1").flinkSilent().settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-4");
    }

    @Test
    void doesNotSilentlyGoBackBehindWhatADeletedClusterLeft() {
      DecisionScenario stage =
          new DecisionScenario(withInitialSavepoint(INITIAL)).leftBehind("s3://old/savepoint-2");
      Decision decision = stage.settle();
      assertThat(stage.recorded().launch()).isEmpty();
      assertThat(decision.causes())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.reason()).isEqualTo(Reason.NoRestorePoint);
                assertThat(f.message()).contains(INITIAL, "s3://old/savepoint-2");
              });
      stage.spec(withInitialSavepoint("s3://old/savepoint-2")).settle();
      assertThat(stage.launch().restoredFrom()).isEqualTo("s3://old/savepoint-2");
    }

    @Test
    void isNotUsedOnceTheLineHasBegunWithoutIt() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.spec(withInitialSavepoint(INITIAL)).settle();
      stage.noPod("jm-1").flinkSilent().settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-1");
    }
  }

  @Nested
  class ANewLine {
    @Test
    void forgetsThePointsOfTheOldOneWhenItRuns() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      String stateless =
          stage.yaml().replace("a.jar\"}", "a.jar\", upgradeMode: Stateless}")
              + "bufferTimeout: 5\n";
      stage.spec(stateless).settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).isNull();
      assertThat(stage.recorded().restorePoint()).isPresent();
      stage.jobManagersBack().pod(Component.JOB_MANAGER, 2, "jm-2");
      stage.job("RUNNING", Optional.empty(), 0).settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
      assertThat(stage.recorded().restorePoint()).isEmpty();
    }
  }

  @Nested
  class AFinishedJob {
    private DecisionScenario finished() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.job("FINISHED", Optional.empty(), 1).settle();
      return stage;
    }

    @Test
    void isNotStartedAgainWhenItsJobManagerGoes() {
      DecisionScenario stage = finished().noPod("jm-1").gatedPod(1, "jm-1b").flinkSilent();
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.phase()).isEqualTo(Phase.Finished);
      assertThat(decision.runs()).isEmpty();
    }

    @Test
    void isNotStartedAgainByAScaleThatWasBeingPreparedNorByALaterOne() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}");
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.job("FINISHED", Optional.empty(), 1);
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
      assertThat(decision.phase()).isEqualTo(Phase.Finished);
      stage.spec(stage.yaml().replace("replicas: 2", "replicas: 3")).settle();
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void isNotStartedAgainBySuspendingAndResuming() {
      DecisionScenario stage = finished().specWith("suspend: true");
      assertThat(stage.settle().phase()).isEqualTo(Phase.Finished);
      stage.spec(stage.yaml().replace("suspend: true", "suspend: false"));
      assertThat(stage.settle().phase()).isEqualTo(Phase.Finished);
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void isStartedAgainByARestartToken() {
      DecisionScenario stage = finished().restartToken("again");
      stage.settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.launch().restoredFrom()).as("Flink has deleted chk-1").isNull();
      assertThat(stage.launch().finishedAt()).isNull();
    }

    @Test
    void leavesNothingToResumeFromWhenItIsDeleted() {
      DecisionScenario stage = finished().delete();
      assertThat(stage.settle().actions()).isEmpty();
    }

    @Test
    void isNotMistakenForOneThatWasStoppedWithASavepoint() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}");
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.settle();
      stage.job("FINISHED", Optional.empty(), 1);
      assertThat(stage.settle().phase()).isEqualTo(Phase.Changing);
      stage.savepointCompleted().settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(stage.launch().finishedAt()).isNull();
    }

    @Test
    void isNotMistakenForOneThatWasSuspended() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith("suspend: true");
      stage.settle();
      stage.savepointCompleted().job("FINISHED", Optional.empty(), 1).settle();
      var seen = stage.situation().seen().flink();
      stage.jobManagersGone().flink(seen);
      assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
      assertThat(stage.launch().finishedAt()).isNull();
    }
  }

  @Nested
  class ASavepointThatCannotBeHad {
    private DecisionScenario suspending() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith("suspend: true");
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
      return stage;
    }

    private DecisionScenario prepared(String more) {
      DecisionScenario stage =
          DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}");
      stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\"" + more + "}")).settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      return stage;
    }

    @Test
    void isNotAskedForAgainAndAgainBySuspend() {
      DecisionScenario stage = suspending();
      stage.savepoint(
          new SavepointProgress.Failed(
              stage.operation().triggerId(), "disk full", Optional.empty()));
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Abandoned);
      assertThat(decision.runs()).hasSize(1);
      assertThat(decision.causes())
          .anySatisfy(
              f -> {
                assertThat(f.reason()).isEqualTo(Reason.SavepointFailed);
                assertThat(f.stalled()).isTrue();
                assertThat(f.message()).contains("disk full");
              });
      String trigger = Ids.triggerId(DecisionScenario.UID, last(stage).id(), 1);
      stage.elapse(Duration.ofSeconds(1)).specWith("# touched").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
      assertThat(stage.operation().triggerId()).isNotEqualTo(trigger);
    }

    @Test
    void isNotAskedOfAJobManagerThatIsLost() {
      DecisionScenario stage = prepared("").noPod("jm-1");
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-1");
    }

    @Test
    void isAskedForAlsoWhereTheConfigMapOfTheStartWasDeletedMeanwhile() {
      DecisionScenario stage = prepared("");
      stage.forgetConfigMaps();
      stage.settle();
      assertThat(stage.operation().triggerId()).isNotNull();
      assertThat(stage.operation().savepointDirectory()).startsWith("s3://bucket/flink/");
    }

    @Test
    void isNotAskedOfAJobThatFlinkIsRestarting() {
      DecisionScenario stage = prepared("");
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
      stage.savepoint(new SavepointProgress.Unknown(stage.operation().triggerId()));
      stage.job("RESTARTING", Optional.empty(), 1);
      assertThat(stage.settle().actions()).isEmpty();
      stage.job("RUNNING", Optional.empty(), 1);
      assertThat(stage.settle().actions()).hasSize(1);
      stage.job("RESTARTING", Optional.empty(), 1).elapse(Duration.ofMinutes(11));
      assertThat(stage.settle().actions())
          .containsExactly(new Action.CancelJob(DecisionScenario.jobId(1)));
      assertThat(stage.operation().triggerId()).isNull();
    }

    @Test
    void doesNotHoldUpADeletion() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.job("RESTARTING", Optional.empty(), 1).delete().settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.WaitingForJob);
      stage.savepoint(new SavepointProgress.Unknown(stage.operation().triggerId()));
      stage.elapse(Duration.ofSeconds(40)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    }

    @Test
    void isTakenByAChangeByTheLastCheckpointThatHasNoCheckpointYet() {
      DecisionScenario stage = new DecisionScenario(lastCheckpoint());
      stage.settle();
      stage.gatedPod(1, "jm-1").settle();
      stage.pod(Component.JOB_MANAGER, 1, "jm-1").pod(Component.TASK_MANAGER, 1, "tm-1");
      stage.job("RUNNING", Optional.empty(), 0).settle();
      stage.specWith("bufferTimeout: 5").settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2").settle();
      assertThat(stage.operation().triggerId()).isNotNull();
      DecisionScenario suspended = new DecisionScenario(lastCheckpoint());
      suspended.settle();
      suspended.gatedPod(1, "jm-1").settle();
      suspended.pod(Component.JOB_MANAGER, 1, "jm-1").pod(Component.TASK_MANAGER, 1, "tm-1");
      suspended.job("RUNNING", Optional.empty(), 0).settle();
      suspended.specWith("suspend: true").settle();
      assertThat(suspended.operation().triggerId()).isNotNull();
    }

    private static String lastCheckpoint() {
      return DecisionScenario.stateful()
          .yaml()
          .replace("a.jar\"}", "a.jar\", upgradeMode: LastCheckpoint}");
    }
  }

  @Nested
  class AStartUnderWay {
    /** A rescale whose old job has stopped and whose new JobManager runs. */
    private DecisionScenario starting(String more) {
      DecisionScenario stage =
          DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}" + more);
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.settle();
      stage.savepointCompleted().job("FINISHED", Optional.empty(), 1).settle();
      stage.jobManagersGone().settle();
      stage.jobManagersBack().gatedPod(2, "jm-2").settle();
      stage.pod(Component.JOB_MANAGER, 2, "jm-2").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Starting);
      return stage;
    }

    @Test
    void isNotThrownAwayForANewerSpecOnceItsTasksRun() {
      DecisionScenario stage = starting("");
      stage.job("RUNNING", Optional.empty(), 1).specWith("bufferTimeout: 5").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Verifying);
      assertThat(stage.operation().epoch()).isEqualTo(2);
      stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 1).settle();
      assertThat(stage.operation().epoch()).isEqualTo(3);
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    }

    @Test
    void isGivenUpForASuspendAndGoesOnFromTheSamePointLater() {
      DecisionScenario stage = starting("").specWith("suspend: true");
      stage.settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
      assertThat(stage.operation().type()).isEqualTo(OperationType.Suspend);
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(stage.jobManagersGone().settle().phase()).isEqualTo(Phase.Suspended);
      stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    }

    @Test
    void thatHasFailedForGoodIsTriedAgainByARestartToken() {
      DecisionScenario stage = starting("\nrollback: false");
      stage.job("FAILED", Optional.empty(), 0);
      assertThat(stage.settle().phase()).isEqualTo(Phase.Failed);
      assertThat(stage.settle().causes()).anyMatch(f -> f.message().contains("/restart"));
      stage.restartToken("again").settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
      assertThat(stage.recorded().actions().restart()).isEqualTo("again");
    }
  }

  @Nested
  class ALostStatus {
    private DecisionScenario lost(String more) {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\"" + more + "}"));
      return stage.statusLost();
    }

    @Test
    void doesNotLeadToASilentStartFromNothing() {
      DecisionScenario stage = lost("");
      Decision decision = stage.settle();
      assertThat(stage.recorded().launch()).isEmpty();
      assertThat(decision.keep()).containsExactly(1L);
      assertThat(decision.causes())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.reason()).isEqualTo(Reason.NoRestorePoint);
                assertThat(f.stalled()).isTrue();
                assertThat(f.message()).contains("job.initialSavepoint");
              });
    }

    @Test
    void isContinuedFromTheGivenPointWhenNothingOfTheOldStartRuns() {
      DecisionScenario stage = lost(", initialSavepoint: \"s3://bucket/chk-9\"");
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.launch().restoredFrom()).isEqualTo("s3://bucket/chk-9");
    }
  }

  @Nested
  class ASizeThatDoesNotFit {
    private DecisionScenario noRoomForTwo(String more) {
      DecisionScenario stage =
          DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2" + more + "}");
      stage.settle();
      return stage.problem(
          Component.TASK_MANAGER, 2, Reason.PodCreationFailed, "exceeded quota: pods");
    }

    @Test
    void isAbandonedAtTheDeadlineWithTheJobUntouched() {
      DecisionScenario stage = noRoomForTwo("").elapse(Duration.ofMinutes(5));
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      stage.elapse(Duration.ofMinutes(6)).settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Abandoned);
      assertThat(last(stage).message()).contains("exceeded quota");
      assertThat(stage.launch().epoch()).isEqualTo(1);
    }

    @Test
    void isTriedInPlaceOfTheOldOneWhereThatMayHelp() {
      DecisionScenario stage = noRoomForTwo(", resources: {limits: {memory: 2Gi}}");
      stage.elapse(Duration.ofMinutes(5)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
    }
  }

  /** An operator that has just begun has not asked any JobManager yet. */
  @Nested
  class ANewOperator {
    @Test
    void doesNotTakeAJobForOneThatDoesNotRunWhenItSuspends() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().flinkUnheard().specWith("suspend: true");
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.runs()).hasSize(1);
      stage.job("RUNNING", Optional.empty(), 1).settle();
      assertThat(stage.operation().triggerId()).isNotNull();
    }

    @Test
    void doesNotDeleteWithoutASavepoint() {
      DecisionScenario stage = DecisionScenario.stateful().running().flinkUnheard().delete();
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.runs()).hasSize(1);
      stage.job("RUNNING", Optional.empty(), 1).settle();
      assertThat(stage.operation().triggerId()).isNotNull();
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
    }

    @Test
    void doesNotCancelAJobThatItIsToStopWithASavepoint() {
      DecisionScenario stage =
          DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}");
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.flinkUnheard().elapse(Duration.ofMinutes(2)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.WaitingForJob);
      stage.job("RUNNING", Optional.empty(), 1).settle();
      assertThat(stage.operation().triggerId()).isNotNull();
    }
  }
}
