package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.fact.JobManagerState;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one JobManager pod that may run a start can run it no longer, in every state. */
class JobManagerLossTest {
  private static final String TWO = "taskManager: {replicas: 2}";
  private static final String IN_PLACE = "rescale: {mode: InPlace}\n";

  private static OperationRecord last(DecisionScenario stage) {
    return stage.recorded().operations().get(0);
  }

  private static JobManagerState state(DecisionScenario stage) {
    return JobManagerState.of(stage.situation(), stage.launch());
  }

  private static void recovers(DecisionScenario stage) {
    stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    assertThat(stage.operation().triggerKind()).isEqualTo(TriggerKind.JobManagerLost);
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
  }

  private static DecisionScenario stateless() {
    String stateful = DecisionScenario.stateful().yaml();
    return new DecisionScenario(stateful.replace("a.jar\"}", "a.jar\", upgradeMode: Stateless}"));
  }

  @Nested
  class IsSeenFromPositiveEvidence {
    @Test
    void ofEveryState() {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.settle();
      assertThat(state(stage)).isEqualTo(JobManagerState.NeverStarted);
      stage.gatedPod(1, "jm-1");
      assertThat(state(stage)).isEqualTo(JobManagerState.NeverStarted);
      stage.settle();
      assertThat(state(stage)).isEqualTo(JobManagerState.MayRun);
      stage.pod(Component.JOB_MANAGER, 1, "jm-1");
      assertThat(state(stage)).isEqualTo(JobManagerState.Running);
      stage.noPod("jm-1").gatedPod(1, "another");
      assertThat(state(stage)).isEqualTo(JobManagerState.Lost);
      stage.settle();
      stage.jobManagersGone();
      assertThat(state(stage)).isEqualTo(JobManagerState.Gone);
    }

    @Test
    void alsoOfAPodThatWasEvictedAndIsStillListed() {
      DecisionScenario stage = DecisionScenario.stateful().running().evicted("jm-1");
      assertThat(state(stage)).isEqualTo(JobManagerState.Lost);
      stage.gatedPod(1, "jm-1b");
      recovers(stage);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-1");
    }

    @Test
    void alsoOfAContainerThatWasStartedASecondTimeInTheSamePod() {
      DecisionScenario stage = DecisionScenario.stateful().running();
      stage.pod(Component.JOB_MANAGER, 1, "jm-1", true, 1, Optional.empty());
      recovers(stage);
      stage.jobManagersGone().settle();
      assertThat(stage.launch().snapshotSearchDirectories())
          .containsExactly("s3://bucket/flink/ns/c/checkpoints/" + DecisionScenario.jobId(1));
    }
  }

  @Nested
  class GoesFirstWhileAChangeIsBegun {
    @Test
    void planned() {
      DecisionScenario stage = DecisionScenario.stateful().running().planOnly(true).specWith(TWO);
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Planned);
      recovers(stage.noPod("jm-1"));
      assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
      assertThat(last(stage).message()).contains("recovered first");
    }

    @Test
    void preparedAndTheChangeIsMadeAfterwards() {
      DecisionScenario stage = DecisionScenario.stateful().running().specWith(TWO);
      stage.settle();
      assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
      recovers(stage.noPod("jm-1"));
      assertThat(stage.operation().epoch()).isEqualTo(3);
      stage.jobManagersGone().settle();
      stage.comesUp(3);
      stage.job("RUNNING", Optional.of(stage.launch().restoredFrom()), 0).settle();
      assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
      assertThat(stage.operation().epoch()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Planned", "Preparing", "Resizing"})
    void inPlace(String at) {
      DecisionScenario stage = DecisionScenario.stateful();
      stage.spec(stage.yaml() + IN_PLACE).running();
      stage.scaled(1, 1).planOnly(at.equals("Planned")).specWith(TWO).settle();
      if (at.equals("Resizing")) {
        stage.pod(Component.TASK_MANAGER, 1, "tm-2").scaled(1, 1).settle();
      }
      assertThat(stage.stage()).isEqualTo(OperationStage.valueOf(at));
      assertThat(stage.operation().type()).isEqualTo(OperationType.RescaleInPlace);
      recovers(stage.noPod("jm-1"));
      assertThat(last(stage).result()).isEqualTo(OperationResult.Superseded);
    }
  }

  @Nested
  class OfAJobThatWasStartedStateless {
    @Test
    void keepsItsStateWhereTheSpecSaysSoByNow() {
      DecisionScenario stage = stateless();
      stage.running();
      stage.spec(DecisionScenario.stateful().yaml()).settle();
      assertThat(stage.recorded().operation()).as("no restart for it").isEmpty();
      stage.elapse(Duration.ofHours(3)).job("RUNNING", Optional.empty(), 99).settle();
      recovers(stage.noPod("jm-1"));
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).endsWith("/chk-99");
      assertThat(stage.launch().snapshotSearchDirectories()).hasSize(1);
    }

    @Test
    void beginsEmptyWhereTheSpecStillSaysSo() {
      DecisionScenario stage = stateless();
      stage.running();
      recovers(stage.noPod("jm-1"));
      stage.jobManagersGone().settle();
      assertThat(stage.launch().restoredFrom()).isNull();
      assertThat(stage.launch().snapshotSearchDirectories()).isNull();
    }

    @Test
    void andHasFinishedDoesNotRunAgainWhenItsPodIsReplaced() {
      DecisionScenario stage = stateless();
      stage.running();
      stage.job("FINISHED", Optional.empty(), 1).settle();
      stage.noPod("jm-1").gatedPod(1, "jm-1b").flinkSilent();
      Decision decision = stage.settle();
      assertThat(decision.phase()).isEqualTo(Phase.Finished);
      assertThat(decision.actions()).as("no gate is removed").isEmpty();
      assertThat(decision.runs()).isEmpty();
    }
  }

  @Nested
  class ThatMayNotBeLookedInto {
    private DecisionScenario on(String storage) {
      return new DecisionScenario(
          DecisionScenario.stateful().yaml().replace("s3://bucket/flink", storage));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdfs://n/flink", "gs://b/flink", "abfs://c@a/flink"})
    void doesNotStartFromAPointThatMayBeTooOld(String storage) {
      DecisionScenario stage = on(storage).running();
      recovers(stage.noPod("jm-1"));
      Decision decision = stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(1);
      assertThat(decision.causes().get(0).stalled()).isTrue();
      assertThat(decision.causes().get(0).message())
          .contains(storage + "/ns/c/checkpoints/" + DecisionScenario.jobId(1), "chk-1");
      String stateless = stage.yaml().replace("a.jar\"}", "a.jar\", upgradeMode: Stateless}");
      stage.spec(stateless).settle();
      assertThat(stage.launch().epoch()).isGreaterThan(1);
      assertThat(stage.launch().restoredFrom()).isNull();
    }

    @Test
    void isNoMatterWhereFlinkToldTheLastPoint() {
      DecisionScenario stage = on("gs://b/flink").running().specWith(TWO);
      stage.settle();
      stage.pod(Component.TASK_MANAGER, 2, "a").pod(Component.TASK_MANAGER, 2, "b").settle();
      stage.savepointCompleted().job("FINISHED", Optional.empty(), 1).settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
      assertThat(stage.launch().restoredFrom()).endsWith("/savepoint-1");
    }

    @Test
    void isNoMatterWhereNoContainerWasEverStarted() {
      DecisionScenario stage = on("gs://b/flink");
      stage.settle();
      stage.gatedPod(1, "jm-1").settle();
      var pull =
          new ObservedPod.PodProblem(
              io.flinkcluster.operator.api.Reason.ImagePullFailed, "no such image");
      stage.pod(Component.JOB_MANAGER, 1, "jm-1", false, 0, Optional.of(pull)).settle();
      stage.spec(stage.yaml().replace("image: flink:2.3", "image: flink:2.3.0")).settle();
      stage.jobManagersGone().settle();
      assertThat(stage.launch().epoch()).isEqualTo(2);
    }
  }
}
