package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedPod.Preparation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JobManager of a change comes up while the old one runs, and begins when that is gone. */
class PreparedJobManagerTest {
  private static final String TWO = "taskManager: {replicas: 2}";

  private static DecisionScenario preparing() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
    stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    return stage;
  }

  private static DecisionScenario taskManagersUp(DecisionScenario stage) {
    return stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
  }

  /** The old job has ended with its savepoint, and its JobManager is being removed. */
  private static DecisionScenario stopping() {
    DecisionScenario stage = taskManagersUp(preparing());
    stage.settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    return stage;
  }

  private static Set<Part> partsOfNext(Decision decision) {
    return decision.runs().stream()
        .filter(r -> r.launch().epoch() == 2)
        .findFirst()
        .orElseThrow()
        .parts();
  }

  private static void isGivenUp(DecisionScenario stage, String why) {
    Decision decision = stage.settle();
    assertThat(stage.operation().preparesJobManager()).isNull();
    assertThat(stage.operation().steps())
        .extracting(StepStatus::message)
        .anyMatch(
            m ->
                m != null
                    && m.contains("the new JobManager is made when the old one is gone")
                    && m.contains(why));
    assertThat(partsOfNext(decision)).doesNotContain(Part.JOB_MANAGER);
  }

  @ParameterizedTest
  @EnumSource(
      value = Preparation.class,
      names = {"COMING_UP", "LOADING"})
  void theJobIsNotStoppedBeforeItWaits(Preparation preparation) {
    DecisionScenario stage = preparing().preparedPod(2, "jm-2", preparation);
    taskManagersUp(stage).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    stage.preparedPod(2, "jm-2", Preparation.READY).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
  }

  @Test
  void itIsReleasedWithTheSavepointOnceItsUidIsRecordedAndTheOldOneIsGone() {
    DecisionScenario stage = stopping();
    assertThat(stage.settle().actions()).isEmpty();
    assertThat(stage.launch().epoch()).isEqualTo(1);

    Decision decision = stage.jobManagersGone().settle();

    assertThat(stage.launch().prepared()).isTrue();
    assertThat(stage.launch().jobManagerPod()).isEqualTo("uid-jm-2");
    assertThat(decision.actions())
        .containsExactly(
            new Action.ReleaseJobManager(
                "jm-2", "uid-jm-2", Optional.of(stage.launch().restoredFrom()), List.of()));
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    assertThat(decision.runs().get(0).launch().prepared()).isTrue();
  }

  @Test
  void anotherPodOfTheSameStartIsNotReleasedOnceOneWasAdmitted() {
    DecisionScenario stage = stopping().jobManagersGone();
    stage.settle();
    stage.noPod("jm-2").preparedPod(2, "jm-2b", Preparation.READY);
    Decision decision = stage.settle();
    assertThat(decision.actions()).noneMatch(a -> a instanceof Action.ReleaseJobManager);
    assertThat(stage.launch().epoch()).isEqualTo(3);
    assertThat(stage.launch().prepared()).isNull();
  }

  @Test
  void itIsGivenUpAtOnceWhereAQuotaForbidsPods() {
    DecisionScenario stage = preparing();
    stage.problem(Component.JOB_MANAGER, 2, Reason.PodCreationFailed, "exceeded quota: all");
    isGivenUp(stage, "exceeded quota");
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
  }

  @Test
  void itIsGivenUpWithinSecondsWhereItFindsNoRoom() {
    DecisionScenario stage = preparing();
    pending(stage, Reason.Unschedulable, "0/3 nodes are available");
    stage.settle();
    assertThat(stage.operation().preparesJobManager()).isTrue();
    stage.elapse(Duration.ofSeconds(11));
    isGivenUp(stage, "0/3 nodes are available");
  }

  private static void pending(DecisionScenario stage, Reason reason, String why) {
    pending(stage, new ObservedPod.PodProblem(reason, why));
  }

  private static void pending(DecisionScenario stage, ObservedPod.PodProblem problem) {
    stage.pods(
        new ObservedPod(
                "jm-2",
                "uid-jm-2",
                Component.JOB_MANAGER,
                2,
                false,
                false,
                false,
                false,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(problem))
            .withPreparation(Preparation.COMING_UP));
  }

  @Test
  void itMakesRoomForTheTaskManagersOfItsStart() {
    DecisionScenario stage = preparing().preparedPod(2, "jm-2", Preparation.READY);
    stage.problem(Component.TASK_MANAGER, 2, Reason.Unschedulable, "0/3 nodes are available");
    stage.elapse(Duration.ofSeconds(50)).settle();
    assertThat(stage.operation().preparesJobManager()).isTrue();
    stage.elapse(Duration.ofSeconds(15));
    isGivenUp(stage, "0/3 nodes are available");
  }

  @ParameterizedTest
  @EnumSource(
      value = Preparation.class,
      names = {"COMING_UP", "LOADING"})
  void itIsGivenUpWhereItAloneDoesNotComeToWait(Preparation preparation) {
    DecisionScenario stage = preparing().preparedPod(2, "jm-2", preparation);
    stage.elapse(Duration.ofSeconds(121)).settle();
    assertThat(stage.operation().preparesJobManager()).isTrue();
    isGivenUp(taskManagersUp(stage), "a fifth of changeTimeout");
  }

  /** A volume that one node alone may have is with the JobManager that runs. */
  @Test
  void itIsGivenUpAndTheChangeIsNotWhereTheKubeletCannotSetItUp() {
    DecisionScenario stage = preparing();
    pending(stage, Reason.PodNotSetUp, "Multi-Attach error for volume");
    stage.elapse(Duration.ofSeconds(19)).settle();
    assertThat(stage.operation().preparesJobManager()).isTrue();
    stage.elapse(Duration.ofSeconds(2));
    isGivenUp(stage, "Multi-Attach");
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
  }

  @Test
  void itIsWaitedForWhereTheKubeletIsOnlySlow() {
    DecisionScenario stage = preparing();
    String slow = "failed to sync configmap cache: timed out waiting for the condition";
    pending(stage, new ObservedPod.PodProblem(Reason.PodNotSetUp, slow, true));
    Decision decision = stage.elapse(Duration.ofSeconds(60)).settle();
    assertThat(stage.operation().preparesJobManager()).isTrue();
    assertThat(decision.causes()).extracting(ConditionCause::message).contains(slow);
  }

  @Test
  void theStepSaysThatItCameUpBesideTheJob() {
    assertThat(stopping().operation().steps().get(0).message())
        .isEqualTo("the new JobManager came up beside the running job");
  }

  @Test
  void itIsGivenUpWhereItsContainerEnds() {
    DecisionScenario stage = preparing();
    restarted(stage);
    isGivenUp(stage, "its container has ended");
    stage.noPod("jm-2");
    taskManagersUp(stage).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
  }

  private static void restarted(DecisionScenario stage) {
    stage.pod(Component.JOB_MANAGER, 2, "jm-2", false, 1, Optional.empty());
    stage.preparation("jm-2", Preparation.LOADING);
  }

  @Test
  void theStartWaitsUntilOneThatEndedMeanwhileIsGone() {
    DecisionScenario stage = stopping();
    restarted(stage);
    isGivenUp(stage.jobManagersGone(), "its container has ended");
    assertThat(stage.launch().epoch()).isEqualTo(1);

    stage.noPod("jm-2").settle();

    assertThat(stage.launch().epoch()).isEqualTo(2);
    assertThat(stage.launch().prepared()).isNull();
    Decision admitted = stage.gatedPod(2, "jm-2c").settle();
    assertThat(admitted.actions()).contains(new Action.RemoveSchedulingGate("jm-2c", "uid-jm-2c"));
  }

  /** An init container looks there, which has run already. */
  @Test
  void itIsNotUsedWhereASnapshotMustBeLookedForOnS3() {
    DecisionScenario stage = taskManagersUp(preparing());
    stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
    stage.noPod("jm-1").settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    isGivenUp(stage, "on S3");
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(2);
    assertThat(stage.launch().prepared()).isNull();
  }

  @Test
  void noneIsPreparedWhereTheNextStartLooksOnS3Anyway() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(stage.yaml().replace("a.jar\"}", "a.jar\", upgradeMode: LastCheckpoint}"));
    stage.running().job("RUNNING", Optional.empty(), 3).settle();
    stage.specWith(TWO).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    assertThat(stage.operation().preparesJobManager()).isNull();
  }

  @Test
  void nothingIsPreparedWithHighAvailability() {
    DecisionScenario stage =
        DecisionScenario.stateful().specWith("highAvailability: {enabled: true}").running();
    Decision decision = stage.specWith(TWO).settle();
    assertThat(stage.operation().preparesJobManager()).isNull();
    assertThat(partsOfNext(decision)).doesNotContain(Part.JOB_MANAGER);
  }

  @Test
  void aChangeThatIsGivenUpReleasesNothing() {
    DecisionScenario stage = preparing().preparedPod(2, "jm-2", Preparation.READY);
    Decision decision = stage.spec(DecisionScenario.stateful().yaml()).settle();
    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(decision.runs()).extracting(r -> r.launch().epoch()).containsExactly(1L);
    assertThat(decision.actions()).isEmpty();
  }
}
