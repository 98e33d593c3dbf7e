package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Turns that operations take seldom, each in the state in which it is met. */
class RareTurnsTest {
  private static final String TWO = "taskManager: {replicas: 2}";
  private static final String SUSPEND = "suspend: true";

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  private static void ended(DecisionScenario stage, OperationResult result, String why) {
    assertThat(last(stage).result()).isEqualTo(result);
    assertThat(last(stage).message()).contains(why);
  }

  /** A rescale whose new TaskManagers wait. */
  private static DecisionScenario prepared(DecisionScenario stage) {
    stage.running().specWith(TWO).settle();
    return stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
  }

  /** A rescale whose old job is stopped. */
  private static DecisionScenario stopped(DecisionScenario stage) {
    prepared(stage).settle();
    stage.savepointCompleted().job("FINISHED", Optional.empty(), 1).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    return stage.jobManagersGone();
  }

  @Nested
  class Planned {
    @Test
    void isForgottenForAnotherSpec() {
      DecisionScenario stage = DecisionScenario.stateful().running().planOnly(true).specWith(TWO);
      stage.settle();
      stage.spec(stage.yaml().replace(TWO, "")).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      ended(stage, OperationResult.Superseded, "changed again");
    }

    @Test
    void waitsForWhatIsMissingWhenItIsToBeCarriedOut() {
      DecisionScenario stage = DecisionScenario.stateful().running().planOnly(true).specWith(TWO);
      stage.settle();
      Decision decision = stage.planOnly(false).absent("no ConfigMap hadoop").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Planned);
      assertThat(decision.causes()).anyMatch(f -> f.reason() == Reason.ReferenceNotFound);
      stage.absent(null).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    }

    @Test
    void inPlaceIsForgottenForAnotherSpec() {
      DecisionScenario stage = inPlace("2.3").planOnly(true).specWith(TWO);
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Planned);
      stage.spec(stage.yaml().replace(TWO, "")).settle();
      ended(stage, OperationResult.Superseded, "changed again");
    }
  }

  @Nested
  class WhatIsMissing {
    @Test
    void holdsBackTheFirstStart() {
      DecisionScenario stage = DecisionScenario.stateful().absent("no ConfigMap hadoop");
      Decision decision = stage.settle();
      assertThat(stage.recorded().launch()).isEmpty();
      assertThat(decision.causes()).anyMatch(f -> f.reason() == Reason.ReferenceNotFound);
      stage.absent(null).settle();
      assertThat(stage.launch().epoch()).isEqualTo(1);
    }

    @Test
    void aJobManagerOfAFormerClusterHoldsBackTheFirstStartAndNobodyNeedsToAct() {
      DecisionScenario stage = DecisionScenario.stateful().formerJobManager("Pod c-jobmanager-1");
      Decision decision = stage.settle();
      assertThat(stage.recorded().launch()).isEmpty();
      assertThat(decision.causes())
          .singleElement()
          .isEqualTo(ConditionCause.waiting(Reason.FormerJobManager, "Pod c-jobmanager-1"));
      stage.formerJobManager(null).settle();
      assertThat(stage.launch().epoch()).isEqualTo(1);
    }

    @Test
    void holdsBackAResume() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith(SUSPEND);
      stage.settle();
      stage.savepointCompleted().job("FINISHED", Optional.empty(), 1).settle();
      stage.jobManagersGone().settle();
      stage.spec(stage.yaml().replace(SUSPEND, "suspend: false")).absent("no ConfigMap");
      assertThat(stage.settle().phase()).isEqualTo(Phase.Pending);
      stage.absent(null).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    }
  }

  private static DecisionScenario inPlace(String version) {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(stage.yaml().replace("2.3", version) + "rescale: {mode: InPlace}\n").running();
    return stage.scaled(1, 1);
  }

  @Nested
  class InPlace {
    private DecisionScenario resizing() {
      DecisionScenario stage = inPlace("2.3").specWith(TWO);
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 1, "tm-2").scaled(1, 1).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Resizing);
      return stage;
    }

    private DecisionScenario checkpointing() {
      DecisionScenario stage = inPlace("1.20").specWith(TWO);
      stage.settle();
      stage.elapse(Duration.ofSeconds(5)).pod(Component.TASK_MANAGER, 1, "tm-2");
      stage.scaled(1, 1).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Checkpointing);
      return stage;
    }

    @Test
    void aLostJobManagerIsRecoveredFirstWhileACheckpointIsAwaited() {
      DecisionScenario stage = checkpointing().noPod("jm-1");
      stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    }

    @Test
    void anotherSpecGivesUpTheCheckpoint() {
      DecisionScenario stage = checkpointing();
      stage.spec(stage.yaml().replace(TWO, "")).settle();
      ended(stage, OperationResult.Superseded, "changed again");
    }

    @Test
    void anotherSpecGivesUpThePreparation() {
      DecisionScenario stage = inPlace("2.3").specWith(TWO);
      stage.settle();
      stage.spec(stage.yaml().replace(TWO, "")).settle();
      ended(stage, OperationResult.Superseded, "changed again");
    }

    @Test
    void aRefusedObjectGivesItUp() {
      DecisionScenario stage = inPlace("2.3").specWith(TWO);
      stage.settle();
      stage.refuse("Deployment: quota").settle();
      ended(stage, OperationResult.Abandoned, "quota");
      assertThat(last(stage).reason()).isEqualTo(Reason.ChildRefused);
    }

    @Test
    void slotsThatDoNotComeByTheDeadlineGiveItUp() {
      DecisionScenario stage = inPlace("2.3").specWith(TWO);
      stage.settle();
      stage.elapse(Duration.ofMinutes(11)).scaled(1, 1).settle();
      ended(stage, OperationResult.Abandoned, "within changeTimeout");
    }

    @Test
    void aJobThatFailsWithoutRollbackStopsAndSaysWhy() {
      DecisionScenario stage = inPlace("2.3").specWith(TWO + "\nrollback: false");
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 1, "tm-2").scaled(1, 1).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Resizing);
      assertThat(stage.job("FAILED", Optional.empty(), 1).settle().phase()).isEqualTo(Phase.Failed);
      assertThat(stage.launch().stoppedAt()).isNotNull();
    }

    @Test
    void requirementsThatFlinkDoesNotTakeAreTakenBack() {
      DecisionScenario stage = resizing();
      stage.elapse(Duration.ofSeconds(21)).scaled(1, 1).settle();
      ended(stage, OperationResult.RolledBack, "does not take");
    }

    private DecisionScenario auto() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.spec(stage.yaml() + "rescale: {mode: Auto}\n").running().scaled(1, 1).specWith(TWO);
      stage.settle();
      return stage;
    }

    @Test
    void slotsThatDoNotComeByTheDeadlineLeadToASavepointWhereThatIsAllowed() {
      DecisionScenario stage = auto();
      stage.elapse(Duration.ofMinutes(11)).scaled(1, 1).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
    }

    @Test
    void requirementsThatFlinkDoesNotTakeLeadToASavepointWhereThatIsAllowed() {
      DecisionScenario stage = auto();
      stage.pod(Component.TASK_MANAGER, 1, "tm-2").scaled(1, 1).settle();
      stage.elapse(Duration.ofSeconds(21)).scaled(1, 1).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    }

    @Test
    void requirementsThatFlinkDoesNotTakeAreGivenUpWithoutRollback() {
      DecisionScenario stage = inPlace("2.3").specWith(TWO + "\nrollback: false");
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 1, "tm-2").scaled(1, 1).settle();
      stage.elapse(Duration.ofSeconds(21)).scaled(1, 1).settle();
      ended(stage, OperationResult.Abandoned, "does not take");
    }

    @Test
    void aSizeBeforeThatIsNotReachedEitherIsGivenUp() {
      DecisionScenario stage = resizing();
      stage.elapse(Duration.ofSeconds(21)).scaled(1, 1).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
      var bounds =
          Map.of(
              DecisionScenario.SOURCE, new Bounds(1, 1), DecisionScenario.WINDOW, new Bounds(1, 1));
      stage.noPod("tm-1").noPod("tm-2").elapse(Duration.ofMinutes(11));
      stage.scaled(bounds, 1, 1).settle();
      ended(stage, OperationResult.Failed, "within changeTimeout");
    }
  }

  @Nested
  class ASavepoint {
    @Test
    void thatIsCompleteWhenTheResourceIsDeletedIsFollowedToItsEnd() {
      DecisionScenario stage = prepared(DecisionScenario.stateful());
      stage.settle();
      stage.savepointCompleted().settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.AwaitingJobEnd);
      String path = stage.operation().savepoint();
      stage.delete().settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Delete);
      stage.job("FINISHED", Optional.empty(), 1).settle();
      assertThat(stage.recorded().restorePoint().orElseThrow().path()).isEqualTo(path);
    }

    @Test
    void thatFailsDoesNotHoldUpADeletion() {
      DecisionScenario stage = DecisionScenario.stateful().running().delete();
      stage.settle();
      String trigger = stage.operation().triggerId();
      stage.savepoint(new SavepointProgress.Failed(trigger, "disk full", Optional.empty()));
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(stage.operation().message()).contains("no savepoint could be taken");
    }

    @Test
    void ofAJobThatGoesOnAndDoesNotRunAtTheDeadlineIsGivenUp() {
      DecisionScenario stage = DecisionScenario.stateful().running().savepointToken("now");
      stage.settle();
      stage.savepoint(new SavepointProgress.Unknown(stage.operation().triggerId()));
      stage.elapse(Duration.ofMinutes(11)).job("RESTARTING", Optional.empty(), 1).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      ended(stage, OperationResult.Failed, "does not run");
    }

    @Test
    void isNotWantedOfASilentJobManagerByALastCheckpoint() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\", upgradeMode: LastCheckpoint}"));
      prepared(stage).flinkSilent();
      assertThat(stage.settle().actions()).isEmpty();
      assertThat(stage.stage()).isEqualTo(OperationStage.Cancelling);
    }
  }

  @Nested
  class ASpecThatIsLost {
    @ParameterizedTest
    @EnumSource(
        value = OperationStage.class,
        names = {"Stopping", "Starting"})
    void withNothingToGoBackToIsFollowedByTheOneThatIsWantedByNow(OperationStage at) {
      DecisionScenario stage = stopped(DecisionScenario.stateful());
      if (at == OperationStage.Starting) {
        stage.settle();
        assertThat(stage.stage()).isEqualTo(at);
      }
      stage.forgetConfigMaps();
      stage.spec(DecisionScenario.stateful().yaml() + "bufferTimeout: 7\n");
      stage.settle();
      ended(stage, OperationResult.Failed, "was lost");
      assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    }

    @ParameterizedTest
    @EnumSource(
        value = OperationStage.class,
        names = {"Stopping", "Starting"})
    void isUndoneWhereTheOneThatRanIsWantedAgain(OperationStage at) {
      DecisionScenario stage = stopped(DecisionScenario.stateful());
      if (at == OperationStage.Starting) {
        stage.settle();
      }
      stage.forgetConfigMaps();
      stage.spec(DecisionScenario.stateful().yaml());
      stage.jobManagersBack().settle();
      stage.jobManagersGone().settle();
      assertThat(last(stage).result()).isIn(OperationResult.RolledBack, OperationResult.Superseded);
      assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    }
  }

  @Nested
  class Verifying {
    /** All tasks ran, and nothing is told yet of what was restored. */
    private DecisionScenario verifying() {
      DecisionScenario stage = stopped(DecisionScenario.stateful());
      stage.settle();
      stage.comesUp(2);
      stage.job("RUNNING", Optional.empty(), 0).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Verifying);
      return stage;
    }

    @Test
    void isOverWithTheJobManager() {
      DecisionScenario stage =
          verifying()
              .ended(
                  "jm-2",
                  new ObservedPod.PodProblem(Reason.ContainerFailing, "exit code 1"),
                  Optional.empty());
      stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    }

    @Test
    void isBegunAgainWithoutAVerdictWhereThePodWasTakenAway() {
      DecisionScenario stage = verifying().noPod("jm-2");
      stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    }

    @Test
    void withoutRollbackIsBegunAnew() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.spec(stage.yaml() + "rollback: false\n");
      stopped(stage).settle();
      stage.comesUp(2);
      stage.job("RUNNING", Optional.empty(), 0).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Verifying);
      assertThat(stage.job("FAILED", Optional.empty(), 0).settle().phase()).isEqualTo(Phase.Failed);
    }

    @Test
    void givesWayToAnotherSpecWhereItsTasksStoppedRunning() {
      DecisionScenario stage = verifying();
      stage.job("RESTARTING", Optional.empty(), 0).specWith("bufferTimeout: 5").settle();
      ended(stage, OperationResult.Superseded, "changed again");
      assertThat(stage.operation().epoch()).isEqualTo(3);
    }

    @Test
    void givesWayToSuspendWhereItsTasksStoppedRunning() {
      DecisionScenario stage = verifying();
      stage.job("RESTARTING", Optional.empty(), 0).specWith(SUSPEND).settle();
      ended(stage, OperationResult.Superseded, "suspended meanwhile");
      assertThat(stage.operation().type()).isEqualTo(OperationType.Suspend);
    }
  }
}
