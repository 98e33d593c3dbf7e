package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tokens that were read and cannot be served yet, and the words for what goes on meanwhile. */
class WaitingTokensTest {
  private static final String SUSPEND = "suspend: true";

  private static List<String> waiting(DecisionScenario stage) {
    return stage.recorded().actions().waiting();
  }

  private static DecisionScenario suspended() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith(SUSPEND);
    stage.job("FAILED", Optional.empty(), 3).settle();
    stage.jobManagersGone().settle();
    return stage;
  }

  @Test
  void areShownOfASuspendedClusterUntilItRunsAgain() {
    DecisionScenario stage = suspended().savepointToken("s1").restartToken("r1");
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    assertThat(waiting(stage)).hasSize(2);
    assertThat(waiting(stage).get(0)).contains("savepoint token s1", "is suspended");
    assertThat(waiting(stage).get(1)).contains("restart token r1", "suspend is false");

    stage.spec(stage.yaml().replace(SUSPEND, "suspend: false")).settle();
    assertThat(waiting(stage)).singleElement().asString().contains("s1", "Resume, has ended");
    stage.comesUp(2);
    stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Savepoint);
    assertThat(waiting(stage)).isNull();
    assertThat(stage.recorded().actions().restart()).isEqualTo("r1");
  }

  @Test
  void areShownWhileAChangeIsUnderWayOrTasksDoNotRun() {
    DecisionScenario stage =
        DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}");
    stage.settle();
    stage.savepointToken("s1").settle();
    assertThat(waiting(stage)).singleElement().asString().contains("s1", "Rescale, has ended");

    stage = DecisionScenario.stateful().running();
    stage.job("RESTARTING", Optional.empty(), 1).savepointToken("s1").settle();
    assertThat(waiting(stage)).singleElement().asString().contains("not all tasks");
    stage.job("FINISHED", Optional.empty(), 1).settle();
    assertThat(waiting(stage)).singleElement().asString().contains("has come to its end");
  }

  @Test
  void areNotShownWhereTheyAreServedAtOnce() {
    DecisionScenario stage = DecisionScenario.stateful().running().savepointToken("s1");
    stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Savepoint);
    assertThat(waiting(stage)).isNull();
  }

  @Test
  void aContainerThatHoldsTheOldJobManagerIsNamedInTheStepThatItDelays() {
    DecisionScenario stage =
        DecisionScenario.stateful().running().specWith("taskManager: {replicas: 2}");
    stage.settle();
    stage.pod(Component.TASK_MANAGER, 2, "a").pod(Component.TASK_MANAGER, 2, "b").settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    stage.ending("jm-1", Duration.ofSeconds(4), "sidecar").settle();
    assertThat(stage.operation().message()).isNull();
    stage.ending("jm-1", Duration.ofSeconds(6), "sidecar").settle();
    assertThat(stage.operation().message()).contains("pod jm-1 does not end", "sidecar");
    stage.jobManagersGone().settle();
    assertThat(stage.operation().steps())
        .filteredOn(step -> step.name() == OperationStage.Stopping)
        .singleElement()
        .satisfies(step -> assertThat(step.message()).contains("sidecar"));
  }

  @Test
  void aJobThatIsBroughtBackIsRecoveringAndNothingStartsWhileRemainsAreRemoved() {
    DecisionScenario stage = DecisionScenario.stateful().running().noPod("jm-1");
    assertThat(stage.settle().phase()).isEqualTo(Phase.Recovering);
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    stage.jobManagersGone();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Recovering);
    assertThat(stage.stage()).isEqualTo(OperationStage.Starting);

    stage = suspended();
    stage.jobManagersBack().pod(Component.JOB_MANAGER, 1, "jm-1");
    stage.spec(stage.yaml().replace(SUSPEND, "suspend: false"));
    assertThat(stage.settle().phase()).isEqualTo(Phase.Pending);
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    stage.jobManagersGone();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Starting);
  }
}
