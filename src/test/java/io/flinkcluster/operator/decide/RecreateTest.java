package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Component;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A cluster that was deleted and made again from the same manifest, with job.onRecreate: Continue.
 */
class RecreateTest {
  private static final String LEFT = "s3://bucket/flink/ns/c/savepoints/1/savepoint-9";
  private static final String CONTINUE =
      """
      flinkVersion: "2.3"
      image: flink:2.3
      job: {jarURI: "local:///opt/flink/a.jar", onRecreate: Continue%s}
      storage: {baseURI: "s3://bucket/flink"}
      """;

  private static DecisionScenario with(String more) {
    return new DecisionScenario(CONTINUE.formatted(more));
  }

  private static List<Action> of(Decision decision, Class<? extends Action> kind) {
    return decision.actions().stream().filter(kind::isInstance).toList();
  }

  /** The start that was recorded restores what it was given, and completes a checkpoint. */
  private static DecisionScenario ran(DecisionScenario stage) {
    stage.leftBehind(LEFT, DecisionScenario.UID).gatedPod(1, "jm-1").settle();
    stage.pod(Component.JOB_MANAGER, 1, "jm-1").pod(Component.TASK_MANAGER, 1, "tm-1");
    stage.job("RUNNING", Optional.of(LEFT), 0).settle();
    stage.elapse(Duration.ofSeconds(10)).job("RUNNING", Optional.of(LEFT), 1).settle();
    return stage;
  }

  @Test
  void beginsFromWhatWasLeftAndWritesThatDownUntilItIsSeenToBeWritten() {
    DecisionScenario stage = with("").leftBehind(LEFT);
    Decision decision = stage.settle();
    assertThat(stage.launch().restoredFrom()).isEqualTo(LEFT);
    assertThat(of(decision, Action.MarkFinalSavepoint.class))
        .containsExactly(new Action.MarkFinalSavepoint(LEFT));
    stage.leftBehind(LEFT, DecisionScenario.UID);
    assertThat(of(stage.settle(), Action.MarkFinalSavepoint.class)).isEmpty();
    assertThat(stage.launch().restoredFrom()).isEqualTo(LEFT);
  }

  @Test
  void whatWasLeftIsNewerThanThePointOfTheVeryFirstStart() {
    DecisionScenario stage = with(", initialSavepoint: \"s3://old/savepoint-1\"").leftBehind(LEFT);
    stage.settle();
    assertThat(stage.launch().restoredFrom()).isEqualTo(LEFT);
  }

  @Test
  void whatNobodySawOfTheDeletedClusterIsLookedFor() {
    DecisionScenario stage = with("").leftBehindUnseen(LEFT, "s3://b/savepoints/");
    stage.settle();
    assertThat(stage.launch().restoredFrom()).isEqualTo(LEFT);
    assertThat(stage.launch().snapshotSearchDirectories()).containsExactly("s3://b/savepoints/");
  }

  @Test
  void whatNobodySawAndNoPodCanLookForIsAskedFor() {
    DecisionScenario stage = with("").leftBehindUnseen(LEFT, "hdfs://nn/savepoints/");
    Decision decision = stage.settle();
    assertThat(stage.recorded().launch()).isEmpty();
    assertThat(decision.causes())
        .singleElement()
        .satisfies(
            cause ->
                assertThat(cause.message())
                    .contains(LEFT, "hdfs://nn/savepoints/", "job.initialSavepoint"));
  }

  /** The point itself may be gone: Flink deletes it when it has completed enough newer ones. */
  @Test
  void whoDecidesWhatToBeginFromHearsThatANewerOneMayBeThere() {
    DecisionScenario stage =
        new DecisionScenario(CONTINUE.formatted("").replace("Continue", "Refuse"))
            .leftBehindUnseen(LEFT, "s3://b/checkpoints/job/");
    assertThat(stage.settle().causes())
        .singleElement()
        .satisfies(
            cause ->
                assertThat(cause.message())
                    .contains(LEFT + ", unless a newer", "s3://b/checkpoints/job/", "which looks"));
  }

  @Test
  void withoutAnythingLeftItBeginsAsTheSpecSays() {
    DecisionScenario stage = with(", initialSavepoint: \"s3://old/savepoint-1\"");
    stage.settle();
    assertThat(stage.launch().restoredFrom()).isEqualTo("s3://old/savepoint-1");
  }

  @Test
  void whatAnotherClusterHasContinuedIsNotContinuedOnceMore() {
    DecisionScenario stage = with("").leftBehind(LEFT, "another-uid");
    Decision decision = stage.settle();
    assertThat(stage.recorded().launch()).isEmpty();
    assertThat(decision.causes())
        .singleElement()
        .satisfies(
            cause -> {
              assertThat(cause.reason()).isEqualTo(Reason.NoRestorePoint);
              assertThat(cause.stalled()).isTrue();
              assertThat(cause.message())
                  .contains(LEFT, "another-uid", "job.initialSavepoint", "c-final-savepoint");
            });
  }

  @Test
  void aClusterThatNeverRanLeavesWhatItFoundToTheNext() {
    DecisionScenario stage = with("").leftBehind(LEFT);
    stage.settle();
    stage.leftBehind(LEFT, DecisionScenario.UID).delete();
    stage.settle();
    Decision end = stage.jobManagersGone().nothingLeft().settle();
    assertThat(of(end, Action.RememberFinalSavepoint.class))
        .containsExactly(
            new Action.RememberFinalSavepoint(LEFT, null, List.of(), Optional.empty()));
    assertThat(of(end, Action.MarkFinalSavepoint.class)).isEmpty();
  }

  @Test
  void aClusterWhoseStateIsThrownAwayLeavesNothingToTheNext() {
    DecisionScenario stage = with(", onDelete: Cancel").leftBehind(LEFT);
    stage.settle();
    ran(stage).delete();
    stage.settle();
    stage.job("CANCELED", Optional.of(LEFT), 1).settle();
    Decision end = stage.jobManagersGone().nothingLeft().settle();
    assertThat(of(end, Action.ForgetFinalSavepoint.class))
        .containsExactly(new Action.ForgetFinalSavepoint(LEFT));
    assertThat(of(end, Action.RememberFinalSavepoint.class)).isEmpty();
  }

  @Test
  void aClusterThatRanLeavesItsOwnNewestState() {
    DecisionScenario stage = with("").leftBehind(LEFT);
    stage.settle();
    ran(stage).delete();
    stage.settle();
    stage.savepointCompleted().job("FINISHED", Optional.of(LEFT), 1).settle();
    Decision end = stage.jobManagersGone().nothingLeft().settle();
    assertThat(of(end, Action.RememberFinalSavepoint.class))
        .singleElement()
        .isNotEqualTo(new Action.RememberFinalSavepoint(LEFT, null, List.of(), Optional.empty()));
    assertThat(of(end, Action.ForgetFinalSavepoint.class)).isEmpty();
  }

  @Test
  void aClusterThatWasLostUnseenLeavesWhereToLookForWhatItMayHaveCompleted() {
    DecisionScenario stage = with("").leftBehind(LEFT);
    stage.settle();
    stage.leftBehind(LEFT, DecisionScenario.UID).gatedPod(1, "jm-1").settle();
    stage.pod(Component.JOB_MANAGER, 1, "jm-1").delete();
    stage.settle();
    Decision end = stage.noPod("jm-1").jobManagersGone().nothingLeft().settle();
    assertThat(of(end, Action.RememberFinalSavepoint.class))
        .singleElement()
        .satisfies(
            action -> {
              var remembered = (Action.RememberFinalSavepoint) action;
              assertThat(remembered.path()).isEqualTo(LEFT);
              assertThat(remembered.searchDirectories())
                  .containsExactly(
                      "s3://bucket/flink/ns/c/checkpoints/" + DecisionScenario.jobId(1));
              assertThat(remembered.note().orElseThrow())
                  .startsWith("the newest restore point is ");
            });
  }
}
