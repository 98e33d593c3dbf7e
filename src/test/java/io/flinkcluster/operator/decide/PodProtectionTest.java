package io.flinkcluster.operator.decide;

import static io.flinkcluster.operator.model.Labels.DO_NOT_DISRUPT;
import static io.flinkcluster.operator.model.Labels.PROTECTED;
import static io.flinkcluster.operator.model.Labels.SAFE_TO_EVICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedPod.Preparation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When pods are to keep their nodes, and which annotations of theirs are the operator's. */
class PodProtectionTest {
  private static final Map<String, String> NONE = Map.of();
  private static final Map<String, String> OURS =
      Map.of(
          PROTECTED, DO_NOT_DISRUPT + " " + SAFE_TO_EVICT,
          DO_NOT_DISRUPT, "true",
          SAFE_TO_EVICT, "false");

  private static Optional<Action.ProtectPods> protection(Decision decision) {
    return decision.actions().stream()
        .filter(Action.ProtectPods.class::isInstance)
        .map(Action.ProtectPods.class::cast)
        .findFirst();
  }

  private static Action.ProtectPods.Pod pod(String name, String... keys) {
    return new Action.ProtectPods.Pod(name, "uid-" + name, List.of(keys));
  }

  private static Action.ProtectPods.Pod both(String name) {
    return pod(name, DO_NOT_DISRUPT, SAFE_TO_EVICT);
  }

  private static DecisionScenario running() {
    return DecisionScenario.stateful().running().annotated("jm-1", NONE).annotated("tm-1", NONE);
  }

  private static DecisionScenario preparing() {
    DecisionScenario stage = running().specWith("taskManager: {replicas: 2}");
    stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Preparing);
    return stage;
  }

  /** What runs is marked; of the next start all is up, and not told yet. */
  private static DecisionScenario prepared() {
    DecisionScenario stage = preparing().annotated("jm-1", OURS).annotated("tm-1", OURS);
    stage.pod(Component.TASK_MANAGER, 2, "tm-2a").pod(Component.TASK_MANAGER, 2, "tm-2b");
    return stage.annotated("jm-2", NONE).annotated("tm-2a", NONE).annotated("tm-2b", NONE);
  }

  @Test
  void nothingIsPutOnAtRestOrWhileTheFirstStartComesUp() {
    DecisionScenario first = DecisionScenario.stateful();
    first.settle();
    first.gatedPod(1, "jm-1").pod(Component.TASK_MANAGER, 1, "tm-1").annotated("tm-1", NONE);
    assertThat(protection(first.settle())).isEmpty();
    assertThat(protection(running().settle())).isEmpty();
  }

  @Test
  void whatRunsIsToldWhenAChangeBegins() {
    assertThat(protection(preparing().settle()))
        .contains(new Action.ProtectPods(true, List.of(both("jm-1"), both("tm-1"))));
  }

  @Test
  void thePodsOfTheNextStartAreToldBeforeTheJobIsStopped() {
    DecisionScenario stage = prepared();
    Decision decision = stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Savepointing);
    assertThat(protection(decision).orElseThrow().pods())
        .containsExactlyInAnyOrder(both("jm-2"), both("tm-2a"), both("tm-2b"));
    assertThat(decision.actions().get(0))
        .as("Flink is asked first")
        .isInstanceOf(Action.StopWithSavepoint.class);
  }

  @Test
  void aPodThatDoesNotRunYetIsToldWhenItDoes() {
    DecisionScenario stage = preparing().annotated("jm-1", OURS).annotated("tm-1", OURS);
    stage.preparedPod(2, "jm-2", Preparation.COMING_UP).annotated("jm-2", NONE);
    assertThat(protection(stage.settle())).isEmpty();
    stage.preparation("jm-2", Preparation.LOADING);
    assertThat(protection(stage.settle()).orElseThrow().pods()).containsExactly(both("jm-2"));
  }

  @Test
  void nothingIsAskedForWhileTheJobIsDownAndWhatComesUpThenIsTold() {
    DecisionScenario stage = prepared();
    stage.settle();
    stage.job("FINISHED", Optional.empty(), 1).savepointCompleted();
    assertThat(protection(stage.settle())).isEmpty();
    assertThat(stage.stage()).isEqualTo(OperationStage.Stopping);
    stage.jobManagersGone().settle();
    stage.jobManagersBack().gatedPod(2, "jm-2").settle();
    stage.pod(Component.JOB_MANAGER, 2, "jm-2").annotated("jm-2", NONE);
    Decision decision = stage.settle();
    assertThat(stage.stage()).isEqualTo(OperationStage.Starting);
    assertThat(protection(decision).orElseThrow().pods()).contains(both("jm-2"));
  }

  @Test
  void itIsTakenOffWhenTheOperationHasEnded() {
    DecisionScenario stage = running().annotated("jm-1", OURS).annotated("tm-1", OURS);
    assertThat(protection(stage.settle()))
        .contains(new Action.ProtectPods(false, List.of(both("jm-1"), both("tm-1"))));
    stage.annotated("jm-1", NONE).annotated("tm-1", NONE);
    assertThat(protection(stage.settle())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false", "30m"})
  void aKeyThatSomebodyElseHasSetIsLeftAlone(String value) {
    DecisionScenario stage = preparing().annotated("jm-1", OURS);
    stage.annotated("tm-1", Map.of(DO_NOT_DISRUPT, value));
    assertThat(protection(stage.settle()).orElseThrow().pods())
        .containsExactly(pod("tm-1", SAFE_TO_EVICT));
    stage.annotated("tm-1", Map.of(DO_NOT_DISRUPT, value, SAFE_TO_EVICT, value));
    assertThat(protection(stage.settle())).isEmpty();

    DecisionScenario rest = running();
    rest.annotated("tm-1", Map.of(DO_NOT_DISRUPT, value, SAFE_TO_EVICT, "false"));
    assertThat(protection(rest.settle())).as("no mark of the operator's").isEmpty();
    rest.annotated(
        "tm-1", Map.of(PROTECTED, SAFE_TO_EVICT, SAFE_TO_EVICT, "false", DO_NOT_DISRUPT, value));
    assertThat(protection(rest.settle()).orElseThrow().pods())
        .containsExactly(pod("tm-1", SAFE_TO_EVICT));
  }

  @Test
  void whatSomebodyHasChangedSinceStaysAndTheMarkGoes() {
    DecisionScenario stage =
        running().annotated("tm-1", Map.of(PROTECTED, DO_NOT_DISRUPT, DO_NOT_DISRUPT, "1h"));
    assertThat(protection(stage.settle()).orElseThrow().pods()).containsExactly(pod("tm-1"));
  }

  @Test
  void aPodThatIsBeingDeletedIsLeftAlone() {
    DecisionScenario stage = running();
    stage.ending("jm-1", Duration.ofSeconds(1), "sidecar").annotated("jm-1", OURS);
    assertThat(protection(Decider.decide(stage.situation()))).isEmpty();
  }

  @Test
  void aPlanAndASavepointByScheduleTakeItOffAndPutNothingOn() {
    DecisionScenario plan = running().planOnly(true).specWith("taskManager: {replicas: 2}");
    assertThat(protection(plan.settle())).isEmpty();
    assertThat(plan.stage()).isEqualTo(OperationStage.Planned);
    plan.annotated("tm-1", OURS);
    assertThat(protection(plan.settle()).orElseThrow().on()).isFalse();

    String storage = "storage: {baseURI: \"s3://bucket/flink\"";
    DecisionScenario scheduled =
        new DecisionScenario(running().yaml().replace(storage, storage + ", savepointInterval: 1h"))
            .running();
    scheduled.elapse(Duration.ofHours(2)).job("RUNNING", Optional.empty(), 2);
    scheduled.annotated("tm-1", NONE);
    Decision decision = scheduled.settle();
    assertThat(scheduled.operation().type()).isEqualTo(OperationType.Savepoint);
    assertThat(protection(decision)).isEmpty();
  }

  @Test
  void aSavepointThatWasAskedForIsProtected() {
    DecisionScenario stage = running().savepointToken("one");
    Decision decision = stage.settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Savepoint);
    assertThat(protection(decision).orElseThrow().on()).isTrue();
  }

  @Test
  void anOperationThatDoesNotEndKeepsNoNodeForEver() {
    DecisionScenario stage = DecisionScenario.stateful().running().noPod("jm-1");
    stage.settle();
    stage.jobManagersGone().settle();
    stage.comesUp(2).pod(Component.TASK_MANAGER, 2, "tm-2").annotated("tm-2", OURS);
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    assertThat(protection(stage.settle())).isEmpty();
    Decision late = stage.elapse(Duration.ofMinutes(11)).settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Recovery);
    assertThat(protection(late).orElseThrow().on()).isFalse();
  }

  @Test
  void aHundredPodsAreToldInSeveralLooks() {
    DecisionScenario stage = preparing();
    IntStream.range(0, 100)
        .mapToObj(i -> "tm-1-" + i)
        .forEach(p -> stage.pod(Component.TASK_MANAGER, 1, p).annotated(p, NONE));
    Decision decision = stage.settle();
    List<Action.ProtectPods.Pod> told = protection(decision).orElseThrow().pods();
    assertThat(told).hasSize(25);
    told.forEach(p -> stage.annotated(p.name(), OURS));
    assertThat(protection(stage.settle()).orElseThrow().pods())
        .hasSize(25)
        .doesNotContainAnyElementsOf(told);
  }
}
