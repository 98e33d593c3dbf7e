package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A job is moved by savepoint before its node goes, once all of it has a place elsewhere. */
class NodeLeavesTest {
  private static final String TAINT = "taint karpenter.sh/disrupted";

  private static DecisionScenario moving() {
    DecisionScenario stage = DecisionScenario.stateful().running().nodeLeaves("node-1", TAINT);
    stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    return stage;
  }

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  @Test
  void aRunningJobIsMovedBySavepointAndSaysWhy() {
    DecisionScenario stage = moving();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Restart);
    assertThat(stage.operation().triggerKind()).isEqualTo(TriggerKind.NodeLeaves);
    assertThat(stage.operation().trigger())
        .isEqualTo("node node-1 is about to go (taint karpenter.sh/disrupted)");
    assertThat(stage.operation().preparesJobManager()).isTrue();
    stage.preparedPod(2, "jm-2", ObservedPod.Preparation.READY);
    stage.pod(Component.TASK_MANAGER, 2, "tm-2").settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
  }

  @Test
  void aNodeWithNoneOfItsPodsDoesNotMatter() {
    DecisionScenario stage = DecisionScenario.stateful().running().nodeLeaves("node-2", TAINT);
    stage.settle();
    assertThat(stage.recorded().operation()).isEmpty();
  }

  @Test
  void aJobThatDoesNotRunIsNotMoved() {
    DecisionScenario stage = DecisionScenario.stateful().running().nodeLeaves("node-1", TAINT);
    stage.job("RESTARTING", Optional.empty(), 1).settle();
    assertThat(stage.recorded().operation()).isEmpty();
  }

  /** It would begin anew; when its TaskManager goes Flink restarts it from its checkpoint. */
  @Test
  void aJobThatIsUpgradedStatelessIsNotMoved() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(stage.yaml().replaceFirst("job: \\{", "job: {upgradeMode: Stateless, ")).running();
    Decision decision = stage.nodeLeaves("node-1", TAINT).settle();
    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(decision.runs().get(0).drainWaits()).isFalse();
  }

  @Test
  void aSessionClusterIsNotMovedSinceItsJobsWouldBeLost() {
    var stage = new DecisionScenario("flinkVersion: \"2.3\"\nimage: flink:2.3\n");
    stage.sessionRunning().nodeLeaves("node-1", TAINT);
    stage.settle();
    assertThat(stage.recorded().operation()).isEmpty();
  }

  /** On a node that lets nothing new in there is none, but with Karpenter another is coming. */
  @Test
  void roomIsWaitedForWhileTheJobRunsOn() {
    DecisionScenario stage = moving();
    stage.problem(Component.JOB_MANAGER, 2, Reason.Unschedulable, "0/3 nodes are available");
    stage.problem(Component.TASK_MANAGER, 2, Reason.Unschedulable, "0/3 nodes are available");
    stage.elapse(Duration.ofMinutes(9)).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    assertThat(stage.operation().preparesJobManager()).isTrue();

    stage.elapse(Duration.ofMinutes(2)).settle();

    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Abandoned);
    assertThat(stage.launch().epoch()).as("the job runs on").isEqualTo(1);
  }

  @Test
  void theJobIsNotStoppedWhereNoJobManagerMayBePrepared() {
    DecisionScenario stage = moving();
    stage.problem(Component.JOB_MANAGER, 2, Reason.PodCreationFailed, "exceeded quota: all");
    stage.settle();
    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(last(stage).message()).contains("the job is not moved", "exceeded quota");
  }

  @Test
  void itIsTriedOnceForANodeAndAgainForAnother() {
    DecisionScenario stage = moving();
    stage.problem(Component.JOB_MANAGER, 2, Reason.PodCreationFailed, "exceeded quota: all");
    stage.settle();
    stage.elapse(Duration.ofMinutes(5)).settle();
    assertThat(stage.recorded().operation()).isEmpty();

    stage
        .pod(Component.TASK_MANAGER, 1, "tm-1b", "node-10")
        .nodeLeaves("node-10", "it is cordoned");
    stage.settle();

    assertThat(stage.operation().trigger()).startsWith("node node-10 ").contains("cordoned");
  }

  @Test
  void itIsTriedAgainWhereItGaveWayToASpecThatWasTakenBack() {
    DecisionScenario stage = moving();
    String spec = stage.yaml();
    stage.specWith("flinkConfiguration: {rest.port: \"1\"}").settle();
    assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
    assertThat(stage.recorded().operation()).isEmpty();
    stage.spec(spec).settle();
    assertThat(stage.operation().triggerKind()).isEqualTo(TriggerKind.NodeLeaves);
  }

  @Test
  void anotherSpecGoesFirst() {
    DecisionScenario stage = DecisionScenario.stateful().running().nodeLeaves("node-1", TAINT);
    stage.specWith("bufferTimeout: 5").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Upgrade);
  }

  @Test
  void whereOnlyThePlanIsAskedForItIsToldAndNotDone() {
    DecisionScenario stage = DecisionScenario.stateful().running().planOnly(true);
    stage.nodeLeaves("node-1", TAINT).settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Planned);
    assertThat(stage.launch().epoch()).isEqualTo(1);
  }

  private static boolean drainWaits(DecisionScenario stage) {
    return stage.settle().runs().get(0).drainWaits();
  }

  @Test
  void aDrainWaitsFromWhenTheJobRunsUntilItWasMoved() {
    DecisionScenario stage = DecisionScenario.stateful().watchingNodes();
    assertThat(drainWaits(stage)).as("a first start has nothing to lose").isFalse();
    stage.running();
    assertThat(drainWaits(stage)).isTrue();
    assertThat(drainWaits(stage.nodeLeaves("node-1", TAINT))).isTrue();
    stage.problem(Component.JOB_MANAGER, 2, Reason.PodCreationFailed, "exceeded quota: all");
    assertThat(drainWaits(stage)).as("it was tried in vain").isFalse();
  }

  @Test
  void aDrainDoesNotWaitWhereNobodyWatchesNodes() {
    assertThat(drainWaits(DecisionScenario.stateful().running())).isFalse();
  }

  @Test
  void aDrainDoesNotWaitForWhatIsNotMoved() {
    DecisionScenario stage = DecisionScenario.stateful().running().watchingNodes();
    stage.job("RESTARTING", Optional.empty(), 1);
    assertThat(drainWaits(stage)).isFalse();

    var session = new DecisionScenario("flinkVersion: \"2.3\"\nimage: flink:2.3\n");
    assertThat(drainWaits(session.sessionRunning().watchingNodes())).isFalse();
  }

  @Test
  void aSpecThatIsRefusedChangesNothingUntilANodeLeaves() {
    DecisionScenario stage = DecisionScenario.stateful().running().watchingNodes();
    stage.specWith("flinkConfiguration: {rest.port: \"1\"}");
    assertThat(drainWaits(stage)).isTrue();
    assertThat(drainWaits(stage.nodeLeaves("node-1", TAINT))).as("it cannot be moved").isFalse();
  }

  @Test
  void aDrainDoesNotWaitForAnOperationThatIsOverdue() {
    DecisionScenario stage = DecisionScenario.stateful().running().watchingNodes();
    stage.specWith("bufferTimeout: 5").settle();
    assertThat(drainWaits(stage)).isTrue();
    stage.elapse(Duration.ofHours(1));
    Decision overdue = Decider.decide(stage.situation());
    assertThat(overdue.runs()).noneMatch(Run::drainWaits);
  }
}
