package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedPod.Preparation;
import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.SnapshotSearchDirectories;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The JobManager of the next start that comes up while the old one runs. */
public final class PreparedJobManager {
  /** The scheduler needs less where there is room; a node that is still to come takes longer. */
  private static final Duration ROOM = Duration.ofSeconds(10);

  /** How long the kubelet may fail to set it up: most such failures pass. */
  private static final Duration SET_UP = Duration.ofSeconds(20);

  private PreparedJobManager() {}

  /**
   * Whether one is prepared for a start of this spec: not with high availability, where more than
   * one may begin, and not where it is known that it must look on S3 for what it begins from.
   */
  public static boolean suits(Situation s, CheckedCluster spec) {
    boolean fromCheckpoint = spec.stateful() && !SavepointFacts.needed(s, spec);
    return spec.startsOnce() && !(fromCheckpoint && spec.dirs().onS3());
  }

  /** Whether it waits for its release, or none is prepared, so that none is waited for. */
  public static boolean readyOrNone(Situation s) {
    return !s.operation().withJobManagerPrepared() || ready(s);
  }

  /**
   * Why it is given up while nothing has been stopped yet; empty: it is not. It must take no room
   * that the TaskManagers need, and may fail for being prepared.
   */
  public static Optional<String> inVain(Situation s) {
    OperationStatus operation = s.operation();
    if (!operation.withJobManagerPrepared()) {
      return Optional.empty();
    }
    List<ObservedPod.PodProblem> problems = s.seen().problems(operation.epoch());
    Optional<String> forbidden = message(problems, Reason.PodCreationFailed);
    if (forbidden.isPresent()) {
      return forbidden;
    }
    boolean ownRoom = pods(s).stream().noneMatch(p -> p.node().isEmpty());
    Optional<String> unschedulable = message(problems, Reason.Unschedulable);
    Duration patience = ownRoom ? Timeouts.fifth(s).dividedBy(2) : ROOM;
    if (unschedulable.isPresent()
        && !LeavingNodes.moves(operation)
        && Timeouts.longerInStage(s, patience)) {
      return unschedulable;
    }
    Optional<String> notSetUp = notSetUp(s).filter(why -> Timeouts.longerInStage(s, SET_UP));
    return notSetUp.or(() -> slow(s)).or(() -> ended(s));
  }

  /**
   * Its volume may be attached to the node of the one that runs, and only there. A kubelet that is
   * slow says nothing of that.
   */
  private static Optional<String> notSetUp(Situation s) {
    return message(
        pods(s).stream().flatMap(p -> p.problem().stream()).filter(p -> !p.timedOut()).toList(),
        Reason.PodNotSetUp);
  }

  private static Optional<String> slow(Situation s) {
    int replicas = s.next().map(next -> next.spec().taskManager().replicas()).orElse(0);
    return !ready(s)
            && LaunchFacts.taskManagersUp(s, s.operation().epoch(), replicas)
            && Timeouts.longerInStage(s, Timeouts.fifth(s))
        ? Optional.of("it did not come up within a fifth of changeTimeout")
        : Optional.empty();
  }

  /** Why it is of no use for the start that follows, once the old one is removed. */
  public static Optional<String> useless(Situation s) {
    OperationStatus operation = s.operation();
    if (!operation.withJobManagerPrepared()) {
      return Optional.empty();
    }
    return s.next()
        .filter(next -> searchesS3(s, operation, next))
        .map(next -> "the newest snapshot is looked for on S3 before it starts")
        .or(() -> ended(s));
  }

  /** An init container looks there, which has run already. */
  private static boolean searchesS3(Situation s, OperationStatus operation, CheckedCluster next) {
    var launch =
        new Launch(
            operation.epoch(),
            Optional.empty(),
            RestorePoints.startingPoint(s, operation, next),
            SnapshotSearch.directories(s, operation, next));
    return SnapshotSearchDirectories.of(next, launch).stream().anyMatch(Schemes::isS3);
  }

  private static Optional<String> ended(Situation s) {
    return pods(s).stream().anyMatch(p -> p.held() && p.flinkRestarts() > 0)
        ? Optional.of(
            "its container has ended"
                + LaunchFacts.text(LaunchFacts.brokenPod(s, s.operation().epoch())))
        : Optional.empty();
  }

  /** Whether one exists although the operation prepares none any more. */
  public static boolean leftOver(Situation s) {
    return s.operation().epoch() != null
        && !s.operation().withJobManagerPrepared()
        && pods(s).stream().anyMatch(ObservedPod::held);
  }

  private static boolean ready(Situation s) {
    return pods(s).stream().anyMatch(p -> !p.deleting() && p.preparation() == Preparation.READY);
  }

  private static List<ObservedPod> pods(Situation s) {
    return s.seen().pods(Component.JOB_MANAGER, s.operation().epoch());
  }

  private static Optional<String> message(List<ObservedPod.PodProblem> problems, Reason reason) {
    return problems.stream()
        .filter(p -> p.reason() == reason)
        .map(ObservedPod.PodProblem::message)
        .findFirst();
  }
}
