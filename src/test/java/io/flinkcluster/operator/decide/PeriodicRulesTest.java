package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PeriodicRulesTest {
  private static final String TWO = "taskManager: {replicas: 2}";
  private static final Duration HOUR = Duration.ofHours(1);

  private static DecisionScenario hourly() {
    return new DecisionScenario(
        """
        flinkVersion: "2.3"
        image: flink:2.3
        job: {jarURI: "local:///opt/flink/a.jar"}
        storage: {baseURI: "s3://bucket/flink", savepointInterval: 1h}
        """);
  }

  private static DecisionScenario due() {
    DecisionScenario stage = hourly().running().elapse(HOUR);
    stage.job("RUNNING", Optional.empty(), 9).settle();
    return stage;
  }

  private static DecisionScenario failed(DecisionScenario stage, String why) {
    String trigger = stage.operation().triggerId();
    stage.savepoint(new SavepointProgress.Failed(trigger, why, Optional.empty())).settle();
    return stage;
  }

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  @Nested
  class Schedule {
    @Test
    void asksForASavepointWhenNoneWasTakenForTheInterval() {
      DecisionScenario stage = hourly().running().elapse(HOUR.minusSeconds(11));
      stage.job("RUNNING", Optional.empty(), 9);
      assertThat(stage.settle().actions()).isEmpty();
      assertThat(stage.recorded().operation()).isEmpty();
      Decision decision = stage.elapse(Duration.ofSeconds(1)).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Savepoint);
      assertThat(stage.operation().trigger()).isEqualTo("periodic");
      assertThat(decision.phase()).isEqualTo(Phase.Running);
      assertThat(decision.actions())
          .containsExactly(
              new Action.TakeSavepoint(
                  DecisionScenario.jobId(1),
                  stage.operation().triggerId(),
                  "s3://bucket/flink/ns/c/savepoints/" + stage.operation().id()));
    }

    @Test
    void looksAgainWhenTheNextIsDue() {
      DecisionScenario stage = hourly().running().elapse(HOUR.minusSeconds(20));
      stage.job("RUNNING", Optional.empty(), 9);
      assertThat(stage.settle().lookAgain()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void countsFromTheNewestSavepointWhoeverAskedForIt() {
      DecisionScenario stage = hourly().running().elapse(HOUR.minusMinutes(1)).savepointToken("a");
      stage.job("RUNNING", Optional.empty(), 9).settle();
      stage.savepointCompleted().settle();
      stage.elapse(HOUR.minusSeconds(1)).job("RUNNING", Optional.empty(), 10).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      stage.elapse(Duration.ofSeconds(1)).settle();
      assertThat(stage.operation().trigger()).isEqualTo("periodic");
    }

    @Test
    void hasAnIdOfItsOwnEachTime() {
      DecisionScenario stage = due();
      String first = stage.operation().id();
      stage.savepointCompleted().settle();
      stage.elapse(HOUR).job("RUNNING", Optional.empty(), 10).settle();
      assertThat(stage.operation().id()).isNotEqualTo(first);
      assertThat(stage.operation().savepointDirectory()).endsWith("/" + stage.operation().id());
    }

    @Test
    void keepsItsIdsWhileItIsUnderWay() {
      DecisionScenario stage = due();
      var before = stage.operation();
      stage.elapse(Duration.ofSeconds(3)).settle();
      assertThat(stage.operation()).isEqualTo(before);
    }

    @Test
    void waitsForTheFirstCheckpointSinceTheStart() {
      DecisionScenario stage = due();
      stage.savepointCompleted().settle();
      stage.elapse(HOUR).noPod("jm-1").job("RUNNING", Optional.empty(), 9).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
      stage.jobManagersGone().settle();
      stage.jobManagersBack().gatedPod(2, "jm-2").settle();
      String from = stage.launch().restoredFrom();
      stage.pod(Component.JOB_MANAGER, 2, "jm-2").pod(Component.TASK_MANAGER, 2, "tm-2");
      stage.job("RUNNING", Optional.of(from), 0).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      stage.job("RUNNING", Optional.of(from), 10).settle();
      assertThat(stage.operation().trigger()).isEqualTo("periodic");
    }

    @Test
    void waitsForAJobThatDoesNotRun() {
      DecisionScenario stage = hourly().running().elapse(HOUR);
      stage.job("RESTARTING", Optional.empty(), 9).settle();
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void leavesAUsersChangeFirst() {
      DecisionScenario stage = hourly().running().elapse(HOUR).specWith(TWO);
      stage.job("RUNNING", Optional.empty(), 9).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
    }

    @Test
    void goesOnWhileAChangedSpecIsRefused() {
      DecisionScenario stage =
          hourly().running().elapse(HOUR).specWith("taskManager: {replicas: 0}");
      stage.job("RUNNING", Optional.empty(), 9).settle();
      assertThat(stage.operation().trigger()).isEqualTo("periodic");
    }

    @Test
    void isOffWhereTheSpecDoesNotNameAnInterval() {
      DecisionScenario stage = DecisionScenario.stateful().running().elapse(HOUR.multipliedBy(100));
      stage.job("RUNNING", Optional.empty(), 9).settle();
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void takesUpAnIntervalThatIsChangedWhileTheJobRuns() {
      DecisionScenario stage = DecisionScenario.stateful().running().elapse(HOUR);
      stage.spec(hourly().yaml()).job("RUNNING", Optional.empty(), 9).settle();
      assertThat(stage.operation().trigger()).isEqualTo("periodic");
      assertThat(stage.launch().epoch()).isEqualTo(1);
    }
  }

  @Nested
  class Result {
    @Test
    void isASavepointOfTheClusterAndLeavesTheRestorePointAlone() {
      DecisionScenario stage = due();
      var point = stage.recorded().restorePoint();
      stage.savepointCompleted().settle();
      assertThat(stage.recorded().savepoints())
          .singleElement()
          .satisfies(
              s -> {
                assertThat(s.trigger()).isEqualTo("periodic");
                assertThat(s.jobId()).isEqualTo(DecisionScenario.jobId(1));
              });
      assertThat(last(stage).savepoint()).isEqualTo(stage.recorded().savepoints().get(0).path());
      assertThat(stage.recorded().restorePoint()).isEqualTo(point);
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void isToldOnceAndPushesNoOtherOperationOut() {
      DecisionScenario stage = due();
      for (int i = 0; i < 15; i++) {
        stage.savepointCompleted().settle();
        stage.elapse(HOUR).job("RUNNING", Optional.empty(), 10 + i).settle();
      }
      assertThat(stage.recorded().operations())
          .extracting(OperationRecord::type)
          .containsExactly(OperationType.Savepoint, OperationType.Start);
      stage.savepointCompleted().settle();
      for (int i = 0; i < 12; i++) {
        stage.savepointToken("t" + i).elapse(Duration.ofSeconds(1)).settle();
        stage.savepointCompleted().settle();
      }
      List<OperationRecord> told = stage.recorded().operations();
      assertThat(told).hasSize(11);
      assertThat(told).filteredOn(r -> r.triggerKind() == TriggerKind.Schedule).hasSize(1);
    }

    @Test
    void ofAFailureIsToldAndTriedAgainAfterAPause() {
      DecisionScenario stage = failed(due(), "disk full");
      assertThat(last(stage).result()).isEqualTo(OperationResult.Failed);
      assertThat(last(stage).message()).contains("disk full");
      assertThat(stage.settle().causes()).isEmpty();
      assertThat(stage.settle().phase()).isEqualTo(Phase.Running);
      stage.elapse(Duration.ofMinutes(5).minusSeconds(1)).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      stage.elapse(Duration.ofSeconds(1)).settle();
      assertThat(stage.operation().trigger()).isEqualTo("periodic");
      assertThat(stage.operation().id()).isNotEqualTo(last(stage).id());
    }

    @Test
    void ofAFailureIsTriedAgainAfterTheIntervalWhereThatIsShorter() {
      DecisionScenario stage = hourly();
      stage.spec(stage.yaml().replace("1h", "10s")).running().elapse(HOUR);
      stage.job("RUNNING", Optional.empty(), 9).settle();
      failed(stage, "disk full").elapse(Duration.ofSeconds(9)).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      stage.elapse(Duration.ofSeconds(1)).settle();
      assertThat(stage.operation().trigger()).isEqualTo("periodic");
    }
  }

  @Nested
  class UnderWay {
    @Test
    void isFollowedByTheUsersChange() {
      DecisionScenario stage = due();
      stage.specWith(TWO).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Savepoint);
      stage.savepointCompleted().settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
    }

    @Test
    void givesWayToAChangeThatHasWaitedForChangeTimeout() {
      DecisionScenario stage = due();
      stage.elapse(Duration.ofMinutes(11)).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Savepoint);
      assertThat(stage.settle().causes()).isEmpty();
      stage.specWith(TWO).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
      assertThat(last(stage).result()).isEqualTo(OperationResult.Failed);
    }

    @Test
    void doesNotKeepALostJobManagerFromBeingReplaced() {
      DecisionScenario stage = due();
      stage.noPod("jm-1").settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
      assertThat(last(stage).type()).isEqualTo(OperationType.Savepoint);
      assertThat(last(stage).result()).isEqualTo(OperationResult.Failed);
    }

    @Test
    void changesNothingOfWhatAPersonIsTold() {
      DecisionScenario stage = hourly().running().specWith(TWO);
      stage.settle();
      failed(stageAfterPreparing(stage), "no room");
      Decision before = stage.settle();
      assertThat(before.causes()).singleElement().extracting("stalled").isEqualTo(true);
      stage.elapse(HOUR).job("RUNNING", Optional.empty(), 9);
      Decision begun = Decider.decide(stage.situation());
      assertThat(begun.recorded().operation()).isPresent();
      assertThat(begun.causes()).isEqualTo(before.causes());
      assertThat(stage.settle().causes()).isEqualTo(before.causes());
      assertThat(stage.operation().trigger()).isEqualTo("periodic");
      stage.savepointCompleted();
      Decision ended = Decider.decide(stage.situation());
      assertThat(ended.recorded().operation()).isEmpty();
      assertThat(ended.causes()).isEqualTo(before.causes());
      assertThat(stage.settle().causes()).isEqualTo(before.causes());
    }

    private static DecisionScenario stageAfterPreparing(DecisionScenario stage) {
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.settle();
      return stage;
    }
  }

  @Nested
  class Token {
    @Test
    void isEchoedInTheWriteThatTellsTheSavepoint() {
      DecisionScenario stage = DecisionScenario.stateful().running().savepointToken("a");
      stage.settle();
      assertThat(stage.recorded().actions().savepoint()).isNull();
      stage.savepointCompleted();
      RecordedState told = Decider.decide(stage.situation()).recorded();
      assertThat(told.actions().savepoint()).isEqualTo("a");
      assertThat(told.savepoints())
          .extracting(SavepointStatus::trigger)
          .containsExactly("savepoint token a");
    }

    @Test
    void ofASavepointThatFailedIsEchoedWithTheReason() {
      DecisionScenario stage = DecisionScenario.stateful().running().savepointToken("a");
      stage.settle();
      failed(stage, "disk full");
      assertThat(stage.recorded().actions().savepoint()).isEqualTo("a");
      assertThat(last(stage).trigger()).isEqualTo("savepoint token a");
      assertThat(last(stage).message()).contains("disk full");
      assertThat(stage.elapse(HOUR).settle().actions()).isEmpty();
      stage.savepointToken("b").settle();
      assertThat(stage.operation().trigger()).isEqualTo("savepoint token b");
    }

    @Test
    void isServedWhenTheJobRunsAgain() {
      DecisionScenario stage = DecisionScenario.stateful().running().savepointToken("a");
      stage.job("RESTARTING", Optional.empty(), 1);
      assertThat(stage.settle().actions()).isEmpty();
      assertThat(stage.recorded().actions().savepoint()).isNull();
      stage.job("RUNNING", Optional.empty(), 1).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Savepoint);
    }

    @Test
    void thatComesBackIsAnotherSavepoint() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      for (String token : List.of("a", "b", "a")) {
        stage.savepointToken(token).elapse(Duration.ofSeconds(1)).settle();
        stage.savepointCompleted().settle();
      }
      assertThat(stage.recorded().savepoints()).hasSize(3);
    }

    @Test
    void isAnsweredWhereThereIsNoDirectoryForSavepoints() {
      DecisionScenario stage =
          new DecisionScenario(
              """
              flinkVersion: "2.3"
              image: flink:2.3
              job: {jarURI: "local:///opt/flink/a.jar", upgradeMode: Stateless}
              """);
      stage.running().savepointToken("a").settle();
      assertThat(stage.recorded().actions().savepoint()).isEqualTo("a");
      assertThat(last(stage).result()).isEqualTo(OperationResult.Failed);
      assertThat(last(stage).message()).contains("storage.baseURI");
      assertThat(stage.recorded().operations()).hasSize(2);
    }

    @Test
    void isAnsweredByASessionClusterToo() {
      DecisionScenario stage = new DecisionScenario("flinkVersion: \"2.3\"\nimage: flink:2.3\n");
      stage.savepointToken("a").sessionRunning();
      assertThat(last(stage).message()).contains("session cluster");
      assertThat(stage.recorded().actions().savepoint()).isEqualTo("a");
    }
  }
}
