package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OnDelete;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The resource is being deleted. Deletion always ends: a savepoint that cannot be had by the
 * deadline is gone without, and where the newest state lies is written down before the job's
 * objects are removed.
 */
final class DeletionRules {

  /** For a cluster without a spec that could be read. */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** How long objects may take to vanish once nothing keeps them, whatever the deadline. */
  private static final Duration GRACE = Duration.ofMinutes(5);

  private static final int NAMED = 5;

  private DeletionRules() {}

  static Decision decide(Situation s) {
    Optional<LaunchStatus> running = s.recorded().launch().filter(l -> l.stoppedAt() == null);
    Optional<OperationStatus> deletion =
        s.recorded().operation().filter(o -> o.type() == OperationType.Delete);
    Optional<OperationRecord> end = end(s.recorded());
    if (end.isPresent()) {
      return gone(s, end.get());
    }
    if (deletion.isEmpty()) {
      return begin(s, running);
    }
    if (deletion.get().stage() == OperationStage.Savepointing && running.isPresent()) {
      return savepointing(s, deletion.get(), running.get());
    }
    return CleanupRules.before(s, deletion.get()).orElseGet(() -> removing(s, deletion.get()));
  }

  /** Records what deletion will do, before anything is done. */
  private static Decision begin(Situation s, Optional<LaunchStatus> running) {
    if (running.filter(l -> LaunchFacts.notPolledYet(s, l)).isPresent()) {
      return ChangeRules.asBefore(s, Phase.Deleting).soon();
    }
    Optional<CheckedCluster> spec =
        running.flatMap(l -> s.spec(l.epoch(), l.fingerprint())).or(s::wanted);
    Duration timeout = spec.map(Operations::timeout).orElse(TIMEOUT);
    OperationBuilder draft = Operations.sameLaunch(s, OperationType.Delete, timeout, "deleted");
    boolean asked = s.recorded().operation().filter(o -> inFlight(o)).isPresent();
    s.recorded().operation().ifPresent(draft::inherit);
    if (asked) {
      draft.stage(OperationStage.Savepointing);
    } else if (running.isPresent()
        && spec.isPresent()
        && wantsSavepoint(s, spec.get())
        && mayRun(s, running.get())) {
      Operations.awaiting(s, draft, draft.status().id());
    } else {
      draft.stage(OperationStage.Stopping);
    }
    return Decision.of(Phase.Deleting, s.recorded().with(draft.status())).soon();
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

  /** Whether the job may run: one look that did not show it says nothing against it. */
  private static boolean mayRun(Situation s, LaunchStatus launch) {
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    boolean notYet =
        s.recorded().operation().filter(o -> o.stage() == OperationStage.Starting).isPresent()
            && s.seen().runningJobManager(launch.epoch()).isEmpty();
    boolean over =
        job.filter(ObservedJob::ended).isPresent() || LaunchFacts.jobManagerLost(s, launch);
    return job.isPresent() ? !over : !over && !notYet && !JobCompletion.is(launch);
  }

  private static Decision savepointing(
      Situation s, OperationStatus operation, LaunchStatus launch) {
    boolean lost =
        LaunchFacts.jobManagerLost(s, launch)
            || Operations.overdue(s, operation)
            || (!AwaitedSavepoint.asked(operation)
                && ChangeRules.unreachableTooLong(s, operation, launch))
            || SavepointRules.hopeless(s, operation, launch);
    boolean ended =
        LaunchFacts.job(s, launch).filter(j -> j.state().matches("FAILED|CANCELED")).isPresent();
    Decision usual = SavepointRules.decide(s, operation);
    boolean failed = usual.recorded().operation().isEmpty();
    boolean complete =
        usual
            .recorded()
            .operation()
            .filter(o -> o.stage() == OperationStage.Stopping || ConfirmedSavepoint.recorded(o))
            .isPresent();
    if (complete || !(lost || ended || failed)) {
      return usual;
    }
    OperationBuilder draft =
        OperationBuilder.of(operation, s.seen().at())
            .stage(OperationStage.Stopping)
            .message("no savepoint could be taken; the newest restore point is kept");
    return Decision.of(Phase.Deleting, s.recorded().with(draft.status())).soon();
  }

  /**
   * Nothing should exist any more. When nothing does, deletion has ended; so it has when what is
   * left is being deleted, but held by somebody else for too long: a pod by a node that is gone, an
   * object by a finalizer. A cluster of the same name waits for such pods before it starts
   * anything.
   */
  private static Decision removing(Situation s, OperationStatus deletion) {
    Function<RestorePoint, String> remains =
        p -> "the newest restore point is " + p.path() + perhaps(deletion);
    List<Observation.RemainingObject> left = s.seen().left();
    if (left.isEmpty()) {
      return ended(s, deletion, OperationResult.Succeeded, kept(s).map(remains).orElse(null));
    }
    boolean late =
        Operations.overdue(s, deletion) && Operations.inStage(s, deletion).compareTo(GRACE) > 0;
    if (late && left.stream().allMatch(Observation.RemainingObject::deleting)) {
      String held = "these are still being deleted, and nobody waits for them any more: ";
      String point = kept(s).map(remains).map(text -> "; " + text).orElse("");
      return ended(s, deletion, OperationResult.Failed, held + names(left) + point);
    }
    String names = "still to go: " + names(left);
    return Decision.of(Phase.Deleting, s.recorded())
        .steps(last(s))
        .findings(
            List.of(
                late
                    ? ConditionCause.stalled(Reason.DeadlineExceeded, names)
                    : ConditionCause.waiting(Reason.Deleting, names)))
        .soon();
  }

  /** A JobManager that was lost while it wrote may have completed what nobody has told of. */
  private static String perhaps(OperationStatus deletion) {
    return SnapshotSearch.unconfirmed(deletion)
        .map(
            directory ->
                ", unless a savepoint was completed in "
                    + directory
                    + " (then it holds a _metadata file), which is newer")
        .orElse("");
  }

  private static String names(List<Observation.RemainingObject> left) {
    String names =
        left.stream()
            .limit(NAMED)
            .map(Observation.RemainingObject::what)
            .collect(Collectors.joining(", "));
    return left.size() > NAMED ? names + " and " + (left.size() - NAMED) + " more" : names;
  }

  private static Decision ended(
      Situation s, OperationStatus deletion, OperationResult result, String why) {
    RecordedState recorded =
        Operations.end(s, s.recorded(), deletion, result, why, Optional.empty());
    return Decision.of(Phase.Deleting, recorded).soon();
  }

  private static Optional<OperationRecord> end(RecordedState recorded) {
    return recorded.operation().isPresent()
        ? Optional.empty()
        : recorded.operations().stream().findFirst().filter(o -> o.type() == OperationType.Delete);
  }

  /**
   * The end of deletion is written down: the resource may go once the last acts, which nobody could
   * repeat after it, are done. They are not waited for endlessly. Whether a start kept high
   * availability data is not asked: nothing may be left by now that tells.
   */
  private static Decision gone(Situation s, OperationRecord end) {
    var steps = new ArrayList<>(last(s));
    steps.addAll(CleanupRules.after(s));
    steps.add(new Action.RemoveHighAvailabilityData(Lineage.pastClusterIds(s, 0)));
    Decision decision = Decision.of(Phase.Deleting, s.recorded()).steps(steps).soon();
    Instant since = Times.moment(end.endedAt()).orElse(s.seen().at());
    boolean patient = since.plus(GRACE).isAfter(s.seen().at());
    if (patient && !s.refusals().isEmpty()) {
      String failures = String.join("; ", s.refusals());
      return decision.findings(List.of(ConditionCause.waiting(Reason.Deleting, failures)));
    }
    return decision.allGone();
  }

  /** Where the newest state lies, unless it is not to be kept. */
  private static Optional<RestorePoint> kept(Situation s) {
    boolean cancelled =
        s.wanted()
            .flatMap(CheckedCluster::job)
            .filter(j -> j.onDelete() == OnDelete.Cancel)
            .isPresent();
    boolean finished = s.recorded().launch().filter(JobCompletion::is).isPresent();
    return s.recorded().restorePoint().filter(p -> !cancelled && !finished);
  }

  /** That is written down, unless it is already. */
  private static List<Action> last(Situation s) {
    return kept(s)
        .filter(p -> !s.seen().finalSavepoint().equals(Optional.of(p.path())))
        .map(p -> List.<Action>of(new Action.RememberFinalSavepoint(p.path(), p.jobId())))
        .orElse(List.of());
  }
}
