package io.flinkcluster.operator.decide;

import static io.flinkcluster.operator.api.OperationStage.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.decide.rehearsal.Rehearsal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Played through where nothing goes wrong, a change has the steps that it has in earnest. */
class RehearsalTest {

  private static void assertSteps(
      Rehearsal rehearsal, OperationType type, OperationStage... stages) {
    assertThat(rehearsal.operation()).as("%s", rehearsal).isPresent();
    var operation = rehearsal.operation().orElseThrow();
    assertThat(operation.type()).isEqualTo(type);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.steps()).extracting(StepStatus::name).containsExactly(stages);
  }

  private static DecisionScenario running() {
    return DecisionScenario.stateful().running();
  }

  @Test
  void firstStart() {
    assertSteps(
        Rehearsal.of(DecisionScenario.stateful().situation()),
        OperationType.Start,
        Starting,
        Verifying);
  }

  @Test
  void nothingToDo() {
    Rehearsal rehearsal = Rehearsal.of(running().situation());
    assertThat(rehearsal.begun()).isEmpty();
    assertThat(rehearsal.findings()).isEmpty();
  }

  @Test
  void rescaleBySavepoint() {
    var scenario = running().specWith("taskManager: {replicas: 3}");
    assertSteps(
        Rehearsal.of(scenario.situation()),
        OperationType.Rescale,
        Preparing,
        Savepointing,
        AwaitingJobEnd,
        Stopping,
        Starting,
        Verifying);
  }

  @Test
  void upgradeByTheLastCheckpoint() {
    var scenario = running();
    scenario.spec(scenario.yaml().replace("a.jar\"", "b.jar\", upgradeMode: LastCheckpoint"));
    assertSteps(
        Rehearsal.of(scenario.situation()),
        OperationType.Upgrade,
        Preparing,
        Cancelling,
        Stopping,
        Starting,
        Verifying);
  }

  @Test
  void suspendAndResume() {
    var scenario = running().specWith("suspend: true");
    Rehearsal suspend = Rehearsal.of(scenario.situation());
    assertThat(suspend.operation().orElseThrow().type()).isEqualTo(OperationType.Suspend);
    assertThat(suspend.rules()).contains("SavepointComplete", "SuspendEnds");
  }

  @Test
  void restartToken() {
    var scenario = running().restartToken("again");
    assertThat(Rehearsal.of(scenario.situation()).operation().orElseThrow().type())
        .isEqualTo(OperationType.Restart);
  }

  @Test
  void savepointToken() {
    assertSteps(
        Rehearsal.of(running().savepointToken("now").situation()),
        OperationType.Savepoint,
        Savepointing);
  }

  private static DecisionScenario elastic(int taskManagers) {
    return new DecisionScenario(
        """
        flinkVersion: "2.3"
        image: flink:2.3
        job: {jarURI: "local:///opt/flink/a.jar"}
        storage: {baseURI: "s3://bucket/flink"}
        rescale: {mode: InPlace}
        taskManager: {replicas: %d}
        """
            .formatted(taskManagers));
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "3, 1"})
  void rescaleInPlace(int before, int after) {
    var scenario = elastic(before).running();
    scenario.spec(elastic(after).yaml());
    assertSteps(
        Rehearsal.of(scenario.situation()), OperationType.RescaleInPlace, Preparing, Resizing);
  }

  @Test
  void whatIsRefusedBeginsNothing() {
    var scenario = running().specWith("ports: {rest: 1}");
    assertThat(Rehearsal.of(scenario.situation()).begun()).isEmpty();
  }

  @Test
  void aSavepointLeftBehindIsAskedAbout() {
    var scenario = DecisionScenario.stateful().leftBehind("s3://bucket/old");
    Rehearsal rehearsal = Rehearsal.of(scenario.situation());
    assertThat(rehearsal.begun()).isEmpty();
    assertThat(rehearsal.findings())
        .extracting(ConditionCause::message)
        .anyMatch(m -> m.contains("s3://bucket/old"));
    assertThat(List.copyOf(rehearsal.rules())).contains("FinalSavepointLeftBehind");
  }
}
