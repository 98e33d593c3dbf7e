package io.flinkcluster.operator.decide.transition;

import io.flinkcluster.operator.api.OnDelete;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.FormerState;
import io.flinkcluster.operator.decide.fact.JobCompletion;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.fact.SnapshotSearch;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.Observation.RemainingObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The objects of a cluster are removed. Deletion always ends: what is held by somebody else for too
 * long is named and let go, and where the newest state lies is written down before the job's
 * objects are removed.
 */
public final class Deletion {
  /** How long objects may take to vanish once nothing keeps them, whatever the deadline. */
  public static final Duration GRACE = Duration.ofMinutes(5);

  private static final int NAMED = 5;

  private Deletion() {}

  private static boolean deleting(Situation s) {
    return s.operation().type() == OperationType.Delete;
  }

  /** When no JobManager needs what is in storage, or none is waited for any more, then go on. */
  public static Optional<Decision> jobManagersGone(Situation s) {
    if (!deleting(s)) {
      return Optional.empty();
    }
    Optional<CheckedCluster> cleaned = highlyAvailable(s);
    boolean gone = s.seen().jobManagersGone();
    boolean late = Timeouts.overdue(s); // one may run for ever on a node that is gone
    if (!gone && !late && !s.seen().left().isEmpty()) {
      return Optional.empty();
    }
    OperationStage next =
        cleaned.isPresent() && gone ? OperationStage.CleaningUp : OperationStage.Removing;
    OperationBuilder operation = Operations.current(s);
    String message = s.operation().message();
    operation.stage(next);
    if (message != null) {
      operation.message(message);
    }
    return Optional.of(Decision.of(Phase.Deleting, s.recorded().with(operation.status())).soon());
  }

  /** They are waited for; the spec of a start whose storage is to be cleaned is not forgotten. */
  public static Optional<Decision> waiting(Situation s) {
    if (!deleting(s)) {
      return Optional.empty();
    }
    Optional<CheckedCluster> cleaned = highlyAvailable(s);
    Decision decision =
        Decision.of(Phase.Deleting, s.recorded())
            .actions(rememberState(s))
            .causes(
                List.of(
                    ConditionCause.waiting(
                        Reason.Deleting,
                        cleaned.isPresent()
                            ? "waiting for the JobManager to be gone"
                            : "still to go: " + names(s.seen().left()))))
            .soon();
    return Optional.of(
        cleaned
            .map(spec -> decision.runs(Run.remembered(spec, Launches.of(s.launch()))))
            .orElse(decision));
  }

  /** The start that runs knows best where its data are; it may be that only the spec is left. */
  public static Optional<CheckedCluster> highlyAvailable(Situation s) {
    return s.recorded()
        .launch()
        .flatMap(l -> s.running().filter(CheckedCluster::highlyAvailable).or(s::wanted))
        .filter(CheckedCluster::highlyAvailable)
        .filter(spec -> spec.dirs().highAvailability().isPresent());
  }

  /** Where the newest state lies, unless it is not to be kept. */
  private static Optional<RestorePoint> kept(Situation s) {
    return s.recorded().restorePoint().filter(p -> !thrownAway(s));
  }

  /**
   * Whether the spec says that the state is not to be kept, or a finished job has none to keep: one
   * that somebody has stopped with a savepoint has.
   */
  private static boolean thrownAway(Situation s) {
    boolean cancelled =
        s.wanted()
            .flatMap(CheckedCluster::job)
            .filter(j -> j.onDelete() == OnDelete.Cancel)
            .isPresent();
    boolean finished = s.recorded().launch().filter(JobCompletion::is).isPresent();
    boolean stopped =
        s.recorded()
            .restorePoint()
            .filter(p -> p.type() == RestorePoint.Type.Savepoint)
            .isPresent();
    return cancelled || (finished && !stopped);
  }

  /** That is written down, unless it is already. */
  public static List<Action> rememberState(Situation s) {
    Optional<FinalSavepoint> written = s.seen().finalSavepoint();
    Optional<FinalSavepoint> continued = FormerState.ours(s);
    if (kept(s).isEmpty() && continued.isPresent()) {
      return List.of(afterContinuing(s, continued.get()));
    }
    return kept(s)
        .filter(
            p ->
                undone(s).isPresent()
                    || continued.isPresent()
                    || !written.map(FinalSavepoint::path).equals(Optional.of(p.path())))
        .map(
            p ->
                List.<Action>of(
                    new Action.RememberFinalSavepoint(
                        p.path(), p.jobId(), SnapshotSearch.unseen(s), note(s))))
        .orElse(List.of());
  }

  /**
   * This cluster began from what another left and has no point of its own to leave: where its state
   * was thrown away that one is spent; where it never came to run, or to a checkpoint, that one is
   * the newest still, and the next cluster may begin from it.
   */
  private static Action afterContinuing(Situation s, FinalSavepoint from) {
    boolean ran = s.recorded().lastStable().isPresent() || s.recorded().restorePoint().isPresent();
    return ran && thrownAway(s)
        ? new Action.ForgetFinalSavepoint(from.path())
        : new Action.RememberFinalSavepoint(from.path(), null, SnapshotSearch.unseen(s), note(s));
  }

  /** What whoever finds the path must know; empty: nothing. */
  private static Optional<String> note(Situation s) {
    return undone(s).or(() -> whereStateLies(s).filter(text -> !perhapsNewer(s).isEmpty()));
  }

  /** What the end of the deletion could not do; empty before it, and where all was done. */
  private static Optional<String> undone(Situation s) {
    return DecisionState.endOfDeletion(s.recorded())
        .filter(end -> s.recorded().operation().isEmpty() && end.reason() != null)
        .map(OperationRecord::message);
  }

  /** Names of what is left, a few of many. */
  public static String names(List<RemainingObject> left) {
    String names =
        left.stream().limit(NAMED).map(RemainingObject::what).collect(Collectors.joining(", "));
    return left.size() > NAMED ? names + " and " + (left.size() - NAMED) + " more" : names;
  }

  /** Where the state lies, as a sentence; empty: none is known, or it is not to be kept. */
  public static Optional<String> whereStateLies(Situation s) {
    String newer = perhapsNewer(s);
    Optional<String> known = kept(s).map(p -> named(p.path()) + newer);
    if (known.isPresent() || thrownAway(s) || newer.isEmpty()) {
      return known;
    }
    String began =
        FormerState.ours(s).map(m -> named(m.path())).orElse("no restore point is known");
    return Optional.of(began + newer);
  }

  private static String named(String path) {
    return "the newest restore point is " + path;
  }

  /** A JobManager that was lost may have completed what nobody has seen. */
  private static String perhapsNewer(Situation s) {
    List<String> unseen = SnapshotSearch.unseen(s);
    return unseen.isEmpty()
        ? ""
        : ", unless a newer snapshot was completed below "
            + String.join(" or ", unseen)
            + " (its directory holds a _metadata file)";
  }

  /**
   * The deletion goes on without the savepoint that was to be taken.
   *
   * @param unconfirmed whether one may be complete all the same
   */
  public static Decision withoutSavepoint(Situation s, boolean unconfirmed, String why) {
    boolean finished = s.recorded().launch().filter(JobCompletion::is).isPresent();
    OperationBuilder operation = Operations.current(s);
    if (finished) {
      return Continuation.recording(s, Operations.stopping(s, operation));
    }
    operation.because(Reason.SavepointFailed);
    String message =
        "no savepoint could be taken: "
            + why
            + LaunchFacts.text(s.seen().problems(s.launch().epoch()).stream().findFirst())
            + "; the newest restore point is kept";
    return Continuation.recording(
        s,
        unconfirmed
            ? Operations.stoppingUnconfirmed(s, operation, message)
            : Operations.stopping(s, operation, message));
  }

  /** What could not be done, and where the state lies; null: all was done, and nothing is kept. */
  public static String account(Situation s) {
    String account =
        Stream.concat(
                Stream.ofNullable(s.operation().reason() == null ? null : s.operation().message()),
                whereStateLies(s).stream())
            .collect(Collectors.joining("; "));
    return account.isEmpty() ? null : account;
  }

  /** Deletion has ended; the last acts follow. */
  public static Decision ended(Situation s, OperationResult result, String why) {
    Reason cause =
        result == OperationResult.Succeeded ? s.operation().reason() : Reason.DeadlineExceeded;
    return Decision.of(Phase.Deleting, Operations.end(s, result, cause, why)).soon();
  }
}
