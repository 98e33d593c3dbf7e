package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.ActionsStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tokens of annotations that cannot be served yet: that they were read, and what they wait for. */
public final class WaitingTokens {

  private WaitingTokens() {}

  /** The recorded state in which they are told. */
  public static RecordedState recorded(Situation s) {
    ActionsStatus actions = s.recorded().actions();
    List<String> waiting = s.wishes().deleting() ? List.of() : waiting(s);
    return s.recorded().with(actions.withWaiting(waiting.isEmpty() ? null : waiting));
  }

  private static List<String> waiting(Situation s) {
    ActionsStatus served = s.recorded().actions();
    var waiting = new ArrayList<String>();
    s.wishes()
        .savepoint()
        .filter(token -> !token.equals(served.savepoint()))
        .ifPresent(
            token ->
                forSavepoint(s)
                    .ifPresent(why -> waiting.add("savepoint token " + token + ": " + why)));
    s.wishes()
        .restart()
        .filter(token -> !token.equals(served.restart()))
        .ifPresent(
            token ->
                forRestart(s).ifPresent(why -> waiting.add("restart token " + token + ": " + why)));
    return List.copyOf(waiting);
  }

  private static Optional<String> forSavepoint(Situation s) {
    Optional<LaunchStatus> launch = s.recorded().launch().filter(l -> l.stoppedAt() == null);
    Optional<OperationStatus> operation = s.recorded().operation();
    if (operation.filter(WaitingTokens::servesSavepoint).isPresent()) {
      return Optional.empty();
    }
    if (operation.isPresent()) {
      return Optional.of(endOf(operation.get()));
    }
    if (launch.isEmpty()) {
      return Optional.of(
          suspended(s)
              ? "the job is suspended; its savepoint is taken when it runs again"
              : "no job runs; its savepoint is taken when one does");
    }
    if (s.wanted().isEmpty()) {
      return Optional.of("the spec cannot be carried out; it is served when it can");
    }
    if (launch.filter(JobCompletion::is).isPresent()) {
      return Optional.of("the job has come to its end; there is nothing to take a savepoint of");
    }
    if (launch.get().jobId() == null || LaunchFacts.allTasksRun(s, launch.get())) {
      return Optional.empty();
    }
    return Optional.of("not all tasks of the job run; its savepoint is taken when they do");
  }

  private static Optional<String> forRestart(Situation s) {
    if (s.recorded().operation().isPresent()) {
      return s.recorded().operation().map(WaitingTokens::endOf);
    }
    return suspended(s)
        ? Optional.of("the job is suspended; it is started anew when suspend is false")
        : Optional.empty();
  }

  private static boolean servesSavepoint(OperationStatus operation) {
    return operation.type() == OperationType.Savepoint
        && operation.triggerKind() == TriggerKind.SavepointToken;
  }

  private static String endOf(OperationStatus operation) {
    return "it is served when the operation under way, " + operation.type() + ", has ended";
  }

  private static boolean suspended(Situation s) {
    return s.wanted().filter(w -> w.spec().suspend()).isPresent();
  }
}
