package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.PodSeen;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a start looks for checkpoints that a lost job may have completed unseen. */
class UnseenTest {

  private static String directory(long epoch) {
    return "s3://bucket/flink/ns/c/checkpoints/" + Stage.jobId(epoch);
  }

  /** A start that came after another was lost, and whose job was never seen with a checkpoint. */
  private static Stage recovered() {
    Stage stage = Stage.stateful().running().noPod("jm-1");
    stage.settle();
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0).settle();
    assertThat(stage.ledger().operation()).isEmpty();
    return stage;
  }

  @Test
  void areLookedForAfterASuspendThatCameDuringTheRecovery() {
    Stage stage = recovered().noPod("jm-2");
    stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    stage.specWith("suspend: true").jobManagersGone().settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    assertThat(stage.launch().unseen()).containsExactly(directory(2));
  }

  @Test
  void areLookedForAfterStartsThatWereLostOneAfterTheOther() {
    Stage stage = recovered();
    lost(stage, 2);
    for (long epoch = 3; epoch <= 5; epoch++) {
      stage.jobManagersGone().settle();
      stage.comesUp(epoch);
      lost(stage, epoch);
    }
    assertThat(stage.settle().phase()).isEqualTo(Phase.Failed);
    stage.restartToken("again").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Resume);
    stage.jobManagersGone().settle();
    assertThat(stage.launch().unseen())
        .containsExactly(directory(5), directory(4), directory(3), directory(2));
  }

  private static void lost(Stage stage, long epoch) {
    var why = Optional.<PodSeen.Trouble>empty();
    stage.pod(Component.JOB_MANAGER, epoch, "jm-" + epoch, true, 1, why).settle();
  }

  @Test
  void areNotLookedForAfterASavepoint() {
    Stage stage = Stage.stateful().running().specWith("suspend: true");
    stage.settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    stage.jobManagersGone().settle();
    stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    assertThat(stage.launch().unseen()).isNull();
  }

  private static Stage changed(String rollback) {
    Stage stage = Stage.stateful().specWith(rollback).running();
    stage.specWith("taskManager: {replicas: 2}").settle();
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b").settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted().settle();
    stage.jobManagersGone().settle();
    stage.comesUp(2);
    return stage;
  }

  @Test
  void areNotLookedForAfterAChangeThatFailed() {
    Stage stage = changed("rollback: false");
    stage.job("FAILED", Optional.empty(), 0).settle();
    assertThat(stage.jobManagersGone().settle().phase()).isEqualTo(Phase.Failed);
    stage.restartToken("again").settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    assertThat(stage.launch().unseen()).isNull();
  }

  @Test
  void areNotLookedForWhereARollbackWasSuspended() {
    Stage stage = changed("rollback: true");
    stage.job("FAILED", Optional.empty(), 0).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rollback);
    stage.specWith("suspend: true").jobManagersGone().settle();
    assertThat(stage.settle().phase()).isEqualTo(Phase.Suspended);
    stage.spec(stage.yaml().replace("suspend: true", "suspend: false")).settle();
    assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    assertThat(stage.launch().unseen()).isNull();
  }
}
