package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import org.junit.jupiter.api.Test;

/** The status is gone and what it was about still runs: nothing of that is removed. */
class LostStatusTest {

  private static void isLeftAlone(DecisionScenario stage) {
    Decision decision = stage.settle();
    assertThat(decision.keep()).containsExactly(1L);
    assertThat(decision.phase()).isNotEqualTo(Phase.Suspended);
    assertThat(stage.recorded().launch()).isEmpty();
    assertThat(decision.causes())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.reason()).isEqualTo(Reason.NoRestorePoint);
              assertThat(f.stalled()).isTrue();
            });
  }

  @Test
  void alsoWhereTheSpecSaysSuspend() {
    isLeftAlone(DecisionScenario.stateful().running().specWith("suspend: true").statusLost());
  }

  @Test
  void alsoWhereTheSpecIsRefused() {
    isLeftAlone(
        DecisionScenario.stateful()
            .running()
            .specWith("flinkConfiguration: {jobmanager.rpc.port: \"1\"}")
            .statusLost());
  }

  @Test
  void alsoWhereTheSpecStillNamesWhatTheLostStartBeganFrom() {
    DecisionScenario stage = DecisionScenario.stateful();
    stage.spec(
        stage.yaml().replace("a.jar\"}", "a.jar\", initialSavepoint: \"s3://old/savepoint-1\"}"));
    isLeftAlone(stage.running().statusLost());
  }
}
