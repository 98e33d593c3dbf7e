package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.SavepointProgress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuspendTest {
  private static final String TWO = "taskManager: {replicas: 2}";
  private static final String SUSPEND = "suspend: true";

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  /** A rescale whose old job has been stopped with a savepoint. */
  private static DecisionScenario stopping() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
    stage.settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
    stage.settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    return stage;
  }

  @Test
  void aJobThatHasFailedIsSuspendedAtItsNewestCheckpoint() {
    DecisionScenario stage = DecisionScenario.stateful().running().elapse(Duration.ofSeconds(5));
    stage.job("FAILED", Optional.empty(), 3).specWith(SUSPEND).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    stage.jobManagersGone().settle();
    Decision decision = stage.settle();
    assertThat(decision.phase()).isEqualTo(Phase.Suspended);
    assertThat(decision.causes()).isEmpty();
    assertThat(stage.recorded().restorePoint().orElseThrow().path()).endsWith("/chk-3");
    stage.spec(stage.yaml().replace(SUSPEND, "suspend: false")).settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/chk-3");
  }

  @Test
  void aChangeThatStillPreparesIsGivenUpForIt() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
    stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    stage.specWith(SUSPEND).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Suspend);
    assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
  }

  @Test
  void afterTheStopOfAChangeTheNextStartIsNotMade() {
    DecisionScenario stage = stopping();
    String savepoint = stage.recorded().restorePoint().orElseThrow().path();
    stage.specWith(SUSPEND).settle();
    stage.jobManagersGone().settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    assertThat(stage.settle().runs()).isEmpty();
    assertThat(stage.launch().epoch()).isEqualTo(1);
    assertThat(stage.recorded().operations())
        .extracting(OperationRecord::type)
        .startsWith(OperationType.Suspend, OperationType.Rescale);
    stage.spec(stage.yaml().replace(SUSPEND, "suspend: false")).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    assertThat(stage.launch().epoch()).isEqualTo(3);
    assertThat(stage.launch().restoredFrom()).isEqualTo(savepoint);
  }

  @Test
  void aStartWhoseJobManagerWasNotLetThroughIsGivenUpAtOnce() {
    DecisionScenario stage = stopping();
    stage.jobManagersGone().settle();
    stage.jobManagersBack().specWith(SUSPEND).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Suspend);
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
  }

  @Test
  void theInitialSavepointIsNotForgottenBeforeTheFirstCheckpoint() {
    String initial = "s3://bucket/old/savepoint-1";
    DecisionScenario stage =
        new DecisionScenario(
            """
            flinkVersion: "2.3"
            image: flink:2.3
            job: {jarURI: "local:///opt/flink/a.jar", initialSavepoint: "%s"}
            storage: {baseURI: "s3://bucket/flink"}
            """
                .formatted(initial));
    stage.settle();
    stage.gatedPod(1, "jm-1").settle();
    stage.pod(Component.JOB_MANAGER, 1, "jm-1").job("RUNNING", Optional.of(initial), 0).settle();
    assertThat(stage.recorded().operation()).isEmpty();
    stage.noPod("jm-1").flinkSilent().settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(2);
    assertThat(stage.launch().restoredFrom()).isEqualTo(initial);
  }

  @Test
  void isTriedAgainWhereTheJobWasJustRestarting() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(SUSPEND);
    stage.settle();
    String trigger = stage.operation().triggerId();
    var failed = new SavepointProgress.Failed(trigger, "job is not running", Optional.empty());
    stage.restarting().savepoint(failed).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Suspend);
    stage.job("RUNNING", Optional.empty(), 1).settle();
    assertThat(stage.operation().triggerId()).isNotEqualTo(trigger);
    assertThat(stage.settle().actions())
        .containsExactly(
            new Action.StopWithSavepoint(
                DecisionScenario.jobId(1),
                stage.operation().triggerId(),
                stage.operation().savepointDirectory()));
  }

  @Test
  void anotherSpecIsTriedAgain() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(SUSPEND);
    stage.settle();
    String trigger = stage.operation().triggerId();
    stage.savepoint(new SavepointProgress.Failed(trigger, "disk full", Optional.empty())).settle();
    stage.spec(stage.yaml().replace("a.jar\"", "a.jar\", upgradeMode: LastCheckpoint")).settle();
    assertThat(stage.settle().actions())
        .containsExactly(new Action.CancelJob(DecisionScenario.jobId(1)));
  }

  @Test
  void aSpecThatIsChangedMeanwhileIsResumedAsItIs() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(SUSPEND);
    stage.settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    stage.jobManagersGone().settle();
    stage.specWith(TWO).settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    stage.spec(stage.yaml().replace(SUSPEND, "suspend: false"));
    Decision decision = stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    assertThat(decision.runs().get(0).spec().parallelism()).isEqualTo(2);
    assertThat(stage.launch().restoredFrom()).contains("/savepoints/");
  }

  @Test
  void aClusterThatBeganSuspendedIsStartedForTheFirstTimeWhenResumed() {
    DecisionScenario stage =
        new DecisionScenario(
            """
            flinkVersion: "2.3"
            image: flink:2.3
            suspend: true
            job: {jarURI: "local:///opt/flink/a.jar", initialSavepoint: "s3://bucket/old/s-1"}
            storage: {baseURI: "s3://bucket/flink"}
            """);
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    assertThat(stage.recorded().launch()).isEmpty();
    stage.spec(stage.yaml().replace(SUSPEND, "suspend: false")).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Start);
    assertThat(stage.launch().restoredFrom()).isEqualTo("s3://bucket/old/s-1");
  }
}
