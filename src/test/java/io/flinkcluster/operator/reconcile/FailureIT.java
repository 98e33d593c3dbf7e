package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything that may go wrong with a change, at the moment where it hurts most. Where each failure
 * of a change, of recovery and of deletion is tried:
 *
 * <table>
 *   <caption>failures</caption>
 *   <tr><th>what happens</th><th>what becomes of it</th><th>tried in</th></tr>
 *   <tr><td>savepoint fails, or times out</td><td>runs on, abandoned, not tried again until the spec changes</td><td>ASavepointThatFails</td></tr>
 *   <tr><td>savepoint fails while suspending</td><td>runs on, Stalled SavepointFailed</td><td>ASavepointThatFails</td></tr>
 *   <tr><td>savepoint written, job failed</td><td>new start from that savepoint</td><td>LifecycleIT</td></tr>
 *   <tr><td>savepoint of a job that does not run</td><td>waited for, then from the newest checkpoint</td><td>StateIsNeverLostTest</td></tr>
 *   <tr><td>JobManager lost before the savepoint</td><td>from the newest checkpoint; by itself with high availability</td><td>ALostJobManager</td></tr>
 *   <tr><td>JobManager lost while it writes</td><td>from the savepoint if it was completed, else from the newest checkpoint; where no pod can look, Stalled JobManagerLost; asked again with high availability</td><td>ALostJobManager, UntoldSavepointTest, ExactlyOnceE2E</td></tr>
 *   <tr><td>JobManager lost after it, or of the new start</td><td>from the savepoint; where its pod was taken away the same start again, where its process ended rolled back; by itself with high availability</td><td>ALostJobManager, DisruptionTest</td></tr>
 *   <tr><td>a recovery, resume or rollback whose job fails</td><td>tried three times, with pauses, then Stalled</td><td>ALostJobManager, RetriesTest</td></tr>
 *   <tr><td>JobManager's Deployment deleted</td><td>recovery from the newest checkpoint</td><td>ALostJobManager</td></tr>
 *   <tr><td>ConfigMap of a start deleted</td><td>made again; a change still takes its savepoint</td><td>LifecycleIT, StateIsNeverLostTest</td></tr>
 *   <tr><td>recovery data of Flink lost</td><td>recovery from the newest checkpoint</td><td>DeciderTest, HighAvailabilityE2E</td></tr>
 *   <tr><td>status lost, objects left</td><td>Stalled NoRestorePoint</td><td>StateIsNeverLostTest</td></tr>
 *   <tr><td>job FINISHED meanwhile, or before</td><td>never started again unasked</td><td>AJobThatEndsMeanwhile, FailureE2E</td></tr>
 *   <tr><td>job FAILED meanwhile</td><td>goes on, or Stalled JobFailed</td><td>AJobThatEndsMeanwhile</td></tr>
 *   <tr><td>TaskManagers lost in any stage</td><td>delays the change</td><td>lostTaskManagersInAnyStageOnlyDelayTheChange</td></tr>
 *   <tr><td>spec changed again in any stage</td><td>taken up after or instead</td><td>aSpecThatChangesAgainIsTakenUpAfterOrInsteadAndNeverInBetween</td></tr>
 *   <tr><td>suspended while starting</td><td>not started; same point later</td><td>StateIsNeverLostTest</td></tr>
 *   <tr><td>image of the TaskManagers cannot be pulled</td><td>same job runs on</td><td>LifecycleIT, FailureE2E</td></tr>
 *   <tr><td>ConfigMap of Hadoop's configuration not there</td><td>named before a pod is made; what runs runs on; healed when it comes</td><td>AMissingHadoopConfiguration</td></tr>
 *   <tr><td>JobManager cannot be pulled or crashes, deadline passes</td><td>rolled back from the savepoint</td><td>ANewSpecThatDoesNotStart</td></tr>
 *   <tr><td>state does not fit</td><td>rolled back from the savepoint; without rollback Stalled</td><td>ANewSpecThatDoesNotStart, FailureE2E</td></tr>
 *   <tr><td>size beyond slots or maxParallelism</td><td>refused by the API server</td><td>AnImpossibleSize</td></tr>
 *   <tr><td>quota, or no node has room</td><td>same job runs on; old ones first where that helps</td><td>AnImpossibleSize, FailureE2E</td></tr>
 *   <tr><td>operator lost before or after any of its calls</td><td>same end</td><td>CrashPointsIT, CrashPointsTest</td></tr>
 *   <tr><td>operator begins and has asked nobody yet</td><td>waits for an answer</td><td>StateIsNeverLostTest, CrashPointsIT</td></tr>
 *   <tr><td>initial savepoint, and no checkpoint yet</td><td>used again</td><td>StateIsNeverLostTest, FailureE2E</td></tr>
 *   <tr><td>deletion: silent JobManager, savepoint that hangs, namespace, change under way</td><td>ends; newest point remembered</td><td>ADeletion, FailureE2E</td></tr>
 *   <tr><td>deletion: pod of a dead node, foreign finalizer</td><td>named; let go after the deadline</td><td>ADeletion</td></tr>
 *   <tr><td>deletion: its last writes fail</td><td>tried again, for five minutes</td><td>DeletionIT</td></tr>
 *   <tr><td>objects that only the API server can refuse</td><td>found before anything is stopped</td><td>RefusedObjectsIT</td></tr>
 *   <tr><td>deletion: recovery data of Flink, without a JobManager</td><td>removed</td><td>ADeletion, HighAvailabilityE2E</td></tr>
 *   <tr><td>same name again after a deletion</td><td>Stalled NoRestorePoint, then from job.initialSavepoint</td><td>ADeletion, FailureE2E</td></tr>
 * </table>
 */
@RealApiServer
@Order(3) // a long one: it begins before the others
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class FailureIT {
  private static final String HA = "highAvailability: {enabled: true}";
  private static final Duration LATE = Duration.ofMinutes(11);

  private final ClusterFixture scene;
  private final FakeCluster fake;

  FailureIT(ApiServer server) {
    scene = ClusterFixture.in(server, "failure");
    fake = scene.fake();
  }

  @AfterEach
  void leave() {
    scene.close();
  }

  private static String jobId(FlinkClusterStatus status) {
    return status.launch().jobId();
  }

  /** The job of this start still runs, and no other was ever started. */
  private void assertUntouched(FlinkClusterStatus before) {
    assertThat(jobId(scene.status())).isEqualTo(jobId(before));
    assertThat(fake.jobState()).contains("RUNNING");
    assertThat(fake.starts()).hasSize(1);
    await("the end of what was prepared")
        .atMost(ClusterFixture.LONG)
        .until(() -> scene.pods(Component.JOB_MANAGER).size() == 1);
    assertThat(fake.starts()).hasSize(1);
  }

  @Nested
  class AMissingHadoopConfiguration {
    private static final String HADOOP = "hadoopConf: {configMapName: hadoop}";

    @Test
    void isNamedBeforeAPodIsMadeAndTheFirstStartFollowsWhenItComes() {
      scene.apply(HADOOP);
      scene.await(
          "it is named", s -> ClusterFixture.message(s, "Ready").contains("\"hadoop\" not found"));
      assertThat(scene.namespace.kubectl().ok("get", "pods,deployments,services", "-o", "name"))
          .isEmpty();
      assertThat(scene.status().phase()).isEqualTo(Phase.Pending);
      assertThat(reason()).isEqualTo("ReferenceNotFound");

      scene.namespace.kubectl().ok("create", "configmap", "hadoop", "--from-literal=core.xml=x");
      scene.await(
          "its files are named",
          s -> ClusterFixture.message(s, "Ready").contains("nor hdfs-site.xml (but core.xml)"));
      assertThat(scene.pods(Component.JOB_MANAGER)).isEmpty();

      putRight();
      scene.awaitReady();
      assertThat(fake.starts()).hasSize(1);
    }

    @Test
    void holdsUpAChangeWhileTheJobRunsOn() {
      scene.apply("");
      FlinkClusterStatus before = scene.awaitReady();
      scene.apply(HADOOP);
      FlinkClusterStatus waiting =
          scene.await(
              "it is named", s -> ClusterFixture.message(s, "Ready").contains("\"hadoop\""));
      assertThat(reason()).isEqualTo("ReferenceNotFound");
      assertThat(waiting.operation()).isNull();
      assertThat(waiting.operations()).hasSize(1);
      assertUntouched(before);
      assertThat(scene.pods(Component.TASK_MANAGER)).hasSize(1);

      scene.namespace.kubectl().ok("create", "configmap", "hadoop", "--from-literal=core.xml=x");
      putRight();
      scene.await("changed", s -> ClusterFixture.is(s, "Ready") && s.launch().epoch() == 2);
      scene.assertStateNeverLost();
    }

    @Test
    void holdsUpAResumeWithTheStateKept() {
      scene.apply("");
      scene.awaitReady();
      scene.patch("{'spec': {'suspend': true}}");
      scene.await("suspended", s -> s.phase() == Phase.Suspended && s.operation() == null);
      scene.patch("{'spec': {'suspend': false, 'hadoopConf': {'configMapName': 'hadoop'}}}");
      scene.await(
          "it is named", s -> ClusterFixture.message(s, "Ready").contains("\"hadoop\" not found"));
      assertThat(scene.pods(Component.TASK_MANAGER)).isEmpty();

      scene.namespace.kubectl().ok("create", "configmap", "hadoop", "--from-literal=a=b");
      putRight();
      scene.awaitReady();
      scene.assertStateNeverLost();
    }

    private String reason() {
      return Conditions.find(scene.status(), "Ready").orElseThrow().reason();
    }

    private void putRight() {
      String files = "{\"data\": {\"core-site.xml\": \"<configuration/>\"}}";
      scene.namespace.kubectl().ok("patch", "configmap", "hadoop", "--type=merge", "-p", files);
    }
  }

  @Nested
  class ASavepointThatFails {
    @Test
    void isNotTakenAgainUntilTheSpecChangesAlsoByAnotherOperator() {
      scene.apply("");
      FlinkClusterStatus before = scene.awaitReady();
      fake.savepoints(FakeCluster.Savepoints.FAIL);
      scene.scale(2);
      assertThat(scene.awaitResult(OperationResult.Abandoned).message())
          .contains("the savepoint failed", "scripted failure");
      FlinkClusterStatus stalled = scene.awaitStalled("RolledBack");
      assertThat(ClusterFixture.message(stalled, "Ready"))
          .contains("scripted failure", "spec changes");
      scene.replaceOperator();
      scene.patch("{'metadata': {'labels': {'looked': 'at'}}}");
      scene.clock.forward(LATE);
      scene.await("another look", s -> s.operation() == null);
      assertUntouched(before);
      assertThat(fake.stopsByTrigger()).hasSize(1);
      fake.savepoints(FakeCluster.Savepoints.COMPLETE);
      scene.scale(3);
      assertThat(scene.awaitReady().job().parallelism()).isEqualTo(3);
      scene.assertStateNeverLost();
    }

    @Test
    void inTimeIsWaitedForAndGivenUpOnFlinksWordAlone() {
      scene.apply("");
      FlinkClusterStatus before = scene.awaitReady();
      fake.savepoints(FakeCluster.Savepoints.HANG);
      scene.scale(2);
      scene.await("asked", s -> !fake.stopsByTrigger().isEmpty());
      scene.clock.forward(LATE);
      scene.await(
          "late", s -> ClusterFixture.message(s, "Ready").contains("longer than changeTimeout"));
      assertThat(scene.status().operation().stage()).isEqualTo(OperationStage.Savepointing);
      fake.expireSavepoints();
      assertThat(scene.awaitResult(OperationResult.Abandoned).message()).contains("expired");
      assertUntouched(before);
    }

    @Test
    void doesNotSuspendAndIsSaidOnce() {
      scene.apply("");
      FlinkClusterStatus before = scene.awaitReady();
      fake.savepoints(FakeCluster.Savepoints.FAIL);
      scene.patch("{'spec': {'suspend': true}}");
      FlinkClusterStatus status = scene.awaitStalled("SavepointFailed");
      assertThat(ClusterFixture.message(status, "Stalled")).contains("scripted failure");
      assertThat(status.operations()).hasSize(2);
      assertUntouched(before);
      fake.savepoints(FakeCluster.Savepoints.COMPLETE);
      scene.patch("{'spec': {'suspend': false}}");
      scene.awaitReady();
      scene.patch("{'spec': {'suspend': true}}");
      assertThat(scene.awaitReady().phase()).isEqualTo(Phase.Suspended);
    }
  }

  @Nested
  class ALostJobManager {
    @Test
    void beforeTheSavepointDoesNotEndTheChange() {
      scene.apply("");
      scene.awaitReady();
      scene.noMoreCheckpoints();
      scene.holdBack(2);
      scene.scale(2);
      scene.awaitStage(OperationStage.Preparing);
      scene.lose(Component.JOB_MANAGER);
      scene.kubelet.heal();
      FlinkClusterStatus recovered = scene.await("a new start", s -> s.launch().epoch() > 1);
      assertThat(recovered.launch().restoredFrom()).contains("/chk-");
      fake.checkpointing(true);
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(status.job().parallelism()).as("the change is made then").isEqualTo(2);
      assertThat(status.operations())
          .extracting(OperationRecord::type)
          .startsWith(OperationType.Rescale, OperationType.Recovery);
      scene.assertStateNeverLost();
    }

    @Test
    void beforeTheSavepointComesBackByItselfWhereItIsHighlyAvailable() {
      scene.apply(HA);
      String first = jobId(scene.awaitReady());
      scene.holdBack(2);
      scene.scale(2);
      scene.awaitStage(OperationStage.Preparing);
      scene.lose(Component.JOB_MANAGER);
      await().atMost(ClusterFixture.LONG).until(() -> fake.starts().size() == 2);
      assertThat(fake.starts().get(1).jobId()).isEqualTo(first);
      scene.kubelet.heal();
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(status.launch().restoredFrom()).contains("/savepoints/");
      scene.assertStateNeverLost();
    }

    @Test
    void whileItWritesTheSavepointGoesOnFromItWhereItWasCompleted() {
      OperationRecord record = lostWhileWriting(FakeCluster.Savepoints.UNTOLD);
      assertThat(record.savepoint()).isEqualTo(newestSnapshot().path());
      assertThat(fake.starts().get(1).restoredFrom()).contains(record.savepoint());
      assertThat(scene.status().savepoints().get(0).path()).isEqualTo(record.savepoint());
    }

    @Test
    void whileItWritesTheSavepointGoesOnFromTheNewestCheckpointWhereItWasNot() {
      OperationRecord record = lostWhileWriting(FakeCluster.Savepoints.HANG);
      assertThat(record.savepoint()).isNull();
      assertThat(fake.starts().get(1).restoredFrom().orElseThrow()).contains("/chk-");
    }

    private OperationRecord lostWhileWriting(FakeCluster.Savepoints savepoints) {
      scene.apply("");
      scene.awaitReady();
      fake.savepoints(savepoints);
      scene.scale(2);
      scene.await("asked", s -> !fake.stopsByTrigger().isEmpty());
      if (savepoints == FakeCluster.Savepoints.UNTOLD) {
        await().atMost(ClusterFixture.LONG).until(() -> newestSnapshot().savepoint());
      }
      scene.lose(Component.JOB_MANAGER);
      fake.checkpointing(false);
      FlinkClusterStatus status =
          scene.await("changed", s -> s.operation() == null && s.operations().size() == 2);
      OperationRecord record = ClusterFixture.last(status);
      assertThat(record.result()).isEqualTo(OperationResult.Succeeded);
      assertThat(record.type()).isEqualTo(OperationType.Rescale);
      assertThat(status.job().parallelism()).isEqualTo(2);
      scene.assertStateNeverLost();
      return record;
    }

    private FakeCluster.Snapshot newestSnapshot() {
      return fake.snapshots().get(fake.snapshots().size() - 1);
    }

    @Test
    void whileItWritesTheSavepointLeadsBackToItWhereTheNewStartFails() {
      scene.apply("");
      scene.awaitReady();
      fake.savepoints(FakeCluster.Savepoints.UNTOLD);
      fake.unfit(epoch -> epoch == 2);
      scene.scale(2);
      await().atMost(ClusterFixture.LONG).until(() -> newestSnapshot().savepoint());
      String savepoint = newestSnapshot().path();
      scene.lose(Component.JOB_MANAGER);
      FlinkClusterStatus status = scene.awaitStalled("RolledBack");
      assertThat(status.launch().epoch()).isEqualTo(3);
      assertThat(fake.starts())
          .extracting(s -> s.restoredFrom().orElse(""))
          .containsExactly("", savepoint, savepoint);
      scene.assertStateNeverLost();
    }

    @Test
    void whileItWritesTheSavepointOfASuspensionIsLookedForWhenTheJobIsResumed() {
      scene.apply("");
      scene.awaitReady();
      fake.savepoints(FakeCluster.Savepoints.HANG);
      scene.patch("{'spec': {'suspend': true}}");
      scene.await("asked", s -> !fake.stopsByTrigger().isEmpty());
      scene.lose(Component.JOB_MANAGER);
      FlinkClusterStatus status = scene.await("suspended", s -> s.phase() == Phase.Suspended);
      String directory = status.launch().unconfirmedSavepointDirectory();
      assertThat(directory).contains("/savepoints/");
      scene.replaceOperator();
      assertThat(fake.starts()).hasSize(1);
      fake.savepoints(FakeCluster.Savepoints.COMPLETE);
      scene.patch("{'spec': {'suspend': false}}");
      status = scene.await("resumed", s -> s.launch().epoch() == 2);
      assertThat(status.launch().snapshotSearchDirectories()).startsWith(directory);
      scene.awaitReady();
      scene.assertStateNeverLost();
    }

    @Test
    void whileItWritesTheSavepointIsAskedAgainWhereItIsHighlyAvailable() {
      scene.apply(HA);
      scene.awaitReady();
      fake.savepoints(FakeCluster.Savepoints.HANG);
      scene.scale(2);
      scene.await("asked", s -> !fake.stopsByTrigger().isEmpty());
      fake.jobs(FakeCluster.Jobs.STAY_CREATED);
      scene.lose(Component.JOB_MANAGER);
      await().atMost(ClusterFixture.LONG).until(() -> fake.starts().size() == 2);
      scene.await(
          "waiting", s -> ClusterFixture.message(s, "Ready").contains("waiting for the job"));
      fake.savepoints(FakeCluster.Savepoints.COMPLETE).jobs(FakeCluster.Jobs.RUN);
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(ClusterFixture.last(status).result()).isEqualTo(OperationResult.Succeeded);
      assertThat(status.job().parallelism()).isEqualTo(2);
      assertThat(fake.stopsByTrigger()).hasSize(1);
      scene.assertStateNeverLost();
    }

    @Test
    void afterTheSavepointChangesNothing() {
      scene.apply("");
      scene.awaitReady();
      scene.kubelet.deletionTakes(Duration.ofSeconds(5));
      scene.scale(2);
      scene.awaitStage(OperationStage.Stopping);
      scene.lose(Component.JOB_MANAGER);
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(status.launch().restoredFrom()).contains("/savepoints/");
      assertThat(status.launch().epoch()).isEqualTo(2);
      scene.assertStateNeverLost();
    }

    @Test
    void ofTheNewStartIsNoVerdictAndTheSameStartIsMadeAgainFromTheSavepoint() {
      scene.apply("");
      scene.awaitReady();
      startThatHangs(2);
      String savepoint = scene.status().launch().restoredFrom();
      scene.evict(Component.JOB_MANAGER);
      scene.await("started again at once", s -> s.launch().epoch() == 3);
      await().atMost(ClusterFixture.LONG).until(() -> fake.starts().size() == 3);
      scene.lose(Component.JOB_MANAGER);
      scene.await(
          "held back", s -> ClusterFixture.message(s, "Ready").contains("its pod was deleted"));
      scene.clock.forward(Duration.ofSeconds(11));
      scene.await("started again", s -> s.launch().epoch() == 4);
      fake.jobs(FakeCluster.Jobs.RUN);
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(status.launch().restoredFrom()).isEqualTo(savepoint);
      assertThat(status.job().parallelism()).isEqualTo(2);
      OperationRecord record = ClusterFixture.last(status);
      assertThat(record.type()).isEqualTo(OperationType.Rescale);
      assertThat(record.result()).isEqualTo(OperationResult.Succeeded);
      assertThat(record.downtime()).isNotNull();
      scene.assertStateNeverLost();
    }

    @Test
    void ofTheNewStartComesBackByItselfWhereItIsHighlyAvailable() {
      scene.apply(HA);
      scene.awaitReady();
      startThatHangs(2);
      scene.lose(Component.JOB_MANAGER);
      await().atMost(ClusterFixture.LONG).until(() -> fake.starts().size() == 3);
      fake.jobs(FakeCluster.Jobs.RUN);
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(status.launch().epoch()).isEqualTo(2);
      assertThat(ClusterFixture.last(status).result()).isEqualTo(OperationResult.Succeeded);
      scene.assertStateNeverLost();
    }

    @Test
    void isRecoveredAtTheNextTryWhenTheStorageFailsForAWhile() {
      scene.apply("");
      scene.awaitReady();
      String newest = scene.noMoreCheckpoints().restorePoint().path();
      fake.unfit(epoch -> epoch == 2);
      scene.lose(Component.JOB_MANAGER);
      FlinkClusterStatus failed =
          scene.await("failed once", s -> s.operation() != null && s.operation().retries() != null);
      assertThat(failed.operation().message()).contains("Failed to rollback");
      assertThat(failed.operation().type()).isEqualTo(OperationType.Recovery);
      scene.clock.forward(Duration.ofSeconds(11));
      scene.await("a third start", s -> s.launch().epoch() == 3);
      assertThat(scene.status().launch().restoredFrom()).isEqualTo(newest);
      fake.checkpointing(true);
      scene.awaitReady();
      scene.assertStateNeverLost();
    }

    @Test
    void isRecoveredWhenItsDeploymentWasDeleted() {
      scene.apply("");
      scene.awaitReady();
      scene.noMoreCheckpoints();
      scene.namespace.kubectl().ok("delete", "deployment/a-jobmanager-1");
      scene.await("a new start", s -> s.launch().epoch() == 2);
      fake.checkpointing(true);
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(ClusterFixture.last(status).type()).isEqualTo(OperationType.Recovery);
      scene.assertStateNeverLost();
    }
  }

  /** A rescale whose new job is submitted and does not come to run. */
  private void startThatHangs(int replicas) {
    scene.holdBack(2);
    scene.scale(replicas);
    scene.awaitStage(OperationStage.Preparing);
    fake.savepointsTake(Duration.ofSeconds(1));
    scene.kubelet.heal();
    scene.await("asked", s -> !fake.stopsByTrigger().isEmpty());
    fake.jobs(FakeCluster.Jobs.STAY_CREATED);
    scene.awaitStage(OperationStage.Starting);
    await().atMost(ClusterFixture.LONG).until(() -> fake.starts().size() == 2);
  }

  @Nested
  class AJobThatEndsMeanwhile {
    @Test
    void byItselfIsNeverStartedAgain() {
      scene.apply("");
      scene.awaitReady();
      scene.holdBack(2);
      scene.scale(2);
      scene.awaitStage(OperationStage.Preparing);
      fake.finishJobs();
      FlinkClusterStatus status = scene.await("finished", s -> s.phase() == Phase.Finished);
      assertThat(ClusterFixture.last(status).result()).isEqualTo(OperationResult.Superseded);
      scene.kubelet.heal();
      scene.lose(Component.JOB_MANAGER);
      scene.replaceOperator();
      scene.scale(3);
      scene.await("nothing", s -> s.operation() == null && s.phase() == Phase.Finished);
      await().atMost(ClusterFixture.LONG).until(() -> scene.pods(Component.JOB_MANAGER).isEmpty());
      assertThat(fake.starts()).hasSize(1);
      scene.delete();
      scene.awaitGone();
      assertThat(scene.finalSavepoint()).isEmpty();
    }

    @Test
    void inFailureGoesOnWithTheNewSpecFromTheNewestCheckpoint() {
      scene.apply("");
      scene.awaitReady();
      scene.noMoreCheckpoints();
      scene.holdBack(2);
      scene.scale(2);
      scene.awaitStage(OperationStage.Preparing);
      fake.failJobs("java.lang.OutOfMemoryError: Java heap space");
      scene.await("it is seen to have failed", s -> s.job().state().equals("FAILED"));
      scene.kubelet.heal();
      scene.await("a new start", s -> s.launch().epoch() == 2);
      fake.checkpointing(true);
      assertThat(scene.awaitReady().launch().restoredFrom()).contains("/chk-");
      scene.assertStateNeverLost();
    }

    private void stopping() {
      scene.apply("");
      scene.awaitReady();
      scene.noMoreCheckpoints();
      fake.savepoints(FakeCluster.Savepoints.HANG);
      scene.scale(2);
      scene.await("asked", s -> !fake.stopsByTrigger().isEmpty());
    }

    @Test
    void inFailureWhileItIsStoppedGoesOnWithTheNewSpecFromTheNewestCheckpoint() {
      stopping();
      fake.failJobs("java.lang.OutOfMemoryError: Java heap space");
      scene.await("it is seen to have failed", s -> s.job().state().equals("FAILED"));
      fake.expireSavepoints();
      scene.await("a new start", s -> s.launch().epoch() == 2);
      fake.checkpointing(true);
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(status.launch().restoredFrom()).contains("/chk-");
      assertThat(status.job().parallelism()).isEqualTo(2);
      scene.assertStateNeverLost();
    }

    @Test
    void inFailureAfterItCouldNotBeStoppedIsNamedWithTheWayOut() {
      stopping();
      fake.expireSavepoints();
      scene.await("given up", s -> s.operation() == null);
      fake.failJobs("java.lang.OutOfMemoryError: Java heap space");
      FlinkClusterStatus status = scene.awaitStalled("JobFailed");
      assertThat(ClusterFixture.message(status, "Stalled"))
          .contains("Java heap space", "flinkcluster.io/restart");
      fake.savepoints(FakeCluster.Savepoints.COMPLETE);
      scene.annotate("restart", "now");
      scene.await("a new start", s -> s.launch().epoch() > 1);
      fake.checkpointing(true);
      assertThat(scene.awaitReady().job().parallelism()).isEqualTo(2);
      scene.assertStateNeverLost();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationStage.class,
      names = {"Preparing", "Savepointing", "Stopping", "Starting"})
  void lostTaskManagersInAnyStageOnlyDelayTheChange(OperationStage stage) {
    scene.apply("");
    scene.awaitReady();
    bringTo(stage);
    scene.lose(Component.TASK_MANAGER);
    release();
    FlinkClusterStatus status =
        scene.await("ready or given up", s -> s.operation() == null && s.operations().size() > 1);
    if (ClusterFixture.last(status).result() == OperationResult.Abandoned) {
      assertThat(stage).isEqualTo(OperationStage.Savepointing); // Flink itself gave it up
      scene.scale(3);
    }
    assertThat(scene.awaitReady().job().parallelism()).isGreaterThan(1);
    fake.assertOneWriter();
    assertThat(fake.starts()).allMatch(s -> s.epoch() == 1 || s.restoredFrom().isPresent());
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationStage.class,
      names = {"Preparing", "Savepointing", "Stopping", "Starting"})
  void aSpecThatChangesAgainIsTakenUpAfterOrInsteadAndNeverInBetween(OperationStage stage) {
    scene.apply("");
    scene.awaitReady();
    bringTo(stage);
    scene.scale(3);
    scene.namespace.kubectl().ok("annotate", "flc", "a", "looked=at");
    if (stage == OperationStage.Starting) {
      // A job that is let run before may complete a checkpoint that only a real pod looks for.
      scene.await("instead", s -> s.operation() != null && s.operation().epoch() == 3);
    }
    release();
    FlinkClusterStatus status = scene.awaitReady();
    assertThat(status.job().parallelism()).isEqualTo(3);
    assertThat(status.operations())
        .extracting(OperationRecord::result)
        .containsOnly(OperationResult.Succeeded, OperationResult.Superseded);
    scene.assertStateNeverLost();
  }

  /** A rescale to two that stays in this stage until it is released. */
  private void bringTo(OperationStage stage) {
    switch (stage) {
      case Preparing -> {
        scene.holdBack(2);
        scene.scale(2);
      }
      case Savepointing -> {
        fake.savepointsTake(Duration.ofSeconds(3));
        scene.scale(2);
      }
      case Stopping -> {
        scene.kubelet.problem(
            ClusterFixture.pod(Component.JOB_MANAGER, 1), FakeKubelet.PodProblem.NEVER_GOES);
        scene.scale(2);
      }
      case Starting -> startThatHangs(2);
      default -> throw new IllegalArgumentException(stage.name());
    }
    scene.awaitStage(stage);
  }

  private void release() {
    scene.kubelet.heal();
    fake.jobs(FakeCluster.Jobs.RUN);
  }

  @Nested
  class ANewSpecThatDoesNotStart {
    @Test
    void becauseItsJobManagerCrashesIsRolledBack() {
      scene.apply("");
      scene.awaitReady();
      scene.kubelet.problem(
          ClusterFixture.pod(Component.JOB_MANAGER, 2), FakeKubelet.PodProblem.CRASH_LOOP);
      scene.patch("{'spec': {'image': 'flink:2.3-broken'}}");
      OperationRecord record = scene.awaitResult(OperationResult.RolledBack);
      assertThat(record.message()).contains("exited with code 1");
      rolledBack(record.savepoint());
    }

    @Test
    void byTheDeadlineIsRolledBack() {
      scene.apply("");
      scene.awaitReady();
      fake.jobs(FakeCluster.Jobs.STAY_CREATED);
      scene.patch("{'spec': {'image': 'flink:2.3-slow'}}");
      scene.awaitStage(OperationStage.Starting);
      scene.clock.forward(LATE);
      OperationRecord record = scene.awaitResult(OperationResult.RolledBack);
      scene.await("the start of what ran before", s -> s.launch().epoch() == 3);
      fake.jobs(FakeCluster.Jobs.RUN);
      assertThat(record.message()).contains("changeTimeout");
      rolledBack(record.savepoint());
    }

    @Test
    void becauseItsJobManagerCannotComeUpIsGivenUpBeforeTheJobIsStopped() {
      scene.apply("");
      FlinkClusterStatus before = scene.awaitReady();
      scene.kubelet.problem(
          ClusterFixture.pod(Component.JOB_MANAGER, 2), FakeKubelet.PodProblem.IMAGE_PULL_BACK_OFF);
      scene.patch("{'spec': {'image': 'flink:nope'}}");
      scene.await("the reason", s -> ClusterFixture.message(s, "Ready").contains("flink:nope"));
      scene.clock.forward(Duration.ofSeconds(21));
      assertThat(scene.awaitResult(OperationResult.Abandoned).message()).contains("flink:nope");
      assertUntouched(before);
      assertThat(fake.stopsByTrigger()).isEmpty();
    }

    @Test
    void becauseTheStateDoesNotFitIsRolledBackAndNotTriedAgain() {
      scene.apply("");
      scene.awaitReady();
      fake.unfit(epoch -> epoch == 2);
      scene.patch("{'spec': {'image': 'flink:2.3-other'}}");
      OperationRecord record = scene.awaitResult(OperationResult.RolledBack);
      assertThat(record.message()).contains("Cannot map checkpoint/savepoint state");
      rolledBack(record.savepoint());
      scene.replaceOperator();
      scene.patch("{'metadata': {'labels': {'looked': 'at'}}}");
      scene.clock.forward(LATE);
      scene.awaitStalled("RolledBack");
      assertThat(fake.starts()).hasSize(3);
      scene.patch("{'spec': {'image': 'flink:2.3-mended'}}");
      assertThat(scene.awaitReady().launch().epoch()).isEqualTo(4);
      scene.assertStateNeverLost();
    }

    private void rolledBack(String savepoint) {
      FlinkClusterStatus status = scene.awaitStalled("RolledBack");
      assertThat(status.launch().epoch()).isEqualTo(3);
      assertThat(status.launch().restoredFrom()).isEqualTo(savepoint).contains("/savepoints/");
      assertThat(status.phase()).isEqualTo(Phase.Running);
      assertThat(ClusterFixture.message(status, "Stalled")).contains("spec changes");
      assertThat(scene.pods(Component.JOB_MANAGER).get(0).getSpec().getContainers().get(0))
          .extracting(c -> c.getImage())
          .isEqualTo("flink:2.3");
      scene.assertStateNeverLost();
    }

    @Test
    void staysStoppedWithoutRollbackAndGoesOnFromTheSavepointWhenItIsMended() {
      scene.apply("rollback: false");
      scene.awaitReady();
      fake.unfit(epoch -> epoch == 2);
      scene.patch("{'spec': {'image': 'flink:2.3-other'}}");
      FlinkClusterStatus status = scene.awaitStalled("OperationFailed");
      assertThat(status.phase()).isEqualTo(Phase.Failed);
      assertThat(ClusterFixture.message(status, "Stalled"))
          .contains("Cannot map checkpoint/savepoint state", "flinkcluster.io/restart");
      scene.replaceOperator();
      scene.clock.forward(LATE);
      scene.awaitStalled("OperationFailed");
      await().atMost(ClusterFixture.LONG).until(() -> scene.pods(Component.JOB_MANAGER).isEmpty());
      assertThat(fake.starts()).hasSize(2);
      scene.patch("{'spec': {'image': 'flink:2.3-mended'}}");
      assertThat(scene.awaitReady().launch().restoredFrom()).contains("/savepoints/");
      scene.assertStateNeverLost();
    }
  }

  @Nested
  class AnImpossibleSize {
    @Test
    void isRefusedBeforeAnythingIsTouched() {
      scene.apply(", parallelism: 1, maxParallelism: 4", "");
      FlinkClusterStatus before = scene.awaitReady();
      refused("{'job': {'parallelism': 2}}", "slots");
      refused("{'job': {'parallelism': 5}, 'taskManager': {'replicas': 5}}", "maxParallelism");
      refused("{'job': {'maxParallelism': 8}}", "maxParallelism");
      assertUntouched(before);
      assertThat(scene.status().operations()).hasSize(1);
    }

    /** By the API server or, where it needs more than the schema, by the operator. */
    private void refused(String spec, String why) {
      String merge = ("{'spec': " + spec + "}").replace('\'', '"');
      var answer = scene.namespace.kubectl().run("patch", "flc", "a", "--type=merge", "-p", merge);
      assertThat(answer.code()).as(spec).isNotZero();
      assertThat(answer.output()).contains(why);
    }

    @Test
    void thatTheQuotaForbidsLeavesTheSameJobRunning() {
      scene.apply("");
      FlinkClusterStatus before = scene.awaitReady();
      scene.namespace.kubectl().ok("create", "quota", "few", "--hard=pods=3");
      awaitQuota();
      scene.scale(4);
      scene.await("the reason", s -> ClusterFixture.message(s, "Ready").contains("exceeded quota"));
      scene.clock.forward(Duration.ofMinutes(5));
      scene.awaitStage(OperationStage.Preparing);
      scene.clock.forward(LATE);
      assertThat(scene.awaitResult(OperationResult.Abandoned).message()).contains("exceeded quota");
      scene.awaitStalled("RolledBack");
      assertUntouched(before);
      assertThat(fake.stopsByTrigger()).isEmpty();
      await()
          .atMost(ClusterFixture.LONG)
          .until(() -> scene.pods(Component.TASK_MANAGER).size() == 1);
    }

    @Test
    void forOldAndNewTogetherGoesOnOneAfterTheOther() {
      scene.apply("");
      scene.awaitReady();
      scene.namespace.kubectl().ok("create", "quota", "few", "--hard=pods=3");
      awaitQuota();
      scene.scale(2);
      scene.await("the reason", s -> ClusterFixture.message(s, "Ready").contains("exceeded quota"));
      scene.clock.forward(Duration.ofMinutes(3));
      FlinkClusterStatus status = scene.awaitReady();
      assertThat(status.job().parallelism()).isEqualTo(2);
      scene.assertStateNeverLost();
    }

    private void awaitQuota() {
      await("the quota counts")
          .atMost(ClusterFixture.LONG)
          .until(
              () ->
                  scene
                      .namespace
                      .kubectl()
                      .ok("get", "quota", "few", "-o", "jsonpath={.status.used.pods}")
                      .equals("2"));
    }

    @Test
    void thatNoNodeHasRoomForLeavesTheSameJobRunning() {
      scene.apply("");
      FlinkClusterStatus before = scene.awaitReady();
      scene.holdBack(2);
      scene.scale(2);
      scene.await(
          "the reason", s -> ClusterFixture.message(s, "Ready").contains("Insufficient cpu"));
      scene.clock.forward(LATE);
      assertThat(scene.awaitResult(OperationResult.Abandoned).message())
          .contains("Insufficient cpu");
      assertUntouched(before);
      assertThat(fake.stopsByTrigger()).isEmpty();
    }
  }

  @Nested
  class ADeletion {
    @Test
    void endsWithADeadJobManagerAndRemembersTheNewestCheckpoint() {
      scene.apply("");
      scene.awaitReady();
      String newest = scene.noMoreCheckpoints().restorePoint().path();
      fake.rest(FakeCluster.Rest.HANGS);
      scene.delete();
      scene.await("asking", s -> s.operation() != null);
      scene.clock.forward(LATE);
      scene.awaitGone();
      assertThat(scene.finalSavepoint()).contains(newest);
    }

    @Test
    void endsAtTheDeadlineWithASavepointThatHangs() {
      scene.apply("");
      scene.awaitReady();
      String newest = scene.noMoreCheckpoints().restorePoint().path();
      fake.savepoints(FakeCluster.Savepoints.HANG);
      scene.delete();
      scene.await("asked", s -> !fake.stopsByTrigger().isEmpty());
      assertThat(scene.cluster()).isNotNull();
      scene.clock.forward(LATE);
      scene.awaitGone();
      assertThat(scene.finalSavepoint()).contains(newest);
      await().atMost(ClusterFixture.LONG).until(() -> events().contains(newest));
    }

    @Test
    void thatIsToCancelTakesNoSavepointAndLeavesNothing() {
      scene.apply(", onDelete: Cancel", HA);
      scene.awaitReady();
      scene.delete();
      scene.awaitGone();
      assertThat(fake.stopsByTrigger()).isEmpty();
      assertThat(scene.finalSavepoint()).isEmpty();
      assertNothingLeft();
    }

    @Test
    void ofTheNamespaceEnds() {
      scene.apply("");
      scene.awaitReady();
      scene.client().namespaces().withName(scene.namespace.name()).delete();
      await("the namespace is gone")
          .atMost(ClusterFixture.LONG)
          .until(() -> scene.client().namespaces().withName(scene.namespace.name()).get() == null);
    }

    @Test
    void letsGoOfAPodOfADeadNodeAndItsSuccessorWaitsForThatPod() {
      scene.apply("");
      scene.awaitReady();
      scene.kubelet.problem(
          ClusterFixture.pod(Component.JOB_MANAGER, 1), FakeKubelet.PodProblem.NEVER_GOES);
      scene.delete();
      String pod = scene.pods(Component.JOB_MANAGER).get(0).getMetadata().getName();
      scene.await(
          "the pod is named", s -> ClusterFixture.message(s, "Ready").contains("Pod " + pod));
      scene.clock.forward(LATE);
      scene.awaitGone();
      await().atMost(ClusterFixture.LONG).until(() -> warnings().contains("Pod " + pod));
      String path = scene.finalSavepoint().orElseThrow();
      scene.apply(", initialSavepoint: \"" + path + "\"", "");
      FlinkClusterStatus waiting =
          scene.await(
              "it waits for the pod",
              s -> ClusterFixture.message(s, "Ready").contains("must wait until Pod " + pod));
      assertThat(ClusterFixture.message(waiting, "Ready")).contains("--force --grace-period=0");
      assertThat(ClusterFixture.is(waiting, "Stalled")).isFalse();
      assertThat(fake.starts()).hasSize(1);
      scene.kubelet.heal();
      assertThat(scene.awaitReady().launch().restoredFrom()).isEqualTo(path);
      scene.assertStateNeverLost();
    }

    @Test
    void letsGoOfAnObjectThatAForeignFinalizerHolds() {
      scene.apply("ingress: {host: a.example.com}");
      scene.awaitReady();
      holdIngress("[\"example.com/dns\"]");
      scene.delete();
      scene.await(
          "it is named",
          s -> ClusterFixture.message(s, "Ready").contains("finalizer example.com/dns"));
      scene.clock.forward(LATE);
      scene.awaitGone();
      await().atMost(ClusterFixture.LONG).until(() -> warnings().contains("example.com/dns"));
      holdIngress("null");
    }

    private void holdIngress(String finalizers) {
      String merge = "{\"metadata\":{\"finalizers\":" + finalizers + "}}";
      String name = scene.namespace.kubectl().ok("get", "ingress", "-o", "name").strip();
      scene.namespace.kubectl().ok("patch", name, "--type=merge", "-p", merge);
    }

    private String events() {
      return scene.namespace.kubectl().ok("get", "events", "-o", "jsonpath={.items[*].message}");
    }

    private String warnings() {
      return scene
          .namespace
          .kubectl()
          .ok(
              "get",
              "events",
              "--field-selector=type=Warning",
              "-o",
              "jsonpath={.items[*].message}");
    }

    @Test
    void ofAChangeUnderWayKeepsTheSavepointOfTheChange() {
      scene.apply("");
      scene.awaitReady();
      startThatHangs(2);
      String savepoint = scene.status().launch().restoredFrom();
      scene.delete();
      scene.clock.forward(LATE);
      scene.awaitGone();
      assertThat(scene.finalSavepoint()).contains(savepoint);
      assertNothingLeft();
    }

    @Test
    void tellsThePathAndIsContinuedByAClusterOfTheSameName() {
      scene.apply("");
      scene.awaitReady();
      scene.delete();
      scene.awaitGone();
      String path = scene.finalSavepoint().orElseThrow();
      assertThat(path).contains("/savepoints/");
      await().atMost(ClusterFixture.LONG).until(() -> events().contains(path));
      assertNothingLeft();
      scene.apply("");
      FlinkClusterStatus stalled = scene.awaitStalled("NoRestorePoint");
      assertThat(ClusterFixture.message(stalled, "Stalled")).contains(path, "job.initialSavepoint");
      assertThat(fake.starts()).hasSize(1);
      scene.apply(", initialSavepoint: \"" + path + "\"", "");
      assertThat(scene.awaitReady().launch().restoredFrom()).isEqualTo(path);
      scene.assertStateNeverLost();
    }

    @Test
    void removesFlinksRecoveryDataWithoutAJobManagerAndAgainForTheNextOfItsName() {
      for (int life = 1; life <= 2; life++) {
        scene.apply(", onDelete: Cancel", HA);
        scene.awaitReady();
        String id = scene.recoveryData();
        assertThat(scene.kubelet.done()).as("nothing is removed while it runs").hasSize(life - 1);
        fake.rest(FakeCluster.Rest.HANGS);
        scene.kubelet.problem(
            ClusterFixture.pod(Component.JOB_MANAGER, 1), FakeKubelet.PodProblem.UNSCHEDULABLE);
        scene.lose(Component.JOB_MANAGER);
        scene.delete();
        scene.awaitGone();
        assertThat(scene.namespace.kubectl().ok("get", "cm", "-l", "app=" + id, "-o", "name"))
            .as("life %d", life)
            .isEmpty();
        assertThat(scene.kubelet.done())
            .as("what removes its files")
            .hasSize(life)
            .last()
            .asInstanceOf(InstanceOfAssertFactories.LIST)
            .contains("--remove")
            .anyMatch(arg -> arg.toString().endsWith("/" + id.replaceFirst("1$", "")));
        scene.kubelet.heal();
        fake.rest(FakeCluster.Rest.ANSWERS);
      }
    }

    private void assertNothingLeft() {
      String left =
          scene
              .namespace
              .kubectl()
              .ok(
                  "get",
                  "deploy,rs,pod,svc,netpol,pdb,cm",
                  "-l",
                  "flinkcluster.io/cluster=a",
                  "-o",
                  "name");
      assertThat(left.lines().filter(l -> !l.endsWith("-final-savepoint")).toList()).isEmpty();
    }
  }
}
