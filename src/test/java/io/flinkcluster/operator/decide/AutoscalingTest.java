package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.EvaluationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.fact.Autoscaling;
import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The size of a job that follows its load. */
class AutoscalingTest {
  private static final String RECOMMEND = "autoscaling: {mode: Recommend, maxReplicas: 8}\n";
  private static final String APPLY = "autoscaling: {mode: Apply, maxReplicas: 8}\n";
  private static final String IN_PLACE = "rescale: {mode: InPlace}\n";

  private static DecisionScenario running(String lines) {
    DecisionScenario stage = new DecisionScenario(DecisionScenario.stateful().yaml() + lines);
    return stage.running().elapse(Duration.ofMinutes(5));
  }

  /** So busy is the map; so many records a second are read, and so many more come in. */
  private static Function<Instant, List<LoadSample>> load(double busy, double growth) {
    return now -> {
      var samples = new ArrayList<LoadSample>();
      for (int i = 16; i >= 0; i--) {
        long lag = growth > 0 ? Math.round(growth * 15 * (17 - i)) : 0;
        samples.add(
            new LoadSample(
                now.minusSeconds(15L * i),
                Duration.ofSeconds(15),
                0,
                List.of(
                    vertex("a".repeat(32), List.of(), 0.1, busy < 1 ? 0 : 0.9, lag),
                    vertex("b".repeat(32), List.of("a".repeat(32)), busy, 0, -1))));
      }
      return samples;
    };
  }

  private static LoadSample.Vertex vertex(
      String id, List<String> inputs, double busy, double pressed, long lag) {
    return new LoadSample.Vertex(
        id,
        inputs.isEmpty() ? "Source: in" : "map",
        inputs,
        1,
        720,
        busy,
        Math.max(0, 1 - busy - pressed),
        pressed,
        1000,
        1000,
        lag < 0 ? OptionalLong.empty() : OptionalLong.of(lag),
        OptionalInt.empty());
  }

  private static AutoscalingStatus told(DecisionScenario stage) {
    return stage.recorded().autoscaling().orElseThrow();
  }

  private static EvaluationStatus newest(DecisionScenario stage) {
    return told(stage).evaluations().get(0);
  }

  @Test
  void isNotEvaluatedWhereNobodyAskedForIt() {
    DecisionScenario stage = running("").loads(load(1, 500));
    stage.settle();
    assertThat(stage.recorded().autoscaling()).isEmpty();
    stage.specWith("autoscaling: {mode: \"Off\"}").settle();
    assertThat(stage.recorded().autoscaling()).isEmpty();
    assertThat(stage.recorded().operation()).isEmpty();
  }

  @Test
  void isOnlyToldWhereItIsRecommended() {
    DecisionScenario stage = running(RECOMMEND).loads(load(1, 500));
    Decision decision = stage.settle();

    assertThat(newest(stage).rule()).isEqualTo("ScaleUp");
    assertThat(newest(stage).wanted()).isEqualTo(3); // 1500 / 0.7 / 1000
    assertThat(newest(stage).inputs()).contains("map: 1 task busy 100 %, each could read 1000/s");
    assertThat(told(stage).bottleneck()).contains("`map` is busy 100 %");
    assertThat(told(stage).lag().trend()).isEqualTo(500);
    assertThat(told(stage).chosen()).isNull();
    assertThat(told(stage).changes()).isNull();
    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(decision.lookAgain()).isLessThanOrEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void isWrittenAnewOnlyWhereItTellsSomethingNew() {
    DecisionScenario stage = running(RECOMMEND).loads(load(0.6, 0));
    stage.settle();
    var before = stage.recorded();
    assertThat(newest(stage).rule()).isEqualTo("Keep");
    stage.elapse(Duration.ofMinutes(1)).loads(load(0.61, 0)).settle();
    assertThat(stage.recorded()).isEqualTo(before);
    stage.elapse(Duration.ofMinutes(5)).loads(load(0.62, 0)).settle();
    assertThat(told(stage).evaluations()).hasSize(2); // and that of the start
    assertThat(newest(stage).since())
        .isEqualTo(before.autoscaling().get().evaluations().get(0).at());
    assertThat(newest(stage).inputs()).contains("62 %");
  }

  @Test
  void tellsTheLagOfNowAndNoneOfAnotherSize() {
    DecisionScenario stage = running(RECOMMEND).loads(load(1, 500));
    stage.settle();
    var evaluations = told(stage).evaluations();
    assertThat(told(stage).lag().records()).isEqualTo(127_500);
    stage.elapse(Duration.ofSeconds(20)).loads(load(1, 550)).settle(); // much the same
    assertThat(told(stage).lag().records()).isEqualTo(127_500);
    stage.elapse(Duration.ofSeconds(20)).loads(load(1, 700)).settle();
    assertThat(told(stage).lag().records()).isEqualTo(178_500);
    assertThat(told(stage).bottleneck()).contains("grows by 700 records/s");
    stage.elapse(Duration.ofSeconds(17)).restarting().settle();
    assertThat(told(stage).lag()).isNull();
    assertThat(told(stage).bottleneck()).isNull();
    assertThat(told(stage).evaluations()).isEqualTo(evaluations);
  }

  @Test
  void isAppliedInPlaceFromTheStatus() {
    DecisionScenario stage = running(IN_PLACE + APPLY).loads(load(1, 500));
    stage.settle();

    assertThat(told(stage).chosen().replicas()).isEqualTo(3);
    assertThat(told(stage).chosen().specReplicas()).isEqualTo(1);
    assertThat(told(stage).changes().get(0).rule()).isEqualTo("ScaleUp");
    assertThat(stage.operation().type()).isEqualTo(OperationType.RescaleInPlace);
    assertThat(stage.operation().triggerKind()).isEqualTo(TriggerKind.Autoscaling);
    assertThat(stage.operation().trigger())
        .contains("taskManager.replicas 1 → 3", "autoscaling, ScaleUp");
    assertThat(stage.operation().size().taskManagers()).isEqualTo(3);
    stage.elapse(Duration.ofSeconds(20)).settle();
    assertThat(told(stage).changes()).hasSize(1);
  }

  @Test
  void isAppliedBySavepointWhereTheSpecAllowsNothingElse() {
    DecisionScenario stage = running(APPLY).loads(load(1, 500));
    stage.settle();

    assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
    assertThat(stage.operation().triggerKind()).isEqualTo(TriggerKind.Autoscaling);
  }

  @Test
  void isTheCauseAlsoWhereItChoosesTheSizeOfTheSpec() {
    DecisionScenario stage = running(IN_PLACE + APPLY);
    assertThat(Autoscaling.cause(stage.situation())).isEmpty();
    var chosen = new AutoscalingStatus.Chosen(1, 1, "ScaleDown", "", null, 1, 1, 1);
    var status = new AutoscalingStatus(AutoscalingMode.Apply, chosen, null, null, null, null, null);
    var recorded = stage.recorded().withAutoscaling(Optional.of(status));
    assertThat(Autoscaling.cause(stage.situation().withRecorded(recorded)))
        .contains("autoscaling, ScaleDown");
  }

  @Test
  void restsOnNothingFromBeforeTheLastOperation() {
    DecisionScenario stage = new DecisionScenario(DecisionScenario.stateful().yaml() + RECOMMEND);
    stage.running().elapse(Duration.ofSeconds(70));
    // The clock of the JobManager is slow.
    Instant early = stage.situation().now().minus(Duration.ofMinutes(10));
    stage.withJob("tasksRunningSince", Optional.of(early)).loads(load(1, 500)).settle();
    assertThat(newest(stage).rule()).isEqualTo("TooFewSamples");
  }

  @Test
  void isNotJudgedWhileTheJobDoesNotRun() {
    DecisionScenario stage = running(APPLY).loads(load(1, 500)).restarting();
    stage.settle();

    assertThat(newest(stage).rule()).isEqualTo("NotNow");
    assertThat(stage.recorded().operation()).isEmpty();
  }

  @Test
  void givesWayToAnEditOfTheSpec() {
    DecisionScenario stage = running(IN_PLACE + APPLY).loads(load(1, 500));
    stage.settle();
    stage.specWith("taskManager: {replicas: 2}").settle();

    assertThat(told(stage).chosen()).isNull();
    assertThat(told(stage).heldSince()).isNotNull();
    assertThat(stage.situation().wanted().orElseThrow().spec().taskManager().replicas())
        .isEqualTo(2);
    stage.spec(stage.yaml().replace("mode: Apply", "mode: Recommend")).settle();
    assertThat(told(stage).heldSince()).isNull();
  }

  @Test
  void isTheSizeOfTheSpecAgainAfterApply() {
    DecisionScenario stage = running(IN_PLACE + APPLY).loads(load(1, 500));
    stage.settle();
    assertThat(stage.situation().wanted().orElseThrow().parallelism()).isEqualTo(3);
    stage.spec(stage.yaml().replace("mode: Apply", "mode: Recommend")).settle();
    assertThat(stage.situation().wanted().orElseThrow().parallelism()).isEqualTo(1);
  }

  @Test
  void isKeptWhileSuspended() {
    DecisionScenario stage = running(APPLY).loads(load(1, 500));
    stage.settle();
    stage.specWith("suspend: true").settle();
    assertThat(told(stage).chosen().replicas()).isEqualTo(3);
  }
}
