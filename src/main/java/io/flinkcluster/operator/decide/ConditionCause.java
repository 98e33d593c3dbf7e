package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.Reason;

/**
 * Something a person should know.
 *
 * @param stalled whether nothing will happen until a person acts
 */
public record ConditionCause(Reason reason, String message, boolean stalled) {

  /** What would be done if the plan annotation were not there. */
  public static ConditionCause planned(String plan) {
    return stalled(
        Reason.Planned, plan + "; remove the annotation flinkcluster.io/plan to carry it out");
  }

  /** Something that is waited for. */
  public static ConditionCause waiting(Reason reason, String message) {
    return new ConditionCause(reason, message, false);
  }

  /** Something that only a person can resolve. */
  public static ConditionCause stalled(Reason reason, String message) {
    return new ConditionCause(reason, message, true);
  }
}
