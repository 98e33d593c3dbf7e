package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.decide.state.FailedOperations;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.Optional;

/** Whether what is wanted differs from what runs, so that a change is to be begun. */
public final class WaitingChange {

  private WaitingChange() {}

  /** The wanted spec where it says suspend, and that has not failed before. */
  public static Optional<CheckedCluster> suspend(Situation s) {
    return s.wanted()
        .filter(w -> w.spec().suspend())
        .filter(w -> !JobCompletion.is(s.launch()))
        .filter(w -> FailedOperations.suspendBefore(s).isEmpty());
  }

  /**
   * The wanted spec where it differs from what runs and can be started: that has not failed before,
   * all that it refers to exists, and nothing forbids the way in which it would be made.
   */
  public static Optional<CheckedCluster> difference(Situation s) {
    return s.wanted()
        .filter(w -> !w.spec().suspend())
        .filter(w -> !w.fingerprint().equals(s.launch().fingerprint()))
        .filter(w -> !JobCompletion.is(s.launch()))
        .filter(w -> FailedOperations.before(s, w.fingerprint()).isEmpty())
        .filter(w -> LaunchFacts.absent(s).isEmpty())
        .filter(w -> InPlace.refusal(s, w).isEmpty());
  }

  /** Whether a change would begin now if no operation were under way. */
  public static boolean any(Situation s) {
    boolean restart =
        s.wanted().filter(w -> !w.spec().suspend()).isPresent()
            && s.wishes()
                .restart()
                .filter(t -> !t.equals(s.recorded().actions().restart()))
                .isPresent();
    boolean suspend = suspend(s).isPresent() && !s.wishes().planOnly();
    return suspend || difference(s).isPresent() || restart;
  }
}
