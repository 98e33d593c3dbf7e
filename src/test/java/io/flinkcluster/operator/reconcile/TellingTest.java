package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.RecordedState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What cannot be applied is told, whichever rule has decided. */
class TellingTest {
  private static final List<String> REFUSALS =
      List.of("Service a-rest: it exists", "Ingress a: no");

  private static Decision decision(Phase phase, ConditionCause... causes) {
    return new Decision(
        phase,
        RecordedState.of(null),
        List.of(),
        Set.of(),
        List.of(),
        List.of(causes),
        Duration.ofMinutes(1),
        false,
        "");
  }

  @Test
  void aDecisionThatDoesNotTellIsMadeToAndLooksAgainSoon() {
    var told = Reconciliation.telling(decision(Phase.Running), REFUSALS);

    assertThat(told.causes()).hasSize(1);
    assertThat(told.causes().get(0).reason()).isEqualTo(Reason.ChildRefused);
    assertThat(told.causes().get(0).message()).contains("Service a-rest", "Ingress a");
    assertThat(told.lookAgain()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void nothingIsToldTwiceNorOfADeletion() {
    var telling =
        decision(Phase.Starting, ConditionCause.stalled(Reason.ChildRefused, "told already"));

    assertThat(Reconciliation.telling(telling, REFUSALS)).isEqualTo(telling);
    assertThat(Reconciliation.telling(decision(Phase.Deleting), REFUSALS))
        .isEqualTo(decision(Phase.Deleting));
  }
}
