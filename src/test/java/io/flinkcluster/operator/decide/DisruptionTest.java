package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pods that are taken away while a start comes up: no verdict on the spec. */
class DisruptionTest {
  private static final String TWO = "taskManager: {replicas: 2}";

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  /** A rescale to two TaskManagers whose new JobManager runs, and whose job does not yet. */
  private static DecisionScenario starting(DecisionScenario stage) {
    stage.running().specWith(TWO).settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b").settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    stage.jobManagersGone().settle();
    return stage.comesUp(2);
  }

  static Stream<Arguments> losses() {
    Consumer<DecisionScenario> evicted = stage -> stage.evicted("jm-2").gatedPod(2, "jm-2b");
    Consumer<DecisionScenario> deleted = stage -> stage.noPod("jm-2").gatedPod(2, "jm-2b");
    return Stream.of(
        Arguments.of("evicted and still listed", evicted), Arguments.of("deleted", deleted));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  void theNewJobManagerIsStartedAgainAtOnceWithinTheDeadline(
      String how, Consumer<DecisionScenario> lose) {
    DecisionScenario stage = starting(DecisionScenario.stateful());
    lose.accept(stage);
    stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    assertThat(stage.operation().reason()).isEqualTo(Reason.PodDisrupted);
    Decision decision = stage.settle();
    assertThat(decision.causes().get(0).message()).contains("was taken away");
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(3);
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    assertThat(stage.launch().snapshotSearchDirectories())
        .as("the lost one may have completed a checkpoint")
        .containsExactly("s3://bucket/flink/ns/c/checkpoints/" + DecisionScenario.jobId(2));
    stage.comesUp(3);
    stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0).settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(last(stage).type()).isEqualTo(OperationType.Rescale);
    assertThat(last(stage).downtime()).isNotNull();
  }

  @Test
  void aSecondLossIsHeldBackAndTheDeadlineEndsIt() {
    DecisionScenario stage = starting(DecisionScenario.stateful());
    stage.noPod("jm-2").settle();
    stage.jobManagersGone().settle();
    stage.comesUp(3).evicted("jm-3").settle();
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).as("held back").isEqualTo(3);
    stage.elapse(Duration.ofSeconds(11)).settle();
    assertThat(stage.launch().epoch()).isEqualTo(4);
    stage.comesUp(4).elapse(Duration.ofMinutes(11)).noPod("jm-4").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
    assertThat(last(stage).message()).contains("was taken away");
  }

  @Test
  void whatTheProcessItselfDidIsAVerdict() {
    DecisionScenario stage = starting(DecisionScenario.stateful());
    stage.pod(Component.JOB_MANAGER, 2, "jm-2", true, 1, Optional.empty()).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);

    stage = starting(DecisionScenario.stateful());
    var full = new ObservedPod.PodProblem(Reason.ContainerFailing, "Evicted: exceeds the limit");
    stage.ended("jm-2", full, Optional.empty()).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    assertThat(last(stage).message()).contains("exceeds the limit");
  }

  @Test
  void aJobManagerWhoseInitContainerFailsIsNotWaitedForUntilTheDeadline() {
    DecisionScenario stage = starting(DecisionScenario.stateful());
    var fails = new ObservedPod.PodProblem(Reason.ContainerFailing, "container migrate: code 3");
    stage.pod(Component.JOB_MANAGER, 2, "jm-2", false, 0, Optional.of(fails));
    stage.elapse(Duration.ofSeconds(110)).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Starting);
    stage.elapse(Duration.ofSeconds(20)).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    assertThat(last(stage).message()).contains("fifth of changeTimeout", "container migrate");
  }

  @Test
  void goesBackWhereNobodyCanLookWhatTheLostOneCompleted() {
    DecisionScenario stage =
        starting(
            new DecisionScenario(
                DecisionScenario.stateful().yaml().replace("s3://bucket", "gs://bucket")));
    stage.noPod("jm-2").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    stage.jobManagersGone().settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
  }

  @Test
  void aTaskManagerThatIsEvictedWhileAChangeIsPreparedDoesNotEndIt() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
    stage.settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").evicted("tm-2a");
    stage.elapse(Duration.ofSeconds(30)).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    stage.pod(Component.TASK_MANAGER, 2, "tm-2b").pod(Component.TASK_MANAGER, 2, "tm-2c").settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
  }

  @Test
  void theDowntimeOfARecoveryIsToldAlsoWhereTheJobManagerWasNotHeardOfLast() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
    stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    stage.flinkUnheard().evicted("jm-1").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    stage.jobManagersGone().elapse(Duration.ofSeconds(7)).settle();
    stage.comesUp(stage.launch().epoch());
    stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0).settle();
    OperationRecord recovery =
        stage.recorded().operations().stream()
            .filter(o -> o.type() == OperationType.Recovery)
            .findFirst()
            .orElseThrow();
    assertThat(recovery.downtime()).isNotNull();
  }

  @Test
  void aTaskManagerThatWasEvictedIsToldOnlyWhileTheJobDoesNotRun() {
    DecisionScenario stage = DecisionScenario.stateful().running();
    stage.evicted("tm-1").job("RESTARTING", Optional.empty(), 1);
    assertThat(stage.settle().causes())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.reason()).isEqualTo(Reason.PodDisrupted);
              assertThat(f.message()).contains("low on resource");
            });
    stage.pod(Component.TASK_MANAGER, 1, "tm-1b").job("RUNNING", Optional.empty(), 1);
    assertThat(stage.settle().causes()).as("it is listed for days").isEmpty();
  }
}
