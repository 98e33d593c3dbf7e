package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Component;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A cluster is deleted together with the rights of its job: what could not be done is told. */
class PrunedTogetherTest {
  private static final String ABSENT = "serviceaccount \"flink\" not found";

  private static DecisionScenario deleting() {
    DecisionScenario stage =
        DecisionScenario.stateful().specWith("highAvailability: {enabled: true}").running();
    stage.problem(Component.JOB_MANAGER, 1, Reason.ReferenceNotFound, ABSENT).delete().settle();
    return stage;
  }

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  @Test
  void namesTheServiceAccountTheDirectoryAndTheNewestState() {
    DecisionScenario stage = deleting();
    stage.job("FAILED", Optional.empty(), 7).settle();
    stage.jobManagersGone().settle();
    stage.refuse("Pod c-cleanup: " + ABSENT);
    Decision end = stage.nothingLeft().settle();
    assertThat(end.gone()).isFalse();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(last(stage).reason()).isEqualTo(Reason.StorageNotCleaned);
    assertThat(last(stage).message())
        .contains(
            "no savepoint could be taken",
            ABSENT,
            "was not removed from s3://bucket/flink/ns/c/ha",
            "the newest restore point is",
            "/chk-7");
    assertThat(end.actions())
        .filteredOn(Action.RememberFinalSavepoint.class::isInstance)
        .singleElement()
        .satisfies(
            a ->
                assertThat(((Action.RememberFinalSavepoint) a).note())
                    .contains(last(stage).message()));
  }

  @Test
  void saysNothingMoreWhereAllWasDone() {
    DecisionScenario stage = DecisionScenario.stateful().running().delete();
    stage.settle();
    stage.savepointCompleted().job("FINISHED", Optional.empty(), 1).settle();
    stage.nothingLeft().settle();
    assertThat(last(stage).reason()).isNull();
    assertThat(last(stage).message()).startsWith("the newest restore point is");
  }
}
