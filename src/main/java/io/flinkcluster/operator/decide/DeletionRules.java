package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OnDelete;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The resource is being deleted. Deletion always ends: a savepoint that cannot be had by the
 * deadline is gone without, and where the newest state lies is written down before the job's
 * objects are removed.
 */
final class DeletionRules {

  private DeletionRules() {}

  static Decision decide(Situation s) {
    Optional<LaunchStatus> running = s.ledger().launch().filter(l -> l.stoppedAt() == null);
    Optional<OperationStatus> deletion =
        s.ledger().operation().filter(o -> o.type() == OperationType.Delete);
    if (deletion.isEmpty()) {
      return begin(s, running);
    }
    if (deletion.get().stage() == OperationStage.Savepointing && running.isPresent()) {
      return savepointing(s, deletion.get(), running.get());
    }
    return removing(s);
  }

  /** Records what deletion will do, before anything is done. */
  private static Decision begin(Situation s, Optional<LaunchStatus> running) {
    if (running.filter(l -> Watch.unheard(s, l)).isPresent()) {
      return ChangeRules.asBefore(s, Phase.Deleting).soon();
    }
    Optional<CheckedCluster> spec =
        running.flatMap(l -> s.spec(l.epoch(), l.fingerprint())).or(s::wanted);
    if (spec.isEmpty()) {
      return removing(s);
    }
    Draft draft = Operations.standing(s, OperationType.Delete, spec.get(), "deleted");
    boolean asked = s.ledger().operation().filter(o -> inFlight(o)).isPresent();
    s.ledger().operation().ifPresent(draft::inherit);
    if (asked) {
      draft.stage(OperationStage.Savepointing);
    } else if (running.isPresent() && wantsSavepoint(s, spec.get()) && runs(s, running.get())) {
      Operations.savepointing(s, draft.savepoint(null), spec.get(), draft.status().id());
    } else {
      draft.stage(OperationStage.Stopping);
    }
    return Decision.of(Phase.Deleting, s.ledger().with(draft.status())).soon();
  }

  /** A stop that was asked for before the deletion is followed to its end. */
  private static boolean inFlight(OperationStatus operation) {
    return operation.stage() == OperationStage.Savepointing
        && operation.type() != OperationType.Savepoint;
  }

  private static boolean wantsSavepoint(Situation s, CheckedCluster spec) {
    OnDelete asked =
        s.wanted()
            .or(() -> Optional.of(spec))
            .flatMap(CheckedCluster::job)
            .map(j -> j.onDelete())
            .orElse(null);
    boolean possible = spec.job().isPresent() && spec.dirs().savepoints().isPresent();
    return possible && asked != OnDelete.Cancel;
  }

  private static boolean runs(Situation s, LaunchStatus launch) {
    return Watch.job(s, launch).filter(j -> !j.ended()).isPresent();
  }

  private static Decision savepointing(
      Situation s, OperationStatus operation, LaunchStatus launch) {
    boolean lost =
        Watch.spent(s, launch)
            || Operations.overdue(s, operation)
            || ChangeRules.silent(s, operation, launch)
            || SavepointRules.hopeless(s, operation, launch);
    boolean ended =
        Watch.job(s, launch).filter(j -> j.state().matches("FAILED|CANCELED")).isPresent();
    Decision usual = SavepointRules.decide(s, operation);
    boolean failed = usual.ledger().operation().isEmpty();
    boolean complete =
        usual.ledger().operation().filter(o -> o.stage() == OperationStage.Stopping).isPresent();
    if (complete || !(lost || ended || failed)) {
      return usual;
    }
    Draft draft =
        Draft.of(operation, s.seen().at())
            .stage(OperationStage.Stopping)
            .message("no savepoint could be taken; the newest restore point is kept");
    return Decision.of(Phase.Deleting, s.ledger().with(draft.status())).soon();
  }

  /** Nothing should exist any more; when nothing does, the resource may go. */
  private static Decision removing(Situation s) {
    Decision decision = Decision.of(Phase.Deleting, s.ledger()).soon();
    Optional<RestorePoint> point = s.ledger().restorePoint();
    boolean cancelled =
        s.wanted()
            .flatMap(CheckedCluster::job)
            .filter(j -> j.onDelete() == OnDelete.Cancel)
            .isPresent();
    boolean finished = s.ledger().launch().filter(Finished::is).isPresent();
    boolean written = point.map(RestorePoint::path).equals(s.seen().finalSavepoint());
    if (point.isPresent() && !cancelled && !finished && !written) {
      decision =
          decision.steps(
              List.of(new Step.RememberFinalSavepoint(point.get().path(), point.get().jobId())));
    }
    if (s.seen().childrenLeft() == 0) {
      var last = new ArrayList<>(decision.steps());
      if (Lineage.keepsHighAvailabilityData(s) || s.wanted().isEmpty()) {
        last.add(new Step.RemoveHighAvailabilityData(Lineage.pastClusterIds(s, 0)));
      }
      return decision.steps(last).allGone();
    }
    return decision.findings(
        List.of(
            Finding.waiting(
                Reason.Deleting, s.seen().childrenLeft() + " objects are still to go")));
  }
}
