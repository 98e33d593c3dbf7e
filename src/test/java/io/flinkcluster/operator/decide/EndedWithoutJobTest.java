package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that ends without a job is told of at once; nobody waits for its job. */
class EndedWithoutJobTest {
  private static final String WHY = "java.lang.IllegalArgumentException: no such mode";
  private static final String CHANGED = "flinkConfiguration: {pipeline.object-reuse: \"true\"}";

  /** What tells of it. */
  enum Told {
    BY_THE_APPLICATION(stage -> stage.endedWithoutJob("FAILED", WHY)),
    BY_A_JOB_THAT_STANDS_FOR_IT(
        stage -> stage.cause(Optional.of(WHY)).job("FAILED", Optional.empty(), 0)),
    BY_ITS_LAST_WORDS(
        stage -> {
          long epoch = stage.launch().epoch();
          var problem = new ObservedPod.PodProblem(Reason.JobFailed, WHY);
          stage.flinkSilent();
          stage.pod(Component.JOB_MANAGER, epoch, "jm-" + epoch, true, 1, Optional.of(problem));
        });

    private final Consumer<DecisionScenario> seen;

    Told(Consumer<DecisionScenario> seen) {
      this.seen = seen;
    }
  }

  private static DecisionScenario starting() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.settle();
    return stage.comesUp(1);
  }

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  @ParameterizedTest
  @EnumSource
  void aFirstStartFailsAtOnceAndIsTriedAgainWhenTheSpecChanges(Told told) {
    DecisionScenario stage = starting();
    told.seen.accept(stage);
    Decision failed = stage.settle();
    assertThat(failed.phase()).isEqualTo(Phase.Failed);
    assertThat(failed.causes())
        .anySatisfy(
            f -> {
              assertThat(f.stalled()).isTrue();
              assertThat(f.message()).contains(WHY, "when the spec changes");
            });
    assertThat(last(stage).reason()).isEqualTo(Reason.JobFailed);
    assertThat(last(stage).message()).contains(WHY);
    assertThat(failed.runs()).as("nothing of it is kept").isEmpty();

    stage.specWith(CHANGED).settle();
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(2);
    assertThat(stage.stage()).isEqualTo(OperationStage.Starting);
  }

  @ParameterizedTest
  @EnumSource
  void aChangeIsRolledBackAtOnce(Told told) {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(CHANGED);
    stage.settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2").settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    told.seen.accept(stage);
    stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    assertThat(last(stage).result()).isEqualTo(OperationResult.RolledBack);
    assertThat(last(stage).message()).contains(WHY);
  }

  @ParameterizedTest
  @EnumSource
  void aRecoveryIsTriedAgainForWhatItMeetsMayPass(Told told) {
    DecisionScenario stage = DecisionScenario.stateful().running().noPod("jm-1");
    stage.settle();
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    told.seen.accept(stage);
    Decision again = stage.settle();
    assertThat(stage.operation().retries()).isEqualTo(1);
    assertThat(again.causes()).anyMatch(f -> f.message().contains(WHY) && !f.stalled());
  }

  @Test
  void aMainMethodThatReturnsIsToldInWords() {
    DecisionScenario stage = starting();
    assertThat(stage.endedWithoutJob("FINISHED", null).settle().causes())
        .anyMatch(f -> f.message().contains("returned without submitting a job"));
  }

  @Test
  void aJobManagerThatComesBackWithoutItsJobIsNoRunningCluster() {
    DecisionScenario stage = DecisionScenario.stateful().running();
    Decision decision = stage.endedWithoutJob("FAILED", WHY).settle();
    assertThat(decision.phase()).isEqualTo(Phase.Failed);
    assertThat(decision.causes())
        .anyMatch(f -> f.reason() == Reason.JobFailed && f.stalled() && f.message().contains(WHY));
  }

  @Test
  void thereIsNoJobToWaitForBeforeItIsSuspended() {
    DecisionScenario stage = DecisionScenario.stateful().running();
    stage.endedWithoutJob("FAILED", WHY).settle();
    stage.specWith("suspend: true").settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
  }

  @Test
  void aFinishedJobThatFlinkHasForgottenIsStillFinished() {
    DecisionScenario stage = DecisionScenario.stateful().running();
    stage.job("FINISHED", Optional.empty(), 1).settle();
    stage.elapse(Duration.ofHours(2));
    Decision decision = stage.endedWithoutJob("FINISHED", null).settle();
    assertThat(decision.phase()).isEqualTo(Phase.Finished);
    assertThat(decision.causes()).isEmpty();
  }
}
