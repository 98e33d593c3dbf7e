package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.JobEnd;
import io.flinkcluster.operator.decide.fact.SavepointFacts;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;

/** How a job is stopped that is not started again for now. */
public final class Suspension {

  private Suspension() {}

  /** Begins to suspend; how the state is kept is what the wanted spec says. */
  public static Decision begin(Situation s, CheckedCluster wanted) {
    CheckedCluster spec = s.running().orElse(wanted);
    CheckedCluster mode = wanted.job().isPresent() ? wanted : spec;
    OperationBuilder suspend =
        Operations.sameLaunch(
            s, OperationType.Suspend, Timeouts.of(wanted), TriggerKind.Suspended, "suspend: true");
    boolean possible =
        spec.job().isPresent() && SavepointFacts.directory(s, s.launch()).isPresent();
    RecordedState recorded;
    if (!mode.stateful() || JobEnd.over(s, s.launch())) {
      recorded = Operations.stopping(s, suspend);
    } else if (possible && SavepointFacts.needed(s, mode)) {
      recorded = s.recorded().with(Operations.takingSavepoint(s, suspend).status());
    } else {
      recorded = s.recorded().with(Operations.cancelling(suspend).status());
    }
    return Decision.of(Phase.Suspending, recorded).soon();
  }
}
