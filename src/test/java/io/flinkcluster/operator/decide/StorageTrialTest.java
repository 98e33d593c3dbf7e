package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.StorageFinding.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A change of directories or identity is tried by a pod before the running job is stopped. */
class StorageTrialTest {

  private static DecisionScenario change(String line) {
    DecisionScenario stage = DecisionScenario.stateful().running();
    stage.specWith(line).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    return stage;
  }

  private static DecisionScenario changed() {
    return change("serviceAccountName: another");
  }

  private static boolean tries(Decision decision) {
    return decision.runs().stream().anyMatch(r -> r.parts().contains(Part.STORAGE_CHECK));
  }

  private static DecisionScenario up(DecisionScenario stage) {
    return stage.pod(Component.TASK_MANAGER, 2, "tm-2a");
  }

  @Test
  void anotherIdentityIsTriedBeforeTheJobIsStopped() {
    DecisionScenario stage = changed();
    assertThat(tries(stage.settle())).isTrue();

    Decision waiting = up(stage).settle();
    assertThat(stage.stage())
        .as("the pods are up, and the try is not")
        .isEqualTo(OperationStage.Preparing);
    assertThat(waiting.actions()).isEmpty();

    Decision stopping = stage.storageCheck(true).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
    assertThat(tries(stopping)).as("the pod is of no use any more").isFalse();
  }

  @Test
  void anotherDirectoryIsTried() {
    DecisionScenario stage = DecisionScenario.stateful().running();
    stage.spec(stage.yaml().replace("s3://bucket/flink", "s3://other/flink"));
    assertThat(tries(stage.settle())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3.endpoint: 'http://store:9000'", "fs.s3a.endpoint.region: eu-west-1"})
  void anotherWayToReachThemIsTried(String option) {
    assertThat(tries(change("flinkConfiguration: {" + option + "}").settle())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"flinkConfiguration: {rest.retry.delay: 5 s}", "taskManager: {replicas: 2}"})
  void anyOtherChangeIsNot(String line) {
    assertThat(tries(change(line).settle())).isFalse();
  }

  @Test
  void whatIsNotOnS3IsNot() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(stage.yaml().replace("s3://bucket/flink", "hdfs://n/flink"));
    stage.running().specWith("serviceAccountName: another");
    assertThat(tries(stage.settle())).isFalse();
  }

  @Test
  void aChangeThatIsDeniedIsGivenUpAndTheJobRunsOn() {
    DecisionScenario stage = up(changed());
    Decision decision =
        stage
            .storageCheck(false, new StorageFinding(Kind.DENIED, "s3:PutObject on arn is denied"))
            .settle();
    var last = stage.recorded().operations().get(0);
    assertThat(last.result()).isEqualTo(OperationResult.Abandoned);
    assertThat(last.reason()).isEqualTo(Reason.StorageDenied);
    assertThat(last.message()).contains("s3:PutObject on arn is denied");
    assertThat(stage.launch().epoch()).isEqualTo(1L);
    assertThat(stage.launch().stoppedAt()).isNull();
    assertThat(decision.actions()).isEmpty();
    assertThat(tries(decision)).isFalse();
  }

  @Test
  void whatIsMerelyARiskHoldsNothingBack() {
    DecisionScenario stage = up(changed());
    stage.storageCheck(true, new StorageFinding(Kind.AT_RISK, "a rule deletes")).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
  }

  /** As where the ServiceAccount is applied after the FlinkCluster. */
  @Test
  void aPodThatIsRefusedIsWaitedForAndNothingIsStoppedUntried() {
    DecisionScenario stage = up(changed());
    String name = stage.situation().names().storageCheck(DecisionScenario.UID, 2);
    stage.refuse("Pod " + name + ": error looking up service account ns/another").settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    stage.elapse(Duration.ofMinutes(5)).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    stage.elapse(Duration.ofMinutes(6)).settle();
    var last = stage.recorded().operations().get(0);
    assertThat(last.result()).isEqualTo(OperationResult.Abandoned);
    assertThat(last.message()).contains("could not be tried within changeTimeout");
    assertThat(stage.launch().epoch()).isEqualTo(1L);
  }

  @Test
  void anyOtherRefusalIsOne() {
    DecisionScenario stage = up(changed());
    stage.refuse("Deployment c-taskmanager-2: quota").settle();
    assertThat(stage.recorded().operations().get(0).reason()).isEqualTo(Reason.ChildRefused);
  }

  @Test
  void aPodThatCannotSayAnythingIsNotWaitedForForEver() {
    DecisionScenario stage = up(changed()).storageCheckWaits();
    stage.elapse(Duration.ofSeconds(149)).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    stage.elapse(Duration.ofSeconds(2)).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
  }
}
