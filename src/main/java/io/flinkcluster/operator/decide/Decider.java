package io.flinkcluster.operator.decide;

/**
 * Says what should be the case now, and which step comes next. Pure: the same situation always
 * gives the same decision. Start reading at {@link SteadyRules} (nothing is under way), then {@link
 * ChangeRules} (the stages of an operation in order).
 */
public final class Decider {

  private Decider() {}

  /**
   * Decides.
   *
   * @return if its recorded state differs from the recorded one, the recorded state must be
   *     recorded and the decision made anew; nothing else of it may be done
   */
  public static Decision decide(Situation situation) {
    Situation seen = situation.withRecorded(Lineage.observed(situation));
    Situation s = seen.withRecorded(JobCompletion.recorded(seen));
    if (s.wishes().deleting()) {
      return DeletionRules.decide(s);
    }
    return s.recorded()
        .operation()
        .map(operation -> ChangeRules.decide(s, operation))
        .orElseGet(() -> SteadyRules.decide(s));
  }

  /** The same, after the API server refused objects of the last decision. */
  public static Decision decide(Situation situation, java.util.List<String> refusals) {
    return decide(situation.withRefusals(refusals));
  }
}
