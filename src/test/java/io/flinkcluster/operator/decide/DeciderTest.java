package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.decide.fact.RestorePoints;
import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeciderTest {
  private static final String TWO = "taskManager: {replicas: 2}";

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  @Nested
  class FirstStart {
    @Test
    void recordsEpochAndJobIdBeforeAnythingExists() {
      DecisionScenario stage = DecisionScenario.stateful();
      Decision first = Decider.decide(stage.situation());
      assertThat(first.runs()).isEmpty();
      assertThat(first.recorded().launch()).get().extracting("epoch").isEqualTo(1L);
      assertThat(first.recorded().launch())
          .get()
          .extracting("jobId")
          .isEqualTo(DecisionScenario.jobId(1));
      Decision second = stage.settle();
      assertThat(second.runs())
          .singleElement()
          .extracting("parts")
          .isEqualTo(Set.of(Part.CONFIG, Part.SERVICE, Part.JOB_MANAGER, Part.TASK_MANAGERS));
    }

    @Test
    void letsOnlyTheRecordedJobManagerPodStart() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.settle();
      Decision decision = stage.gatedPod(1, "jm-1").settle();
      assertThat(stage.launch().jobManagerPod()).isEqualTo("uid-jm-1");
      assertThat(decision.actions())
          .containsExactly(new Action.RemoveSchedulingGate("jm-1", "uid-jm-1"));
    }

    @Test
    void isRunningWithALastStableSpecOnceAllTasksRun() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      Decision decision = stage.settle();
      assertThat(decision.phase()).isEqualTo(Phase.Running);
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
      assertThat(stage.recorded().lastStable()).get().extracting("epoch").isEqualTo(1L);
      assertThat(stage.recorded().restorePoint())
          .get()
          .extracting("type")
          .isEqualTo(RestorePoint.Type.Checkpoint);
    }

    @Test
    void beginsFromTheInitialSavepoint() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.spec(
          """
          flinkVersion: "2.3"
          image: flink:2.3
          job: {jarURI: "local:///opt/flink/a.jar", initialSavepoint: "s3://bucket/old/savepoint-1"}
          storage: {baseURI: "s3://bucket/flink"}
          """);
      stage.settle();
      assertThat(stage.launch().restoredFrom()).isEqualTo("s3://bucket/old/savepoint-1");
    }

    @Test
    void doesNotSilentlyStartEmptyWhereADeletedClusterLeftASavepoint() {
      DecisionScenario stage =
          DecisionScenario.stateful().leftBehind("s3://bucket/old/savepoint-9");
      Decision decision = stage.settle();
      assertThat(decision.runs()).isEmpty();
      assertThat(decision.causes())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.stalled()).isTrue();
                assertThat(f.message())
                    .contains("s3://bucket/old/savepoint-9", "job.initialSavepoint");
              });
    }

    @Test
    void isNotMadeWhileSuspended() {
      DecisionScenario stage = DecisionScenario.stateful().specWith("suspend: true");
      assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
      assertThat(stage.recorded().launch()).isEmpty();
    }

    @Test
    void isTriedAgainWithABackOffWhenTheJobManagerEndsAndSaysWhy() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.settle();
      for (long epoch = 1; epoch <= 3; epoch++) {
        stage.jobManagersBack().gatedPod(epoch, "jm-" + epoch);
        stage.settle();
        stage.pod(
            Component.JOB_MANAGER,
            epoch,
            "jm-" + epoch,
            true,
            1,
            Optional.of(new ObservedPod.PodProblem(Reason.ContainerFailing, "no such class")));
        stage.settle();
        stage.jobManagersGone().elapse(Duration.ofMinutes(3)).settle();
      }
      assertThat(stage.launch().epoch()).isEqualTo(4);
      assertThat(stage.recorded().operations()).isEmpty();
      assertThat(stage.operation().retries()).isEqualTo(3);
      assertThat(stage.operation().reason()).isEqualTo(Reason.JobManagerLost);
      stage.jobManagersBack().gatedPod(4, "jm-4").settle();
      var why = Optional.of(new ObservedPod.PodProblem(Reason.ContainerFailing, "no such class"));
      stage.pod(Component.JOB_MANAGER, 4, "jm-4", true, 1, why).settle();
      Decision waiting = stage.jobManagersGone().elapse(Duration.ofMinutes(4)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(waiting.causes().get(0).message()).contains("no such class", "tried again");
      assertThat(waiting.causes().get(0).stalled()).isTrue();
      stage.elapse(Duration.ofMinutes(2)).settle();
      assertThat(stage.launch().epoch()).as("never later than five minutes").isEqualTo(5);
    }

    @Test
    void followsASpecThatIsMendedBeforeItsJobRan() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.settle();
      stage.specWith(TWO).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Start);
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
    }
  }

  @Nested
  class Rescale {
    private DecisionScenario prepared() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
      stage.settle();
      return stage;
    }

    private DecisionScenario asked() {
      DecisionScenario stage = prepared();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.settle();
      return stage;
    }

    @Test
    void bringsTheNewPodsUpWhileTheOldJobRuns() {
      DecisionScenario stage = prepared();
      Decision decision = stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
      assertThat(stage.operation().trigger()).contains("taskManager.replicas 1 → 2");
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      assertThat(decision.runs()).extracting(r -> r.launch().epoch()).containsExactly(1L, 2L);
      assertThat(decision.runs().get(1).parts()).contains(Part.TASK_MANAGERS, Part.JOB_MANAGER);
      assertThat(decision.runs().get(1).launch().prepared()).isTrue();
      assertThat(decision.actions()).isEmpty();
    }

    @Test
    void asksForTheSavepointOnlyAfterTriggerAndDirectoryAreRecorded() {
      DecisionScenario stage = prepared();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      Decision intent = Decider.decide(stage.situation());
      assertThat(intent.actions()).isEmpty();
      assertThat(intent.recorded().operation()).get().extracting("triggerId").isNotNull();
      Decision act = stage.settle();
      assertThat(act.actions())
          .containsExactly(
              new Action.StopWithSavepoint(
                  DecisionScenario.jobId(1),
                  stage.operation().triggerId(),
                  stage.operation().savepointDirectory()));
      assertThat(stage.operation().savepointDirectory())
          .isEqualTo("s3://bucket/flink/ns/c/savepoints/" + stage.operation().id());
    }

    @Test
    void asksForTheSameSavepointAgainUntilFlinkKnowsIt() {
      DecisionScenario stage = asked();
      List<Action> once = stage.settle().actions();
      stage.savepoint(new SavepointProgress.Unknown(stage.operation().triggerId()));
      assertThat(stage.settle().actions()).isEqualTo(once);
      stage.savepoint(new SavepointProgress.InProgress(stage.operation().triggerId()));
      assertThat(stage.settle().actions()).isEmpty();
    }

    @Test
    void keepsTheOldJobManagerUntilTheJobHasEnded() {
      DecisionScenario stage = asked().savepointCompleted();
      assertThat(stage.settle().runs().get(0).parts()).contains(Part.JOB_MANAGER);
      assertThat(stage.stage()).isEqualTo(OperationStage.AwaitingJobEnd);
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted();
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    }

    @Test
    void startsTheNewJobOnlyWhenNoOldJobManagerIsLeft() {
      DecisionScenario stage = asked();
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted();
      Decision stopping = stage.settle();
      assertThat(stopping.runs())
          .singleElement()
          .satisfies(
              r -> {
                assertThat(r.launch().epoch()).isEqualTo(2);
                assertThat(r.launch().prepared()).isTrue();
              });
      assertThat(stopping.actions()).isEmpty();
      assertThat(stage.launch().epoch()).isEqualTo(1);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.launch().jobId()).isEqualTo(DecisionScenario.jobId(2));
      assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    }

    @Test
    void takesACheckpointWithAHigherNumberForNewerWhateverTheClockSays() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.elapse(Duration.ofHours(-1)).job("RUNNING", Optional.empty(), 2).settle();
      assertThat(stage.recorded().restorePoint().orElseThrow().path()).endsWith("/chk-2");
      stage.elapse(Duration.ofHours(2)).job("RUNNING", Optional.empty(), 1).settle();
      assertThat(stage.recorded().restorePoint().orElseThrow().path()).endsWith("/chk-2");
    }

    @Test
    void saysWhileItStopsThatTheNewJobManagerIsRefused() {
      DecisionScenario stage = asked();
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
      Decision decision = stage.refuse("Deployment c-jobmanager-2: exceeded quota").settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(decision.causes())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.reason()).isEqualTo(Reason.ChildRefused);
                assertThat(f.message()).contains("exceeded quota");
              });
    }

    private DecisionScenario starting() {
      DecisionScenario stage = asked();
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted();
      stage.settle();
      stage.elapse(Duration.ofSeconds(2)).jobManagersGone().settle();
      stage.jobManagersBack().gatedPod(2, "jm-2").settle();
      stage.pod(Component.JOB_MANAGER, 2, "jm-2");
      return stage;
    }

    @Test
    void succeedsWithItsDowntimeWhenTheJobRestoredTheSavepoint() {
      DecisionScenario stage = starting().elapse(Duration.ofSeconds(8));
      stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0).settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
      assertThat(last(stage).downtime()).isEqualTo("10.000s");
      assertThat(last(stage).steps())
          .extracting("name")
          .containsExactly(
              OperationStage.Preparing,
              OperationStage.Savepointing,
              OperationStage.AwaitingJobEnd,
              OperationStage.Stopping,
              OperationStage.Starting,
              OperationStage.Verifying);
      assertThat(stage.recorded().lastStable()).get().extracting("epoch").isEqualTo(2L);
    }

    @Test
    void takesAnotherSpellingOfTheSamePathForTheSame() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      assertThat(
              RestorePoints.restoredAsIntended(
                  new io.flinkcluster.operator.api.LaunchStatus(
                      1L, stage.launch().jobId(), "f", 1L, "file:///a/b/", null, null, null),
                  stage
                      .job("RUNNING", Optional.of("file:/a/b"), 0)
                      .situation()
                      .seen()
                      .job(1)
                      .get()))
          .isTrue();
    }

    @Test
    void isRolledBackToThePointBeforeItWhenTheJobRestoredSomethingElse() {
      DecisionScenario stage = starting();
      stage.job("RUNNING", Optional.of("s3://bucket/other"), 0).settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(3);
      assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
      assertThat(stage.settle().runs().get(0).spec().spec().taskManager().replicas()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isRolledBackEarlyWhereTheJobManagerIsNotSetUpUnlessTheKubeletIsOnlySlow(boolean slow) {
      DecisionScenario stage = starting();
      String words = slow ? "context deadline exceeded" : "Multi-Attach error for volume";
      var problem = Optional.of(new ObservedPod.PodProblem(Reason.PodNotSetUp, words, slow));
      stage.pod(Component.JOB_MANAGER, 2, "jm-2", false, 0, problem);
      Decision decision = stage.elapse(Duration.ofSeconds(125)).settle();
      assertThat(stage.operation().type())
          .isEqualTo(slow ? OperationType.Rescale : OperationType.Rollback);
      assertThat(slow ? decision.causes().get(0).message() : last(stage).message()).contains(words);
      stage.elapse(Duration.ofMinutes(9)).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    }

    @Test
    void waitsALittleForTheCauseOfItsFailure() {
      DecisionScenario stage = starting().cause(Optional.empty());
      stage.job("FAILED", Optional.empty(), 0).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
      stage.cause(Optional.of("no such bucket")).job("FAILED", Optional.empty(), 0).settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
      assertThat(last(stage).message()).contains("no such bucket");
    }

    @Test
    void doesNotWaitForTheCauseForEver() {
      DecisionScenario stage = starting().cause(Optional.empty());
      stage.job("FAILED", Optional.empty(), 0).settle();
      stage.elapse(Duration.ofSeconds(11)).settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
    }

    @Test
    void isRolledBackAtOnceWhenItsJarCannotBeFetched() {
      DecisionScenario stage = starting();
      stage.pod(
          Component.JOB_MANAGER,
          2,
          "jm-2",
          false,
          0,
          Optional.of(
              new ObservedPod.PodProblem(Reason.FetchFailed, "cannot fetch s3://b/no.jar")));
      stage.settle();

      assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
      assertThat(last(stage).message()).contains("cannot fetch s3://b/no.jar");
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    }

    @Test
    void aRollbackDoesNotLookForCheckpointsOfTheStartThatFailed() {
      DecisionScenario stage = starting();
      stage.job("RUNNING", Optional.of("s3://bucket/other"), 0).settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(3);
      assertThat(stage.launch().snapshotSearchDirectories()).isNull();
    }

    @Test
    void isRolledBackAtTheDeadlineAndNotTriedAgainUntilTheSpecChanges() {
      DecisionScenario stage = starting().elapse(Duration.ofMinutes(11));
      stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
      stage.jobManagersGone().settle();
      stage.jobManagersBack().gatedPod(3, "jm-3").settle();
      stage.pod(Component.JOB_MANAGER, 3, "jm-3");
      stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0);
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.causes())
          .anySatisfy(
              f -> {
                assertThat(f.reason()).isEqualTo(Reason.RolledBack);
                assertThat(f.stalled()).isTrue();
              });
      stage.specWith("# touched").settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
      assertThat(stage.operation().epoch()).isEqualTo(4);
    }

    @Test
    void keepsThePointBeforeTheChangeUntilItHasSucceeded() {
      DecisionScenario stage = starting();
      stage.job("RESTARTING", Optional.of(stage.launch().restoredFrom()), 5).settle();
      assertThat(stage.recorded().restorePoint())
          .get()
          .extracting("path")
          .asString()
          .endsWith("/savepoint-1");
    }

    @Test
    void isAbandonedWithTheJobUntouchedWhenTheSavepointFails() {
      DecisionScenario stage = asked();
      stage.savepoint(
          new SavepointProgress.Failed(
              stage.operation().triggerId(), "disk full", Optional.empty()));
      Decision decision = stage.settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Abandoned);
      assertThat(last(stage).message()).contains("disk full");
      assertThat(stage.launch().epoch()).isEqualTo(1);
      assertThat(decision.runs()).singleElement().extracting(r -> r.launch().epoch()).isEqualTo(1L);
    }

    @Test
    void continuesFromASavepointThatWasWrittenAlthoughTheStopFailed() {
      DecisionScenario stage = asked();
      String path = stage.operation().savepointDirectory() + "/savepoint-1";
      stage.job("FAILED", Optional.empty(), 1);
      stage.savepoint(
          new SavepointProgress.Failed(
              stage.operation().triggerId(), "stopping failed", Optional.of(path)));
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(stage.operation().savepoint()).isEqualTo(path);
    }

    @Test
    void tellsTheWayOutWhenTheJobManagerIsSilentBeyondTheDeadlineWhileWriting() {
      DecisionScenario stage = asked().flinkSilent().elapse(Duration.ofMinutes(11));
      assertThat(stage.settle().causes())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.stalled()).isTrue();
                assertThat(f.reason()).isEqualTo(Reason.FlinkUnreachable);
                assertThat(f.message()).contains("delete", "pod jm-1");
              });
    }

    @Test
    void isAbandonedWhenTheNewPodsAreBroken() {
      DecisionScenario stage = prepared().elapse(Duration.ofSeconds(30));
      stage.pod(
          Component.TASK_MANAGER,
          2,
          "tm-2a",
          false,
          0,
          Optional.of(new ObservedPod.PodProblem(Reason.ImagePullFailed, "no such image")));
      Decision decision = stage.settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Abandoned);
      assertThat(last(stage).message()).contains("no such image");
      assertThat(decision.causes()).anyMatch(f -> f.reason() == Reason.RolledBack && f.stalled());
      assertThat(decision.runs()).singleElement().extracting(r -> r.launch().epoch()).isEqualTo(1L);
    }

    @Test
    void waitsForAKubeletThatTriesAgain() {
      DecisionScenario stage = prepared().elapse(Duration.ofSeconds(30));
      String busy = "failed to sync configmap cache: timed out waiting for the condition";
      var problem = Optional.of(new ObservedPod.PodProblem(Reason.PodNotSetUp, busy));
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a", false, 0, problem);
      Decision decision = stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      assertThat(decision.causes()).anyMatch(c -> c.message().contains(busy));
    }

    @Test
    void isAbandonedWhenTheApiServerRefusesAChild() {
      DecisionScenario stage = prepared().refuse("Deployment c-jobmanager-2: quota");
      stage.settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Abandoned);
      assertThat(last(stage).message()).contains("quota");
    }

    @Test
    void goesOnWithoutRoomForBothAfterAWhileAndSaysSo() {
      DecisionScenario stage =
          prepared()
              .pod(Component.TASK_MANAGER, 2, "tm-2a")
              .problem(Component.TASK_MANAGER, 2, Reason.Unschedulable, "0/1 nodes");
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      stage.elapse(Duration.ofMinutes(3)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
      assertThat(stage.operation().message()).contains("no room");
    }

    @Test
    void isSupersededWithoutATraceWhileNothingIsStopped() {
      DecisionScenario stage = prepared().specWith("bufferTimeout: 5");
      Decision decision = stage.settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
      assertThat(stage.operation().type()).isEqualTo(OperationType.Upgrade);
      assertThat(stage.operation().epoch()).isEqualTo(3);
      assertThat(decision.runs()).extracting(r -> r.launch().epoch()).containsExactly(1L, 3L);
    }

    @Test
    void isNotInterruptedByAnotherChangeOnceTheSavepointIsAskedFor() {
      DecisionScenario stage = asked();
      stage.settle();
      String id = stage.operation().id();
      stage.specWith("bufferTimeout: 5").settle();
      assertThat(stage.operation().id()).isEqualTo(id);
      assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
    }

    @Test
    void waitsOnlyAWhileForAJobThatDoesNotRun() {
      DecisionScenario stage = prepared();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.job("RESTARTING", Optional.empty(), 1).settle();
      assertThat(stage.operation().savepointDirectory()).isNull();
      Decision decision = stage.elapse(Duration.ofSeconds(40)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Cancelling);
      assertThat(decision.actions())
          .containsExactly(new Action.CancelJob(DecisionScenario.jobId(1)));
      stage.job("CANCELED", Optional.empty(), 3).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-3");
    }

    @Test
    void isOnlyPlannedWhileTheAnnotationHoldsItBack() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO).planOnly(true);
      Decision decision = stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Planned);
      assertThat(decision.runs()).extracting(r -> r.launch().epoch()).containsExactly(1L);
      stage.planOnly(false).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      assertThat(stage.operation().epoch()).isEqualTo(2);
    }
  }

  @Nested
  class Steady {
    @Test
    void keepsTheRunningSpecWhileANewOneIsRefused() {
      DecisionScenario stage =
          DecisionScenario.stateful()
              .running()
              .specWith("flinkConfiguration: {jobmanager.rpc.port: \"1\"}");
      Decision decision = stage.settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(decision.runs()).singleElement().extracting(r -> r.launch().epoch()).isEqualTo(1L);
    }

    @Test
    void touchesNothingWhenTheRunningSpecIsRefusedAndForgotten() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.forgetConfigMaps();
      Decision decision =
          stage.specWith("flinkConfiguration: {jobmanager.rpc.port: \"1\"}").settle();
      assertThat(decision.runs()).isEmpty();
      assertThat(decision.keep()).containsExactly(1L);
    }

    @Test
    void recoversFromTheNewestCheckpointWhenTheJobManagerIsLost() {
      DecisionScenario stage = DecisionScenario.stateful().running().elapse(Duration.ofSeconds(10));
      stage.job("RUNNING", Optional.empty(), 7).settle();
      stage.noPod("jm-1").gatedPod(1, "jm-1b").settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
      assertThat(stage.settle().actions()).isEmpty();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.launch().restoredFrom()).endsWith(DecisionScenario.jobId(1) + "/chk-7");
    }

    @Test
    void acceptsALaterCheckpointOfTheLostJobThatThePodFound() {
      DecisionScenario stage = DecisionScenario.stateful().running().elapse(Duration.ofSeconds(10));
      stage.job("RUNNING", Optional.empty(), 7).settle();
      stage.noPod("jm-1").settle();
      stage.jobManagersGone().settle();
      String known = stage.launch().restoredFrom();
      stage.jobManagersBack().gatedPod(2, "jm-2").settle();
      stage.pod(Component.JOB_MANAGER, 2, "jm-2");
      stage.job("RUNNING", Optional.of(known.replace("chk-7", "chk-9")), 0).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    }

    @Test
    void looksForCheckpointsOfAJobThatWasLostBeforeAnyWasSeen() {
      DecisionScenario stage = DecisionScenario.stateful().running().elapse(Duration.ofSeconds(10));
      stage.job("RUNNING", Optional.empty(), 7).settle();
      stage.noPod("jm-1").settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().snapshotSearchDirectories()).hasSize(1);
      stage.jobManagersBack().gatedPod(2, "jm-2").settle();
      stage.pod(Component.JOB_MANAGER, 2, "jm-2");
      stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0).settle();
      assertThat(stage.recorded().operation()).isEmpty();

      stage.noPod("jm-2").settle();
      stage.jobManagersGone().settle();

      assertThat(stage.launch().epoch()).isEqualTo(3);
      assertThat(stage.launch().restoredFrom()).endsWith(DecisionScenario.jobId(1) + "/chk-7");
      assertThat(stage.launch().snapshotSearchDirectories())
          .hasSize(2)
          .first()
          .satisfies(directory -> assertThat(directory).endsWith("/" + DecisionScenario.jobId(2)));
      String snapshotSearchDirectories =
          stage.launch().snapshotSearchDirectories().get(0) + "/chk-8";
      stage.jobManagersBack().gatedPod(3, "jm-3").settle();
      stage.pod(Component.JOB_MANAGER, 3, "jm-3");
      stage.job("RUNNING", Optional.of(snapshotSearchDirectories), 0).settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    }

    @Test
    void stopsAJobThatRestoredAnOlderCheckpointThanWasMeant() {
      DecisionScenario stage = DecisionScenario.stateful().running().elapse(Duration.ofSeconds(10));
      stage.job("RUNNING", Optional.empty(), 7).settle();
      stage.noPod("jm-1").settle();
      stage.jobManagersGone().settle();
      String known = stage.launch().restoredFrom();
      stage.jobManagersBack().gatedPod(2, "jm-2").settle();
      stage.pod(Component.JOB_MANAGER, 2, "jm-2");
      stage.job("RUNNING", Optional.of(known.replace("chk-7", "chk-6")), 0);
      assertThat(stage.settle().runs()).isEmpty();
      assertThat(last(stage).message()).contains("RestoreMismatch", "chk-6");
    }

    @Test
    void neverGoesBackToAnOlderCheckpoint() {
      DecisionScenario stage = DecisionScenario.stateful().running().elapse(Duration.ofSeconds(10));
      stage.job("RUNNING", Optional.empty(), 7).settle();
      stage.elapse(Duration.ofSeconds(-5)).job("RUNNING", Optional.empty(), 6).settle();
      assertThat(stage.recorded().restorePoint())
          .get()
          .extracting("path")
          .asString()
          .endsWith("/chk-7");
    }

    /** It has run, and completed chk-42. */
    private static DecisionScenario highlyAvailable() {
      DecisionScenario stage =
          DecisionScenario.stateful().specWith("highAvailability: {enabled: true}");
      stage.settle();
      stage.pod(Component.JOB_MANAGER, 1, "jm-1").pod(Component.TASK_MANAGER, 1, "tm-1");
      stage.job("RUNNING", Optional.empty(), 0).settle();
      stage.elapse(Duration.ofSeconds(10)).job("RUNNING", Optional.empty(), 42).settle();
      return stage;
    }

    @Test
    void recoversAJobThatItsTaskManagersRefuseForEver() {
      DecisionScenario stage = highlyAvailable();
      stage.job("RESTARTING", Optional.empty(), 42).because("java.io.IOException: any").settle();
      assertThat(stage.recorded().operation()).isEmpty();
      stage.because(
          "java.lang.IllegalStateException: The library registration references a different set of"
              + " library BLOBs than previous registrations for this job:");
      stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-42");
    }

    @Test
    void recoversAJobThatWasStartedAgainFromBeforeItsNewestCheckpoint() {
      DecisionScenario stage = highlyAvailable();
      String own = "file:/x/" + DecisionScenario.jobId(1) + "/chk-";
      stage.elapse(Duration.ofSeconds(10)).jobBegins();
      stage.job("RUNNING", Optional.of(own + 42), 43).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(stage.recorded().restorePoint())
          .get()
          .extracting("path")
          .asString()
          .endsWith("/chk-43");
      stage.elapse(Duration.ofSeconds(10)).jobBegins();
      stage.job("RUNNING", Optional.empty(), 44).settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(stage.recorded().restorePoint())
          .get()
          .extracting("path")
          .asString()
          .endsWith("/chk-43");
      stage.elapse(Duration.ofSeconds(11)).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
      assertThat(stage.operation().trigger()).contains("high availability data");
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-43");
      assertThat(stage.settle().actions())
          .contains(
              new Action.RemoveHighAvailabilityData(
                  List.of(new ClusterNames("ns", "c").highAvailability(DecisionScenario.UID, 1))));
    }

    private static DecisionScenario takenOver() {
      return highlyAvailable().elapse(Duration.ofSeconds(10)).jobBegins();
    }

    /** The leader before it completed chk-43, and deleted chk-42 that the next one was to take. */
    @Test
    void recoversAJobThatFailedBeforeItHadRestoredItsNewestCheckpoint() {
      DecisionScenario stage = takenOver();
      stage.cause(
          Optional.of(
              "org.apache.flink.runtime.client.JobInitializationException: Could not start the"
                  + " JobMaster.; caused by java.io.FileNotFoundException: Cannot find checkpoint"));
      stage.job("FAILED", Optional.empty(), 0).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
      assertThat(stage.operation().trigger()).contains("before it had restored");
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-42");
      assertThat(stage.launch().snapshotSearchDirectories())
          .containsExactly("s3://bucket/flink/ns/c/checkpoints/" + DecisionScenario.jobId(1));
    }

    @ParameterizedTest
    @CsvSource({"FAILED, 0", "FAILED, 42", "CANCELED, 0"})
    void leavesAJobThatWasCancelledOrFailedByItself(String state, long restored) {
      DecisionScenario stage = takenOver();
      stage.cause(Optional.of("java.lang.ArithmeticException: / by zero"));
      String own = "file:/x/" + DecisionScenario.jobId(1) + "/chk-";
      stage.job(state, Optional.of(own + restored).filter(p -> restored > 0), 43);
      assertThat(stage.settle().phase()).isEqualTo(Phase.Failed);
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void letsAHighlyAvailableJobManagerComeBackByItself() {
      DecisionScenario stage =
          DecisionScenario.stateful().specWith("highAvailability: {enabled: true}");
      stage.settle();
      stage.pod(Component.JOB_MANAGER, 1, "jm-1").pod(Component.TASK_MANAGER, 1, "tm-1");
      stage.job("RUNNING", Optional.empty(), 1).settle();
      stage.noPod("jm-1").flinkSilent();
      assertThat(stage.settle().phase()).isEqualTo(Phase.Running);
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void takesTheLastCheckpointOfACancelledJobWhereTheSpecSaysSo() {
      DecisionScenario stage =
          new DecisionScenario(
              """
              flinkVersion: "2.3"
              image: flink:2.3
              job: {jarURI: "local:///opt/flink/a.jar", upgradeMode: LastCheckpoint}
              storage: {baseURI: "s3://bucket/flink"}
              """);
      stage.running().specWith("bufferTimeout: 5").settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2");
      assertThat(stage.settle().actions())
          .containsExactly(new Action.CancelJob(DecisionScenario.jobId(1)));
      stage.elapse(Duration.ofSeconds(5)).job("CANCELED", Optional.empty(), 9).settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-9");
    }

    @Test
    void keepsTheNewestCheckpointAlsoAfterFlinkRestartedTheTasks() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      String own = "s3://bucket/flink/ns/c/checkpoints/" + DecisionScenario.jobId(1) + "/chk-1";
      assertThat(
              RestorePoints.restoredAsIntended(
                  new io.flinkcluster.operator.api.LaunchStatus(
                      1L, DecisionScenario.jobId(1), "f", 1L, "s3://bucket/sp", null, null, null),
                  stage.job("RUNNING", Optional.of(own), 2).situation().seen().job(1).get()))
          .isTrue();
    }

    @Test
    void restartsOncePerToken() {
      DecisionScenario stage = DecisionScenario.stateful().running().restartToken("a");
      stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Restart);
      assertThat(stage.recorded().actions().restart()).isEqualTo("a");
    }

    @Test
    void takesASavepointOncePerTokenAndKeepsTheJobRunning() {
      DecisionScenario stage = DecisionScenario.stateful().running().savepointToken("a");
      Decision decision = stage.settle();
      assertThat(decision.actions()).singleElement().isInstanceOf(Action.TakeSavepoint.class);
      stage.savepointCompleted().settle();
      assertThat(stage.recorded().operation()).isEmpty();
      assertThat(stage.recorded().savepoints()).hasSize(1);
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
      assertThat(stage.settle().actions()).isEmpty();
    }

    @Test
    void saysWhatToDoWhenTheJobHasFailed() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      Decision decision = stage.job("FAILED", Optional.empty(), 1).settle();
      assertThat(decision.phase()).isEqualTo(Phase.Failed);
      assertThat(decision.causes())
          .first()
          .satisfies(
              f -> {
                assertThat(f.stalled()).isTrue();
                assertThat(f.message()).contains("flinkcluster.io/restart");
              });
    }

    @Test
    void leavesAFinishedJobAlone() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.job("FINISHED", Optional.empty(), 1);
      assertThat(stage.settle().phase()).isEqualTo(Phase.Finished);
      stage.specWith(TWO);
      assertThat(stage.settle().phase()).isEqualTo(Phase.Finished);
      assertThat(stage.recorded().operation()).isEmpty();
    }
  }

  @Nested
  class SuspendAndResume {
    @Test
    void ofAJobThatDoesNotRunKeepsItsNewestCheckpoint() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith("suspend: true");
      stage.job("RESTARTING", Optional.empty(), 1).settle();
      Decision decision = stage.elapse(Duration.ofSeconds(31)).settle();
      assertThat(decision.actions())
          .containsExactly(new Action.CancelJob(DecisionScenario.jobId(1)));
      stage.elapse(Duration.ofSeconds(1)).job("CANCELED", Optional.empty(), 2).settle();
      stage.jobManagersGone().settle();
      assertThat(stage.recorded().restorePoint())
          .get()
          .extracting("path")
          .asString()
          .endsWith("/chk-2");
      assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    }

    private DecisionScenario suspended() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith("suspend: true");
      stage.settle();
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted();
      stage.settle();
      stage.jobManagersGone().settle();
      return stage;
    }

    @Test
    void keepsTheSavepointAndRunsNothing() {
      DecisionScenario stage = suspended();
      Decision decision = stage.settle();
      assertThat(decision.phase()).isEqualTo(Phase.Suspended);
      assertThat(decision.runs()).isEmpty();
      assertThat(stage.recorded().restorePoint())
          .get()
          .extracting("type")
          .isEqualTo(RestorePoint.Type.Savepoint);
      assertThat(stage.recorded().operation()).isEmpty();
    }

    @Test
    void resumesFromTheSavepointUnderANewJobId() {
      DecisionScenario stage = suspended();
      String kept = stage.recorded().restorePoint().get().path();
      stage.specWith("changeTimeout: 9m");
      assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
      stage.spec(
          """
          flinkVersion: "2.3"
          image: flink:2.3
          job: {jarURI: "local:///opt/flink/a.jar"}
          storage: {baseURI: "s3://bucket/flink"}
          """);
      stage.settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.launch().restoredFrom()).isEqualTo(kept);
    }
  }

  @Nested
  class Deletion {
    @Test
    void takesASavepointFirstAndRemembersIt() {
      DecisionScenario stage = DecisionScenario.stateful().running().delete();
      Decision decision = stage.settle();
      assertThat(decision.actions()).singleElement().isInstanceOf(Action.StopWithSavepoint.class);
      assertThat(decision.runs()).isNotEmpty();
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted();
      decision = stage.settle();
      assertThat(decision.runs()).isEmpty();
      assertThat(decision.gone()).isFalse();
      assertThat(decision.actions())
          .singleElement()
          .isInstanceOf(Action.RememberFinalSavepoint.class);
      assertThat(stage.nothingLeft().settle().gone()).isTrue();
    }

    @Test
    void endsWithoutASavepointAtTheDeadline() {
      DecisionScenario stage = DecisionScenario.stateful().running().delete();
      stage.settle();
      stage.flinkSilent().elapse(Duration.ofMinutes(11)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Removing);
      assertThat(stage.nothingLeft().settle().gone()).isTrue();
    }

    private DecisionScenario removing() {
      DecisionScenario stage = DecisionScenario.stateful().running().delete();
      stage.settle();
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted();
      stage.settle();
      return stage;
    }

    @Test
    void namesWhatIsStillThere() {
      DecisionScenario stage = removing().left("Ingress c (finalizer example.com/dns)", true);
      assertThat(stage.settle().causes())
          .singleElement()
          .extracting(ConditionCause::message)
          .asString()
          .contains("Ingress c (finalizer example.com/dns)");
    }

    @Test
    void letsGoOfWhatIsDeletedAndDoesNotVanish() {
      DecisionScenario stage =
          removing().left("Pod jm-1 (node n)", true).elapse(Duration.ofMinutes(4));
      assertThat(stage.settle().gone()).isFalse();
      stage.elapse(Duration.ofMinutes(7));
      assertThat(stage.settle().gone()).isTrue();
      assertThat(last(stage).type()).isEqualTo(OperationType.Delete);
      assertThat(last(stage).result()).isEqualTo(OperationResult.Failed);
      assertThat(last(stage).message()).contains("Pod jm-1 (node n)");
    }

    @Test
    void doesNotLetGoOfWhatNobodyDeletedAndSaysSo() {
      DecisionScenario stage = removing().left("Pod by-hand", false).elapse(Duration.ofMinutes(30));
      Decision decision = stage.settle();
      assertThat(decision.gone()).isFalse();
      assertThat(decision.causes())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.stalled()).isTrue();
                assertThat(f.message()).contains("Pod by-hand");
              });
    }

    @Test
    void hasADeadlineEvenWithoutASpec() {
      DecisionScenario stage =
          DecisionScenario.stateful().specWith("flinkConfiguration: {jobmanager.rpc.port: \"1\"}");
      stage.settle();
      stage.delete().left("Pod jm-1 (node n)", true).settle();
      assertThat(stage.elapse(Duration.ofMinutes(16)).settle().gone()).isTrue();
    }

    @Test
    void tellsWhichRestorePointRemains() {
      DecisionScenario stage = DecisionScenario.stateful().running().delete();
      stage.settle();
      stage.flinkSilent().elapse(Duration.ofMinutes(11)).settle();
      stage.nothingLeft().settle();
      assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
      assertThat(last(stage).message())
          .contains(
              "/chk-1, unless a newer snapshot was completed below s3://bucket/flink/ns/c/savepoints/");
    }

    @Test
    void waitsAMinuteForASilentJobManager() {
      DecisionScenario stage = DecisionScenario.stateful().running().flinkSilent().delete();
      stage.settle();
      stage.elapse(Duration.ofSeconds(50)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.WaitingForJob);
      stage.elapse(Duration.ofSeconds(20)).settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    }

    @Test
    void followsAStopThatWasAskedForBefore() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
      stage.settle();
      String trigger = stage.operation().triggerId();
      stage.delete().settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Delete);
      assertThat(stage.operation().triggerId()).isEqualTo(trigger);
      stage.job("FINISHED", Optional.empty(), 1).savepointCompleted();
      assertThat(stage.settle().actions())
          .singleElement()
          .isInstanceOf(Action.RememberFinalSavepoint.class);
    }

    /** A highly available one whose JobManager is on its way out. */
    private DecisionScenario deletingHighlyAvailable() {
      DecisionScenario stage =
          DecisionScenario.stateful().specWith("highAvailability: {enabled: true}").running();
      stage.flinkSilent().delete().settle();
      stage.elapse(Duration.ofMinutes(2)).settle();
      assertThat(stage.operation().stage()).isEqualTo(OperationStage.Stopping);
      return stage;
    }

    @Test
    void cleansUpInStorageWhenNoJobManagerIsLeft() {
      DecisionScenario stage = deletingHighlyAvailable();
      assertThat(stage.settle().runs()).singleElement().matches(r -> r.parts().isEmpty());
      stage.jobManagersGone();
      assertThat(stage.settle().runs())
          .singleElement()
          .matches(r -> r.parts().equals(Set.of(Part.CLEANUP)));
      assertThat(stage.operation().stage()).isEqualTo(OperationStage.CleaningUp);
      stage.cleanup(true, null);
      assertThat(stage.settle().runs()).isEmpty();
      assertThat(stage.operation().stage()).isEqualTo(OperationStage.Removing);
      assertThat(stage.operation().message()).doesNotContain("storage");
      Decision last = stage.nothingLeft().settle();
      assertThat(last.gone()).isTrue();
      assertThat(last.actions()).contains(new Action.RemoveCleanupPod("c-cleanup"));
    }

    @Test
    void goesOnWhereStorageCannotBeCleanedUpAndSaysWhy() {
      for (String way : List.of("fails", "is refused", "takes too long", "no node answers")) {
        DecisionScenario stage = deletingHighlyAvailable();
        if (way.equals("no node answers")) {
          stage.elapse(Duration.ofMinutes(20)).settle();
          assertThat(stage.operation().stage()).isEqualTo(OperationStage.Removing);
          assertThat(stage.settle().runs()).isEmpty();
          continue;
        }
        stage.jobManagersGone().settle();
        switch (way) {
          case "fails" -> stage.cleanup(true, "access denied");
          case "is refused" -> stage.refuse("Pod c-cleanup: quota");
          default -> stage.cleanup(false, "Insufficient cpu").elapse(Duration.ofSeconds(151));
        }
        stage.settle();
        assertThat(stage.operation().stage()).as(way).isEqualTo(OperationStage.Removing);
        assertThat(stage.operation().message())
            .as(way)
            .contains("not removed")
            .containsPattern("access denied|quota|Insufficient cpu");
      }
    }

    @Test
    void removesRecoveryDataOfAStartWhoseSpecIsForgotten() {
      DecisionScenario stage =
          DecisionScenario.stateful().specWith("highAvailability: {enabled: true}").running();
      stage.specWith("# touched").flinkSilent().delete().settle();
      stage.elapse(Duration.ofMinutes(2)).settle();
      stage.forgetConfigMaps();
      stage.spec(DecisionScenario.stateful().yaml());
      assertThat(stage.nothingLeft().settle().actions())
          .contains(
              new Action.RemoveHighAvailabilityData(
                  List.of(stage.situation().names().highAvailability(DecisionScenario.UID, 1))));
    }

    @Test
    void isNotOverWhileItsLastActsFail() {
      DecisionScenario stage = removing().nothingLeft();
      assertThat(stage.settle().gone()).isTrue();
      Decision failed = stage.refuse("the restore point is not written down: 500").settle();
      assertThat(failed.gone()).isFalse();
      assertThat(failed.causes())
          .singleElement()
          .extracting(ConditionCause::message)
          .asString()
          .contains("not written down");
      assertThat(stage.elapse(Duration.ofMinutes(6)).settle().gone()).isTrue();
    }

    @Test
    void ofAClusterThatNeverStartedIsImmediate() {
      DecisionScenario stage = DecisionScenario.stateful().specWith("suspend: true");
      stage.settle();
      assertThat(stage.delete().nothingLeft().settle().gone()).isTrue();
    }

    @Test
    void ofARefusedClusterIsPossible() {
      DecisionScenario stage =
          DecisionScenario.stateful().specWith("flinkConfiguration: {jobmanager.rpc.port: \"1\"}");
      stage.settle();
      assertThat(stage.delete().nothingLeft().settle().gone()).isTrue();
    }

    @Test
    void isNotStoppedByAHandWrittenCancelWish() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.spec(
          """
          flinkVersion: "2.3"
          image: flink:2.3
          job: {jarURI: "local:///opt/flink/a.jar", onDelete: Cancel}
          storage: {baseURI: "s3://bucket/flink"}
          """);
      Decision decision = stage.delete().settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
      assertThat(decision.actions()).isEmpty();
    }
  }
}
