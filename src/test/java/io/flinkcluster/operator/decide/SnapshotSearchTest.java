package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a start looks for checkpoints that a lost job may have completed unseen. */
class SnapshotSearchTest {

  private static String directory(long epoch) {
    return "s3://bucket/flink/ns/c/checkpoints/" + DecisionScenario.jobId(epoch);
  }

  /** A start that came after another was lost, and whose job was never seen with a checkpoint. */
  private static DecisionScenario recovered() {
    DecisionScenario stage = DecisionScenario.stateful().running().noPod("jm-1");
    stage.settle();
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0).settle();
    assertThat(stage.recorded().operation()).isEmpty();
    return stage;
  }

  @Test
  void areLookedForAfterASuspendThatCameDuringTheRecovery() {
    DecisionScenario stage = recovered().noPod("jm-2");
    stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    stage.specWith("suspend: true").jobManagersGone().settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    assertThat(stage.launch().snapshotSearchDirectories())
        .containsExactly(directory(2), directory(1));
  }

  @Test
  void areLookedForAfterStartsThatWereLostOneAfterTheOther() {
    DecisionScenario stage = recovered();
    lost(stage, 2);
    for (long epoch = 3; epoch <= 5; epoch++) {
      stage.jobManagersGone().elapse(Duration.ofMinutes(6)).settle();
      stage.comesUp(epoch);
      lost(stage, epoch);
    }
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    stage.jobManagersGone().elapse(Duration.ofMinutes(6)).settle();
    assertThat(stage.launch().snapshotSearchDirectories())
        .containsExactly(directory(5), directory(4), directory(3), directory(2), directory(1));
  }

  private static void lost(DecisionScenario stage, long epoch) {
    var why = Optional.<ObservedPod.PodProblem>empty();
    stage.pod(Component.JOB_MANAGER, epoch, "jm-" + epoch, true, 1, why).settle();
  }

  @Test
  void areNotLookedForAfterASavepoint() {
    DecisionScenario stage = DecisionScenario.stateful().running().specWith("suspend: true");
    stage.settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    stage.jobManagersGone().settle();
    stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    assertThat(stage.launch().snapshotSearchDirectories()).isNull();
  }

  private static DecisionScenario changed(String rollback) {
    DecisionScenario stage = DecisionScenario.stateful().specWith(rollback).running();
    stage.specWith("taskManager: {replicas: 2}").settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b").settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    return stage;
  }

  @Test
  void areNotLookedForAfterAChangeThatFailed() {
    DecisionScenario stage = changed("rollback: false");
    stage.job("FAILED", Optional.empty(), 0).settle();
    assertThat(stage.jobManagersGone().settle().phase()).isEqualTo(Phase.Failed);
    stage.restartToken("again").settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    assertThat(stage.launch().snapshotSearchDirectories()).isNull();
  }

  @Test
  void areNotLookedForWhereARollbackWasSuspended() {
    DecisionScenario stage = changed("rollback: true");
    stage.job("FAILED", Optional.empty(), 0).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    stage.specWith("suspend: true").jobManagersGone().settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    assertThat(stage.launch().snapshotSearchDirectories()).isNull();
  }

  /**
   * That its container was not started is known where the kubelet says in a live read what keeps it
   * from that. One that says nothing yet may have started it.
   */
  @Test
  void aStartThatIsSupersededMayHaveRunUnlessItsKubeletSaysWhyItDidNot() {
    var pulled = Optional.of(new ObservedPod.PodProblem(Reason.ImagePullFailed, "no such image"));
    assertThat(searchesAfterASupersededStart("s3://bucket", true, Optional.empty())).isTrue();
    assertThat(searchesAfterASupersededStart("s3://bucket", true, pulled)).isFalse();
    assertThat(searchesAfterASupersededStart("s3://bucket", false, pulled)).isTrue();
  }

  /** It is admitted, so that it gets one at any moment, and it may be removed late. */
  @Test
  void aStartThatIsSupersededMayHaveRunWhereItsPodHasNoNodeYet() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.settle();
    stage.jobManagersBack().gatedPod(1, "jm-1").settle();
    assertThat(stage.launch().jobManagerPod()).isNotNull();
    assertThat(searchesWhenSuperseded(stage)).isTrue();
  }

  /** Where no pod can look, each such start would wait for a person. */
  @Test
  void aStartThatIsSupersededIsTakenNotToHaveRunWhereNothingCanBeLookedFor() {
    assertThat(searchesAfterASupersededStart("hdfs://nn", true, Optional.empty())).isFalse();
  }

  private static boolean searchesAfterASupersededStart(
      String storage, boolean live, Optional<ObservedPod.PodProblem> problem) {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(stage.yaml().replace("s3://bucket", storage)).settle();
    stage.jobManagersBack().gatedPod(1, "jm-1").settle();
    stage.pod(Component.JOB_MANAGER, 1, "jm-1", false, 0, problem);
    if (!live) {
      stage.podsFromCache();
    }
    return searchesWhenSuperseded(stage);
  }

  private static boolean searchesWhenSuperseded(DecisionScenario stage) {
    stage.specWith("bufferTimeout: 5").settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    stage.jobManagersGone().settle();
    assertThat(stage.launch().epoch()).isEqualTo(2);
    return stage.launch().snapshotSearchDirectories() != null;
  }
}
