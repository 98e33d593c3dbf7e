package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;

/** Whether a start begins with the state of the job before it. */
public final class CarriedState {

  private CarriedState() {}

  /**
   * Whether a start of this spec must carry state over. Asked of the spec that is wanted now, not
   * of the one that was started: a job that was started to be stateless may have been told since
   * then to keep its state, without a restart. A rollback undoes such a change as well.
   */
  public static boolean wanted(Situation s, OperationType type, CheckedCluster spec) {
    boolean stateful = s.wanted().filter(w -> w.job().isPresent()).orElse(spec).stateful();
    return spec.job().isPresent()
        && (stateful || (type == OperationType.Rollback && spec.stateful()));
  }
}
