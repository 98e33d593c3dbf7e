package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.ActionsStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Times;
import java.util.Optional;

/**
 * Savepoints of a job that goes on: how they begin and end, and those that a user asks for by a
 * token. The token is echoed when its savepoint has ended, well or badly, in the write that tells
 * the result.
 */
final class SavepointRequests {
  private static final String TOKEN = "savepoint token ";

  private SavepointRequests() {}

  /** When there is a new savepoint token, then take a savepoint as soon as the job runs. */
  static Optional<Decision> asked(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running, CheckedCluster wanted) {
    Optional<String> token = s.wishes().savepoint();
    if (token.isEmpty() || token.get().equals(s.recorded().actions().savepoint())) {
      return Optional.empty();
    }
    CheckedCluster spec = running.orElse(wanted);
    if (spec.job().isEmpty()) {
      String why = "a session cluster has no job of its own to take a savepoint of";
      return Optional.of(refused(s, launch, spec, token.get(), why));
    }
    if (spec.dirs().savepoints().isEmpty()) {
      String why =
          "no savepoint directory is known; set storage.baseURI or storage.savepoints, then the"
              + " annotation to a new value";
      return Optional.of(refused(s, launch, spec, token.get(), why));
    }
    return LaunchFacts.job(s, launch).filter(ObservedJob::allTasksRunning).isPresent()
        ? Optional.of(begin(s, launch, spec, TOKEN + token.get()))
        : Optional.empty();
  }

  private static Decision refused(
      Situation s, LaunchStatus launch, CheckedCluster spec, String token, String why) {
    OperationRecord record =
        draft(s, spec, TOKEN + token).end(OperationResult.Failed, why, Optional.empty());
    return SteadyRules.asKept(s, launch, echoed(s.recorded().ended(record), record.trigger()))
        .soon();
  }

  /** Records that Flink is to be asked for a savepoint of the running job. */
  static Decision begin(Situation s, LaunchStatus launch, CheckedCluster spec, String trigger) {
    OperationBuilder draft = draft(s, spec, trigger);
    OperationBuilder begun =
        Operations.savepointing(
            s, draft, spec.dirs().savepoints().orElseThrow(), draft.status().id());
    return SteadyRules.asKept(s, launch, s.recorded().with(begun.status())).soon();
  }

  /** The moment is part of the id: the same wish at another time is another savepoint. */
  private static OperationBuilder draft(Situation s, CheckedCluster spec, String trigger) {
    String at = Times.text(s.seen().at());
    String id = Ids.hex(s.uid(), OperationType.Savepoint.name(), trigger, at).substring(0, 12);
    Long from = s.recorded().launch().map(LaunchStatus::generation).orElse(null);
    return OperationBuilder.begin(
            OperationType.Savepoint, id, s.seen().at(), Operations.timeout(spec))
        .trigger(trigger)
        .generations(from, s.generation());
  }

  /** The job runs on as before, whatever became of the savepoint. */
  static Decision end(
      Situation s,
      OperationStatus operation,
      RecordedState recorded,
      OperationResult result,
      String why) {
    LaunchStatus launch = s.recorded().launch().orElseThrow();
    RecordedState ended = Operations.end(s, recorded, operation, result, why, Optional.empty());
    return SteadyRules.asKept(s, launch, echoed(ended, operation.trigger())).soon();
  }

  private static RecordedState echoed(RecordedState recorded, String trigger) {
    return trigger != null && trigger.startsWith(TOKEN)
        ? recorded.with(
            new ActionsStatus(trigger.substring(TOKEN.length()), recorded.actions().restart()))
        : recorded;
  }

  /** Whether a user asked for it: such savepoints are the user's. */
  static boolean byToken(String trigger) {
    return trigger != null && trigger.startsWith(TOKEN);
  }
}
