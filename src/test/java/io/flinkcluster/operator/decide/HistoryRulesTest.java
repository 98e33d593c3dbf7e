package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.ObservedDisposal.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryRulesTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static DecisionScenario limited(String history) {
    return new DecisionScenario(
        """
        flinkVersion: "2.3"
        image: flink:2.3
        job: {jarURI: "local:///opt/flink/a.jar"}
        storage:
          baseURI: "s3://bucket/flink"
          savepointInterval: 1h
          savepointHistory: {%s}
        """
            .formatted(history));
  }

  /** The path of the periodic savepoint that is taken after another hour. */
  private static String periodic(DecisionScenario stage) {
    stage.elapse(HOUR).job("RUNNING", Optional.empty(), stage.hours()).settle();
    assertThat(stage.operation().trigger()).isEqualTo("periodic");
    stage.savepointCompleted().settle();
    return stage.recorded().savepoints().get(0).path();
  }

  private static String manual(DecisionScenario stage, String token) {
    stage.savepointToken(token).elapse(Duration.ofSeconds(1)).settle();
    stage.savepointCompleted().settle();
    return stage.recorded().savepoints().get(0).path();
  }

  private static List<String> paths(DecisionScenario stage) {
    return stage.recorded().savepoints().stream().map(SavepointStatus::path).toList();
  }

  private static Action dispose(String path) {
    return new Action.DisposeSavepoint(path);
  }

  @Test
  void theOldestAboveTheCountIsMarkedBeforeFlinkIsAsked() {
    DecisionScenario stage = limited("maxCount: 2").running();
    String first = periodic(stage);
    periodic(stage);
    assertThat(stage.settle().actions()).isEmpty();
    periodic(stage);
    assertThat(stage.recorded().savepoints().get(2).disposal()).isNotNull();
    assertThat(stage.recorded().disposing()).containsExactly(first);
    assertThat(stage.settle().actions()).containsExactly(dispose(first));
  }

  @Test
  void theMarkIsWrittenBeforeTheStep() {
    DecisionScenario stage = limited("maxCount: 2").running();
    periodic(stage);
    periodic(stage);
    stage.specWith("changeTimeout: 5m"); // the same limits, another generation
    stage.spec(stage.yaml().replace("maxCount: 2", "maxCount: 1"));
    Decision decision = Decider.decide(stage.situation());
    assertThat(decision.recorded().disposing()).hasSize(1);
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void anEntryGoesOnlyWhenFlinkSaysThatItIsGone() {
    DecisionScenario stage = limited("maxCount: 1").running();
    String first = periodic(stage);
    String second = periodic(stage);
    stage.disposal(first, Outcome.UNDER_WAY, "").settle();
    assertThat(paths(stage)).containsExactly(second, first);
    stage.disposal(first, Outcome.GONE, "").settle();
    assertThat(paths(stage)).containsExactly(second);
    assertThat(stage.settle().actions()).isEmpty();
  }

  @Test
  void oneIsDeletedAfterTheOther() {
    DecisionScenario stage = limited("maxCount: 9").running();
    List<String> all = List.of(periodic(stage), periodic(stage), periodic(stage));
    stage.spec(stage.yaml().replace("maxCount: 9", "maxCount: 1"));
    assertThat(stage.settle().actions()).containsExactly(dispose(all.get(0)));
    stage.disposal(all.get(0), Outcome.GONE, "");
    assertThat(stage.settle().actions()).containsExactly(dispose(all.get(1)));
    stage.disposal(all.get(1), Outcome.GONE, "");
    assertThat(stage.settle().actions()).isEmpty();
    assertThat(paths(stage)).containsExactly(all.get(2));
  }

  @Test
  void aFailureIsToldAndTriedAgainAfterAPauseThatGrows() {
    DecisionScenario stage = limited("maxCount: 1").running();
    String first = periodic(stage);
    periodic(stage);
    stage.disposal(first, Outcome.FAILED, "no permission");
    Decision decision = stage.settle();
    assertThat(decision.actions()).isEmpty();
    assertThat(decision.causes()).isEmpty();
    assertThat(decision.lookAgain()).isEqualTo(Duration.ofMinutes(1));
    assertThat(stage.recorded().savepoints().get(1).disposal())
        .satisfies(
            d -> {
              assertThat(d.failures()).isEqualTo(1);
              assertThat(d.message()).isEqualTo("no permission");
            });
    assertThat(stage.elapse(Duration.ofSeconds(59)).settle().actions()).isEmpty();
    assertThat(stage.elapse(Duration.ofSeconds(1)).settle().actions())
        .containsExactly(dispose(first));
    stage.disposal(first, Outcome.FAILED, "no permission").settle();
    assertThat(stage.elapse(Duration.ofSeconds(119)).settle().actions()).isEmpty();
    assertThat(stage.elapse(Duration.ofSeconds(1)).settle().actions())
        .containsExactly(dispose(first));
  }

  @Test
  void oneThatCannotBeDeletedDoesNotKeepTheOthers() {
    DecisionScenario stage = limited("maxCount: 9").running();
    String first = periodic(stage);
    String second = periodic(stage);
    periodic(stage);
    stage.spec(stage.yaml().replace("maxCount: 9", "maxCount: 1")).settle();
    stage.disposal(first, Outcome.FAILED, "locked");
    assertThat(stage.settle().actions()).containsExactly(dispose(second));
  }

  @Test
  void onlyThreeMayFailAtATime() {
    DecisionScenario stage = limited("maxCount: 9").running();
    for (int i = 0; i < 6; i++) {
      periodic(stage);
    }
    stage.spec(stage.yaml().replace("maxCount: 9", "maxCount: 1")).settle();
    for (int i = 0; i < 6; i++) {
      for (String path : stage.recorded().disposing()) {
        stage.disposal(path, Outcome.FAILED, "locked");
      }
      stage.settle();
    }
    assertThat(stage.recorded().disposing()).hasSize(3);
  }

  @Test
  void thoseThatAreTooOldAreDeletedButNeverTheNewest() {
    DecisionScenario stage = limited("maxAge: 90m").running();
    String first = periodic(stage);
    String second = periodic(stage);
    assertThat(stage.settle().actions()).isEmpty();
    assertThat(stage.settle().lookAgain()).isEqualTo(Duration.ofMinutes(1));
    stage.elapse(Duration.ofMinutes(29));
    assertThat(stage.settle().lookAgain()).isEqualTo(Duration.ofMinutes(1));
    stage.elapse(Duration.ofMinutes(2));
    assertThat(stage.settle().actions()).containsExactly(dispose(first));
    stage.disposal(first, Outcome.GONE, "").settle();
    stage.job("RESTARTING", Optional.empty(), 99).elapse(HOUR.multipliedBy(9)).settle();
    assertThat(paths(stage)).containsExactly(second);
    assertThat(stage.recorded().disposing()).isEmpty();
  }

  @Test
  void savepointsThatAUserAskedForAreTheUsers() {
    DecisionScenario stage = limited("maxCount: 1").running();
    String asked = manual(stage, "a");
    String first = periodic(stage);
    String again = manual(stage, "b");
    String second = periodic(stage);
    assertThat(stage.settle().actions()).containsExactly(dispose(first));
    stage.disposal(first, Outcome.GONE, "").settle();
    assertThat(paths(stage)).containsExactly(second, again, asked);
    assertThat(stage.settle().actions()).isEmpty();
  }

  @Test
  void savepointsOfChangesDoNotPushThoseByScheduleOut() {
    DecisionScenario stage = limited("maxCount: 2").running();
    String first = periodic(stage);
    String second = periodic(stage);
    for (String type : List.of("Rescale", "Upgrade", "Suspend", "Rescale")) {
      stage.elapse(Duration.ofSeconds(1)).tookSavepoint(type);
    }
    stage.settle();
    assertThat(stage.recorded().disposing()).singleElement().asString().contains("/Rescale");
    assertThat(paths(stage)).contains(first, second);
  }

  @Test
  void theRestorePointAndWhatTheJobWasStartedFromStay() {
    DecisionScenario stage = limited("maxCount: 1").running();
    String restored = stage.tookSavepoint("Upgrade");
    stage.elapse(HOUR.dividedBy(2)).tookSavepoint("Upgrade");
    stage.startedFrom(restored);
    stage.job("RUNNING", Optional.of(restored), 9);
    assertThat(stage.settle().actions()).isEmpty();
    assertThat(stage.recorded().disposing()).isEmpty();
    stage.startedFrom("s3://bucket/elsewhere");
    stage.job("RUNNING", Optional.of("s3://bucket/elsewhere"), 9);
    assertThat(stage.settle().actions()).containsExactly(dispose(restored));
  }

  @Test
  void theInitialSavepointStaysHoweverItIsSpelled() {
    DecisionScenario stage = limited("maxCount: 1").running();
    String initial = stage.tookSavepoint("Upgrade");
    stage.elapse(Duration.ofSeconds(1)).tookSavepoint("Upgrade");
    stage.spec(
        stage.yaml().replace("a.jar\"", "a.jar\", initialSavepoint: \"%s/\"".formatted(initial)));
    assertThat(stage.settle().actions()).isEmpty();
    stage.spec(stage.yaml().replace(initial, "s3://bucket/other"));
    assertThat(stage.settle().actions()).containsExactly(dispose(initial));
  }

  @Test
  void whatLiesElsewhereIsNotTouched() {
    DecisionScenario stage = limited("maxCount: 1").running();
    for (String path :
        List.of(
            "s3://bucket/flink/ns/other/savepoints/1/savepoint-1",
            "s3://bucket/flink/ns/c/savepoints-old/1/savepoint-1",
            "s3://bucket/flink/ns/c/savepoints/../../other/savepoint-1",
            "s3://other/flink/ns/c/savepoints/1/savepoint-1")) {
      stage.elapse(Duration.ofSeconds(1)).knowsSavepoint(path, "Rescale");
    }
    stage.elapse(Duration.ofSeconds(1)).tookSavepoint("Rescale");
    stage.elapse(Duration.ofSeconds(1)).tookSavepoint("Rescale");
    stage.settle();
    assertThat(stage.recorded().disposing())
        .singleElement()
        .asString()
        .startsWith("s3://bucket/flink/ns/c/savepoints/Rescale");
  }

  @Test
  void nothingIsDeletedWhileTheJobIsInTrouble() {
    DecisionScenario stage = limited("maxCount: 1").running();
    String first = periodic(stage);
    periodic(stage);
    assertThat(stage.settle().actions()).containsExactly(dispose(first));
    stage.job("RESTARTING", Optional.empty(), 20);
    assertThat(stage.settle().actions()).isEmpty();
  }

  @Test
  void nothingIsDeletedWhileAnOperationIsUnderWay() {
    DecisionScenario stage = limited("maxCount: 1").running();
    periodic(stage);
    periodic(stage);
    Decision decision = stage.specWith("taskManager: {replicas: 2}").settle();
    assertThat(stage.operation().type()).isEqualTo(OperationType.Rescale);
    assertThat(decision.actions()).isEmpty();
  }

  @Test
  void nothingIsDeletedWithoutLimitsAndTwentyAreTold() {
    DecisionScenario stage = limited("").running();
    for (int i = 0; i < 25; i++) {
      periodic(stage);
    }
    assertThat(stage.settle().actions()).isEmpty();
    assertThat(stage.recorded().savepoints()).hasSize(20);
  }

  @Test
  void nothingIsForgottenWhileTheSpecIsRefused() {
    DecisionScenario stage = limited("maxCount: 30").running();
    for (int i = 0; i < 25; i++) {
      periodic(stage);
    }
    stage.specWith("taskManager: {replicas: 0}");
    assertThat(stage.settle().actions()).isEmpty();
    assertThat(stage.recorded().savepoints()).hasSize(25);
  }

  @Test
  void savepointsOfEarlierStartsAreDeletedByTheJobManagerOfNow() {
    DecisionScenario stage = limited("maxCount: 1").running();
    String first = periodic(stage);
    stage.noPod("jm-1").settle();
    stage.jobManagersGone().settle();
    stage.jobManagersBack().gatedPod(2, "jm-2").settle();
    String from = stage.launch().restoredFrom();
    stage.pod(Component.JOB_MANAGER, 2, "jm-2").pod(Component.TASK_MANAGER, 2, "tm-2");
    stage.job("RUNNING", Optional.of(from), 0).settle();
    stage.elapse(HOUR).job("RUNNING", Optional.of(from), 30).settle();
    stage.savepointCompleted();
    assertThat(stage.settle().actions()).containsExactly(dispose(first));
    assertThat(stage.launch().epoch()).isEqualTo(2);
  }
}
