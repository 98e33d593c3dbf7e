package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.UnregisteredPod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** TaskManagers whose pod is ready and whom the JobManager does not know. */
class UnregisteredPodsTest {
  private static final Duration STATED = Duration.ofMinutes(3);

  /** A job on two TaskManagers, of which the first does not answer any more. */
  private static DecisionScenario hanging() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(stage.yaml() + "taskManager: {replicas: 2}\n").running();
    stage.elapse(Duration.ofMinutes(1)).readySince("jm-1", Duration.ofMinutes(1));
    stage.readySince("tm-1", Duration.ofMinutes(1)).readySince("tm-2", Duration.ofMinutes(1));
    return stage;
  }

  private static DecisionScenario restarting(DecisionScenario stage, String... registered) {
    return stage.job("RESTARTING", Optional.empty(), 1).registered(registered);
  }

  private static List<UnregisteredPod> seen(DecisionScenario stage) {
    return stage.recorded().unregistered();
  }

  @Test
  void areNamedWhileTheJobDoesNotRunAndReplacedAfterTheStatedTime() {
    DecisionScenario stage = hanging();
    Decision decision = restarting(stage, "tm-2").settle();
    assertThat(seen(stage)).extracting(UnregisteredPod::pod).containsExactly("tm-1");
    assertThat(decision.actions()).isEmpty();
    assertThat(decision.causes().get(0).reason()).isEqualTo(Reason.TaskManagerNotRegistered);
    assertThat(decision.causes().get(0).message()).contains("tm-1", "is replaced at");

    stage.elapse(STATED.minusSeconds(1));
    decision = restarting(stage, "tm-2").settle();
    assertThat(decision.actions()).isEmpty();
    assertThat(decision.lookAgain()).isLessThanOrEqualTo(Duration.ofSeconds(1));

    stage.elapse(Duration.ofSeconds(1));
    decision = restarting(stage, "tm-2").settle();
    assertThat(decision.actions()).containsExactly(new Action.ReplacePod("tm-1", "uid-tm-1"));
    assertThat(decision.causes().get(0).message()).contains("tm-1", "is being replaced");

    stage.noPod("tm-1");
    decision = restarting(stage, "tm-2").settle();
    assertThat(seen(stage)).isEmpty();
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void areReplacedOneAtATime() {
    DecisionScenario stage = hanging();
    restarting(stage).settle();
    stage.elapse(STATED);
    Decision decision = restarting(stage).settle();
    assertThat(decision.actions()).hasSize(1);
    assertThat(seen(stage)).filteredOn(p -> p.replacedAt() != null).hasSize(1);
  }

  @Test
  void areCountedAnewWhenTheyWereRegisteredOrTheJobManagerWasNotHeard() {
    DecisionScenario stage = hanging();
    restarting(stage, "tm-2").settle();
    stage.elapse(STATED);
    restarting(stage, "tm-1", "tm-2").settle();
    assertThat(seen(stage)).isEmpty();
    assertThat(restarting(stage, "tm-2").settle().actions()).isEmpty();
    stage.elapse(STATED).flinkSilent().settle();
    assertThat(seen(stage)).isEmpty();
    assertThat(restarting(stage, "tm-2").settle().actions()).isEmpty();
  }

  @Test
  void areNotThoseThatHaveJustStarted() {
    DecisionScenario stage = hanging();
    stage.readySince("tm-1", Duration.ofSeconds(29));
    restarting(stage, "tm-2").settle();
    assertThat(seen(stage)).isEmpty();
    stage = hanging().readySince("jm-1", Duration.ofSeconds(29));
    restarting(stage, "tm-2").settle();
    assertThat(seen(stage)).as("of a JobManager that has just started").isEmpty();
  }

  @Test
  void doNotMakeAJobUnreadyThatRunsWithoutThem() {
    DecisionScenario stage = hanging();
    Decision decision = stage.job("RUNNING", Optional.empty(), 1).registered("tm-2").settle();
    assertThat(seen(stage)).hasSize(1);
    assertThat(decision.causes()).isEmpty();
  }

  @Test
  void areReplacedWhileAStartWaitsForThem() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.settle();
    stage.gatedPod(1, "jm-1").settle();
    stage.pod(io.flinkcluster.operator.model.Component.JOB_MANAGER, 1, "jm-1");
    stage.pod(io.flinkcluster.operator.model.Component.TASK_MANAGER, 1, "tm-1");
    stage.elapse(Duration.ofMinutes(1)).readySince("tm-1", Duration.ofMinutes(1));
    stage.readySince("jm-1", Duration.ofMinutes(1));
    stage.job("CREATED", Optional.empty(), 0).registered().settle();
    stage.elapse(STATED);
    Decision decision = stage.job("CREATED", Optional.empty(), 0).registered().settle();
    assertThat(decision.actions()).containsExactly(new Action.ReplacePod("tm-1", "uid-tm-1"));
  }

  @Test
  void ofASessionClusterAreNamedAndReplacedToo() {
    DecisionScenario stage =
        new DecisionScenario("flinkVersion: \"2.3\"\nimage: flink:2.3\n").sessionRunning();
    stage.elapse(Duration.ofMinutes(1)).readySince("tm-1", Duration.ofMinutes(1));
    stage.readySince("jm-1", Duration.ofMinutes(1));
    Decision decision = stage.sessionAnswers().registered().settle();
    assertThat(decision.causes().get(0).reason()).isEqualTo(Reason.TaskManagerNotRegistered);
    stage.elapse(STATED);
    decision = stage.sessionAnswers().registered().settle();
    assertThat(decision.actions()).containsExactly(new Action.ReplacePod("tm-1", "uid-tm-1"));
  }
}
