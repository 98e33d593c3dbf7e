package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.List;
import java.util.Optional;

/** Nothing runs and no operation is under way: nothing was ever started, or it was stopped. */
final class RestingRules {

  private RestingRules() {}

  /** When nothing was ever started, then begin the first start. */
  static Decision first(Situation s) {
    RecordedState recorded = s.recorded();
    Optional<CheckedCluster> wanted = s.wanted();
    if (wanted.isEmpty()) {
      return Decision.of(Phase.Pending, recorded);
    }
    if (wanted.get().spec().suspend()) {
      return Decision.of(Phase.Suspended, recorded);
    }
    OperationBuilder draft =
        Operations.newLaunch(s, OperationType.Start, wanted.get(), "first start");
    Optional<String> initial = Lineage.startingPoint(s, draft.status(), wanted.get());
    Optional<String> left = s.seen().finalSavepoint();
    long earlier = Lineage.newestTrace(s);
    if (wanted.get().stateful() && initial.isEmpty() && earlier > 0) {
      return Decision.of(Phase.Pending, recorded)
          .keep(Lineage.traces(s))
          .findings(List.of(ConditionCause.stalled(Reason.NoRestorePoint, statusLost(earlier))));
    }
    if (earlier > 0) {
      draft.stage(OperationStage.Stopping); // what is left of it must be gone first
      return Decision.of(Phase.Starting, recorded.with(draft.status())).soon();
    }
    if (wanted.get().stateful() && left.isPresent() && !left.equals(initial)) {
      String message = leftBehind(s, left.get(), initial);
      return Decision.of(Phase.Pending, recorded)
          .findings(List.of(ConditionCause.stalled(Reason.NoRestorePoint, message)));
    }
    Optional<ConditionCause> absent = LaunchFacts.absent(s);
    if (absent.isPresent()) {
      return Decision.of(Phase.Pending, recorded).findings(List.of(absent.get())).soon();
    }
    return starting(s, draft.stage(OperationStage.Starting), wanted.get(), initial);
  }

  /** Why a start failed for good, and what a person may do. */
  static ConditionCause wayOut(OperationRecord failed) {
    return ConditionCause.stalled(
        Reason.OperationFailed,
        failed.message()
            + "; it is tried again when the spec changes, or the annotation"
            + " flinkcluster.io/restart has a new value");
  }

  private static String leftBehind(Situation s, String path, Optional<String> initial) {
    return "a deleted cluster of this name left the restore point "
        + path
        + "; to continue from it set job.initialSavepoint to it, to start "
        + initial.map(other -> "from " + other).orElse("with empty state")
        + " delete the ConfigMap "
        + s.names().finalSavepoint();
  }

  private static String statusLost(long epoch) {
    return "the status of this resource was lost, and objects of its start "
        + epoch
        + " still exist: which of its checkpoints is the newest is not known from here. To continue"
        + " set job.initialSavepoint to the newest checkpoint or savepoint; to start with empty"
        + " state set job.upgradeMode: Stateless";
  }

  private static Decision starting(
      Situation s, OperationBuilder draft, CheckedCluster spec, Optional<String> from) {
    var operation = draft.status();
    RecordedState recorded = Operations.launching(s, operation, spec, from).with(operation);
    return Decision.of(Phase.Starting, recorded).soon();
  }

  /** When the start was stopped for good, then resume as soon as the spec says so. */
  static Decision stopped(Situation s, LaunchStatus launch) {
    Optional<CheckedCluster> wanted = s.wanted();
    if (wanted.isEmpty() || wanted.get().spec().suspend()) {
      return Decision.of(Phase.Suspended, s.recorded());
    }
    Optional<OperationRecord> failed = Operations.failedBefore(s, wanted.get().fingerprint());
    Optional<String> token = SteadyRules.restartToken(s);
    if (failed.isPresent() && token.isEmpty()) {
      return Decision.of(Phase.Failed, s.recorded()).findings(List.of(wayOut(failed.get())));
    }
    String why = token.map(SteadyRules::restarted).orElse("suspend: false");
    if (s.wishes().planOnly()) {
      String plan = "Resume because of " + why + ": start from the newest restore point";
      return Decision.of(Phase.Suspended, s.recorded())
          .findings(List.of(ConditionCause.planned(plan)));
    }
    Optional<ConditionCause> absent = LaunchFacts.absent(s);
    if (absent.isPresent()) {
      return Decision.of(Phase.Pending, s.recorded()).findings(List.of(absent.get())).soon();
    }
    // A JobManager of the stopped start may still exist: it must be gone first.
    OperationBuilder draft =
        Operations.newLaunch(s, OperationType.Resume, wanted.get(), why)
            .stage(OperationStage.Stopping);
    RecordedState recorded = SteadyRules.served(s, token).recorded().with(draft.status());
    return Decision.of(Phase.Starting, recorded).soon();
  }
}
