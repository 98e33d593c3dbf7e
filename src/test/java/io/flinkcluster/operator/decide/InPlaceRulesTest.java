package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InPlaceRulesTest {
  private static final String SPEC =
      """
      flinkVersion: "%s"
      image: flink:%s
      job: {jarURI: "local:///opt/flink/a.jar"}
      storage: {baseURI: "s3://bucket/flink"}
      rescale: {mode: %s}
      """;
  private static final String THREE = "taskManager: {replicas: 3}";

  private static DecisionScenario running(String mode) {
    return running(mode, "2.3");
  }

  private static DecisionScenario running(String mode, String version) {
    DecisionScenario stage =
        new DecisionScenario(SPEC.formatted(version, version, mode)).running().scaled(1, 1);
    stage.settle();
    return stage;
  }

  private static DecisionScenario threePods(DecisionScenario stage) {
    return stage.pod(Component.TASK_MANAGER, 1, "tm-2").pod(Component.TASK_MANAGER, 1, "tm-3");
  }

  /** A job of three, reached in place. */
  private static DecisionScenario atThree(String mode) {
    DecisionScenario stage = running(mode).specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.elapse(Duration.ofSeconds(2)).scaled(3, 3).settle();
    assertThat(stage.recorded().operation()).isEmpty();
    return stage;
  }

  private static int taskManagers(Decision decision) {
    return decision.runs().get(0).spec().spec().taskManager().replicas();
  }

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  private static TreeMap<String, Bounds> bounds(int upper) {
    return new TreeMap<>(
        Map.of(
            DecisionScenario.SOURCE,
            new Bounds(1, upper),
            DecisionScenario.WINDOW,
            new Bounds(1, upper)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"InPlace", "Auto"})
  void taskManagersComeFirstAndNoNewStartIsMade(String mode) {
    DecisionScenario stage = running(mode).specWith(THREE);
    Decision decision = stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    assertThat(stage.operation().epoch()).isNull();
    assertThat(stage.operation().size()).isEqualTo(new SizeStatus(3, 3, null));
    assertThat(stage.operation().fromGeneration()).isEqualTo(1);
    assertThat(stage.operation().toGeneration()).isEqualTo(2);
    assertThat(decision.runs()).singleElement().extracting(r -> r.launch().epoch()).isEqualTo(1L);
    assertThat(taskManagers(decision)).isEqualTo(3);
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void flinkIsAskedOnlyWhenEveryTaskManagerHasRegistered() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    stage.pod(Component.TASK_MANAGER, 1, "tm-2").scaled(1, 1).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    Decision decision = threePods(stage).scaled(1, 1).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Resizing);
    assertThat(decision.actions())
        .containsExactly(new Action.Require(DecisionScenario.jobId(1), bounds(3)));
    assertThat(stage.launch().size()).isEqualTo(new SizeStatus(1, 1, null));
  }

  @Test
  void whatFlinkKnowsAlreadyIsNotAskedAgain() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    Decision decision = stage.scaled(3, 1).settle();
    assertThat(decision.actions())
        .singleElement()
        .isInstanceOf(Action.TakeCheckpoint.class)
        .isEqualTo(stage.scaled(3, 1).settle().actions().get(0));
  }

  @Test
  void beforeTwoZeroACheckpointIsTakenFirst() {
    DecisionScenario stage = running("InPlace", "1.20").specWith(THREE);
    stage.settle();
    stage.elapse(Duration.ofSeconds(10));
    Decision decision = threePods(stage).scaled(1, 1).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Checkpointing);
    assertThat(decision.actions()).singleElement().isInstanceOf(Action.TakeCheckpoint.class);
    stage.elapse(Duration.ofSeconds(1)).job("RUNNING", Optional.empty(), 2).scaled(1, 1);
    decision = stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Resizing);
    assertThat(decision.actions())
        .containsExactly(new Action.Require(DecisionScenario.jobId(1), bounds(3)));
  }

  @Test
  void anOperatorThatHasJustTakenOverTellsTheLongestDowntimeThatThereCanHaveBeen() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.elapse(Duration.ofSeconds(2)).scaled(3, 3).justTakenOver().settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(last(stage).downtime()).isEqualTo("2.000s");
  }

  @Test
  void aReachedSizeIsTheNewSpecOfTheSameStart() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    String wanted = stage.operation().fingerprint();
    Decision decision = stage.elapse(Duration.ofSeconds(2)).scaled(3, 3).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(last(stage).downtime()).isEqualTo("0.700s");
    assertThat(stage.launch().epoch()).isEqualTo(1);
    assertThat(stage.launch().fingerprint()).isEqualTo(wanted);
    assertThat(stage.launch().generation()).isEqualTo(2);
    assertThat(stage.launch().jobManagerPod()).isEqualTo("uid-jm-1");
    assertThat(stage.recorded().lastStable().orElseThrow().fingerprint()).isEqualTo(wanted);
    assertThat(taskManagers(decision)).isEqualTo(3);
    assertThat(decision.runs().get(0).spec().parallelism()).isEqualTo(3);
    assertThat(decision.actions()).isEmpty();
    assertThat(decision.causes()).isEmpty();
  }

  @Test
  void taskManagersGoLastAndThoseWithoutTasksFirst() {
    DecisionScenario stage = atThree("InPlace").specWith("taskManager: {replicas: 1}");
    Decision decision = stage.settle();
    assertThat(decision.actions())
        .containsExactly(new Action.Require(DecisionScenario.jobId(1), bounds(1)));
    assertThat(taskManagers(decision)).isEqualTo(3);
    decision = stage.elapse(Duration.ofSeconds(1)).scaled(1, 1).settle();
    assertThat(decision.actions())
        .containsExactly(new Action.MarkPods(List.of("tm-2", "tm-3"), List.of()));
    assertThat(taskManagers(decision)).isEqualTo(3);
    decision = stage.marked(List.of("tm-2", "tm-3")).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(taskManagers(decision)).isEqualTo(1);
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void aTaskManagerThatStillHoldsSlotsIsWaitedForButNotForEver() {
    DecisionScenario stage = atThree("InPlace").specWith("taskManager: {replicas: 1}");
    stage.settle();
    var one =
        Map.of(
            DecisionScenario.SOURCE, new Bounds(1, 1), DecisionScenario.WINDOW, new Bounds(1, 1));
    stage.elapse(Duration.ofSeconds(1)).scaled(one, 3, 2);
    Decision decision = stage.settle();
    assertThat(decision.actions()).isEmpty();
    assertThat(taskManagers(decision)).isEqualTo(3);
    decision = stage.elapse(Duration.ofSeconds(16)).settle();
    assertThat(decision.actions()).singleElement().isInstanceOf(Action.MarkPods.class);
  }

  @Test
  void vertexesThatTheCodeFixesKeepTheirParallelism() {
    DecisionScenario stage = atThree("InPlace");
    stage.scaled(
        Map.of(
            DecisionScenario.SOURCE, new Bounds(1, 3), DecisionScenario.WINDOW, new Bounds(1, 2)),
        3,
        5);
    stage.specWith("taskManager: {replicas: 2}");
    Decision decision = stage.settle();
    var two =
        Map.of(
            DecisionScenario.SOURCE, new Bounds(1, 2), DecisionScenario.WINDOW, new Bounds(1, 2));
    assertThat(decision.actions())
        .containsExactly(new Action.Require(DecisionScenario.jobId(1), new TreeMap<>(two)));
    assertThat(stage.operation().size().fixed()).containsExactly(DecisionScenario.WINDOW);
    stage.elapse(Duration.ofSeconds(1)).scaled(two, 2, 4).settle();
    stage.marked(List.of("tm-3")).settle();
    stage.noPod("tm-3").scaled(two, 2, 4).specWith(THREE);
    stage.settle();
    decision = stage.pod(Component.TASK_MANAGER, 1, "tm-4").scaled(two, 2, 4).settle();
    assertThat(decision.actions())
        .containsExactly(
            new Action.Require(
                DecisionScenario.jobId(1),
                new TreeMap<>(
                    Map.of(
                        DecisionScenario.SOURCE,
                        new Bounds(1, 3),
                        DecisionScenario.WINDOW,
                        new Bounds(1, 2)))));
  }

  @Test
  void missingSlotsAreSaidInNumbers() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.noPod("tm-3").scaled(3, 2);
    Decision decision = stage.settle();
    String text = "requested 3, running 2, waiting for 1 slot";
    assertThat(stage.operation().message()).isEqualTo(text);
    assertThat(decision.causes())
        .first()
        .isEqualTo(ConditionCause.waiting(Reason.SlotsMissing, text));
  }

  private static DecisionScenario partly(String mode, String more) {
    DecisionScenario stage = running(mode).specWith(THREE + more);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.noPod("tm-3").scaled(3, 2).settle();
    stage.elapse(Duration.ofMinutes(11)).scaled(3, 2);
    return stage;
  }

  @Test
  void inPlaceGoesBackInPlaceWhenTheTimeIsUp() {
    DecisionScenario stage = partly("InPlace", "");
    Decision decision = stage.settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
    assertThat(last(stage).message()).contains("requested 3, running 2, waiting for 1 slot");
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    assertThat(decision.phase()).isEqualTo(Phase.RollingBack);
    assertThat(decision.actions())
        .containsExactly(new Action.Require(DecisionScenario.jobId(1), bounds(1)));
    stage.elapse(Duration.ofSeconds(1)).scaled(1, 1).settle();
    stage.marked(List.of("tm-2"));
    decision = stage.settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(taskManagers(decision)).isEqualTo(1);
    assertThat(stage.launch().generation()).isEqualTo(1);
    assertThat(decision.causes())
        .first()
        .extracting(ConditionCause::reason)
        .isEqualTo(Reason.RolledBack);
  }

  @Test
  void withoutRollbackItRunsOnWithLessAndSaysSo() {
    DecisionScenario stage = partly("InPlace", "\nrollback: false");
    Decision decision = stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Resizing);
    assertThat(decision.causes())
        .first()
        .extracting(ConditionCause::reason)
        .isEqualTo(Reason.SlotsMissing);
    assertThat(taskManagers(decision)).isEqualTo(3);
    stage.pod(Component.TASK_MANAGER, 1, "tm-4").scaled(3, 3).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
  }

  @Test
  void autoGoesOnBySavepointWhenTheTimeIsUp() {
    DecisionScenario stage = partly("Auto", "");
    stage.settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
    assertThat(last(stage).message()).contains("by savepoint instead");
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
    assertThat(stage.operation().size()).isNull();
    assertThat(stage.operation().epoch()).isEqualTo(2);
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
  }

  @ParameterizedTest
  @CsvSource({"InPlace, Abandoned, false", "Auto, Superseded, true"})
  void aFlinkThatDoesNotTellItsRequirementsIsNotWaitedForLong(
      String mode, OperationResult result, boolean goesOn) {
    DecisionScenario stage = running(mode).specWith(THREE);
    stage.settle();
    threePods(stage).scaled(Map.of(), 1, 2).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    Decision decision = stage.elapse(Duration.ofSeconds(31)).scaled(Map.of(), 1, 2).settle();
    assertThat(last(stage).result()).isEqualTo(result);
    assertThat(last(stage).message()).contains("does not tell");
    assertThat(stage.recorded().operation().isPresent()).isEqualTo(goesOn);
    assertThat(taskManagers(decision)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"InPlace, RolledBack, Rollback", "Auto, Superseded, Rescale"})
  void requirementsThatFlinkDoesNotTakeAreNotWaitedForLong(
      String mode, OperationResult result, OperationType next) {
    DecisionScenario stage = running(mode).specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.elapse(Duration.ofSeconds(21)).scaled(1, 1);
    RecordedState after = Decider.decide(stage.situation()).recorded();
    assertThat(after.operations().get(0).result()).isEqualTo(result);
    assertThat(after.operations().get(0).message()).contains("does not take");
    assertThat(after.operation().orElseThrow().type()).isEqualTo(next);
  }

  @Test
  void autoTakesASavepointOfAJobThatDoesNotComeToRun() {
    DecisionScenario stage = running("Auto").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).restarting().settle();
    assertThat(stage.operation().size()).isNotNull();
    stage.elapse(Duration.ofSeconds(31)).restarting().settle();
    assertThat(stage.operation().size()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "taskManager: {taskSlots: 2} | taskSlots",
        "taskManager: {replicas: 2, taskSlots: 3} | taskSlots"
      })
  void inPlaceRefusesWhatCannotBeDoneSoAndNamesTheWayOut(String change, String why) {
    DecisionScenario stage = running("InPlace").specWith(change);
    Decision decision = stage.settle();
    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(decision.runs()).singleElement().extracting(r -> r.launch().epoch()).isEqualTo(1L);
    assertThat(decision.causes())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.stalled()).isTrue();
              assertThat(f.reason()).isEqualTo(Reason.NotInPlace);
              assertThat(f.message()).contains(why, "set rescale.mode to Auto or Savepoint");
            });
  }

  @Test
  void autoDoesItBySavepoint() {
    DecisionScenario stage = running("Auto").specWith("taskManager: {taskSlots: 2}");
    stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
    assertThat(stage.operation().size()).isNull();
    assertThat(stage.operation().epoch()).isEqualTo(2);
  }

  @Test
  void aRestartTokenIsAWayOutOfARefusal() {
    DecisionScenario stage = running("InPlace").specWith("taskManager: {taskSlots: 2}");
    stage.settle();
    stage.restartToken("now").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Restart);
  }

  @ParameterizedTest
  @ValueSource(strings = {"InPlace", "Auto"})
  void anyOtherChangeIsAnUpgradeBySavepoint(String mode) {
    DecisionScenario stage = running(mode);
    stage.spec(stage.yaml().replace("image: flink:2.3", "image: flink:x") + THREE).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Upgrade);
    assertThat(stage.operation().size()).isNull();
  }

  @Test
  void anotherModeRestartsTheJobAndTheTwoInPlaceAreOne() {
    DecisionScenario stage = running("InPlace");
    stage.spec(stage.yaml().replace("InPlace", "Auto")).settle();
    assertThat(stage.recorded().operation()).isEmpty();
    stage.spec(stage.yaml().replace("Auto", "Savepoint")).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Upgrade);
  }

  @Test
  void aSpecThatChangesAgainIsTakenUpInsteadAndATakenBackOneUndone() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    String before = stage.yaml().replace(THREE, "");
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    Decision decision = stage.scaled(3, 3).spec(before).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(decision.actions())
        .contains(new Action.Require(DecisionScenario.jobId(1), bounds(1)));
    assertThat(taskManagers(decision)).isEqualTo(3);
    stage.elapse(Duration.ofSeconds(1)).scaled(1, 1);
    assertThat(stage.settle().actions())
        .containsExactly(new Action.MarkPods(List.of("tm-2", "tm-3"), List.of()));
    assertThat(taskManagers(stage.marked(List.of("tm-2", "tm-3")).settle())).isEqualTo(1);
  }

  @Test
  void aSizeThatFlinkForgotIsAskedForAgain() {
    DecisionScenario stage = atThree("InPlace");
    Decision decision = stage.scaled(1, 1).settle();
    assertThat(decision.actions())
        .containsExactly(new Action.Require(DecisionScenario.jobId(1), bounds(3)));
  }

  @Test
  void aJobThatLaterLosesSlotsSaysSo() {
    DecisionScenario stage = atThree("InPlace");
    Decision decision = stage.noPod("tm-3").scaled(3, 2).settle();
    assertThat(decision.causes())
        .first()
        .isEqualTo(
            ConditionCause.waiting(
                Reason.SlotsMissing, "requested 3, running 2, waiting for 1 slot"));
    assertThat(taskManagers(decision)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLostJobManagerIsRecoveredAtTheSizeThatWasReached(boolean wantedIsKnown) {
    DecisionScenario stage = atThree("InPlace");
    if (!wantedIsKnown) {
      stage.specWith("flinkConfiguration: {jobmanager.rpc.port: '1'}");
    }
    stage.noPod("jm-1").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    Decision decision = stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(2);
    assertThat(stage.launch().size()).isNull();
    assertThat(stage.launch().restoredFrom()).endsWith("/chk-1");
    assertThat(decision.runs().get(0).spec().parallelism()).isEqualTo(3);
    assertThat(taskManagers(decision)).isEqualTo(3);
  }

  @Test
  void aJobManagerLostMeanwhileIsRecoveredAtTheSizeBefore() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.noPod("jm-1").settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    Decision decision = stage.jobManagersGone().settle();
    assertThat(decision.runs().get(0).spec().parallelism()).isEqualTo(1);
  }

  @Test
  void checkpointsOfTheJobCountWhileItIsRescaled() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.elapse(Duration.ofSeconds(5)).job("RUNNING", Optional.empty(), 4).scaled(3, 1).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Resizing);
    assertThat(stage.recorded().restorePoint().orElseThrow().path()).endsWith("/chk-4");
  }

  @Test
  void aJobThatFailsAtTheNewSizeIsStartedAgainAtTheOldOne() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.job("FAILED", Optional.empty(), 1).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    assertThat(stage.operation().epoch()).isEqualTo(2);
    Decision decision = stage.jobManagersGone().settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/chk-1");
    assertThat(decision.runs().get(0).spec().parallelism()).isEqualTo(1);
  }

  @Test
  void aPlanIsOnlyWrittenDown() {
    DecisionScenario stage = running("InPlace").planOnly(true).specWith(THREE);
    Decision decision = stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Planned);
    assertThat(decision.causes().get(0).message()).contains("adaptive scheduler");
    assertThat(taskManagers(decision)).isEqualTo(1);
    stage.planOnly(false).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
  }

  @Test
  void suspendingAndDeletingGoFirst() {
    DecisionScenario stage = running("InPlace").specWith(THREE);
    stage.settle();
    threePods(stage).scaled(1, 1).settle();
    stage.specWith("suspend: true").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Suspend);
    DecisionScenario other = running("InPlace").specWith(THREE);
    other.settle();
    other.delete().settle();
    assertThat(other.operation().type()).isEqualTo(OperationType.Delete);
    assertThat(other.stage()).isEqualTo(OperationStage.Savepointing);
  }
}
