package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LastStable;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedJob;
import java.time.Instant;
import java.util.Optional;

/** How a rescale in place ends: well, back in place, by savepoint instead, or as it was. */
final class InPlaceEnds {

  private InPlaceEnds() {}

  static Decision succeeded(Situation s, OperationStatus operation, LaunchStatus launch) {
    boolean back = operation.type() == OperationType.Rollback;
    Long generation = back ? launch.generation() : operation.toGeneration();
    LaunchStatus now = launch.resized(generation, operation.fingerprint(), operation.size());
    Optional<Instant> up = LaunchFacts.job(s, launch).flatMap(ObservedJob::tasksRunningSince);
    Optional<Instant> down = s.seen().flink().flatMap(f -> f.scaling().ranUntil());
    Instant asked = s.seen().at().minus(Operations.inStage(s, operation));
    OperationBuilder draft = OperationBuilder.of(operation, s.seen().at());
    boolean restarted = up.filter(u -> u.isAfter(asked)).isPresent() && down.isPresent();
    if (restarted) {
      draft.stoppedAt(down.get());
    }
    RecordedState recorded =
        Operations.end(
                s,
                s.recorded(),
                draft.status(),
                OperationResult.Succeeded,
                null,
                restarted ? up : Optional.empty())
            .with(now)
            .with(new LastStable(now.generation(), now.fingerprint(), now.epoch(), now.size()));
    return Decision.of(Phase.Running, recorded).keep(ChangeRules.epochs(s, operation)).soon();
  }

  /** When it does not work in place: by savepoint, or back, or as it was. */
  static Decision impossible(
      Situation s,
      OperationStatus operation,
      LaunchStatus launch,
      CheckedCluster running,
      String why) {
    if (operation.type() == OperationType.Rollback) {
      return end(s, operation, OperationResult.Failed, why);
    }
    if (InPlaceRules.mode(s) == RescaleMode.Auto) {
      return bySavepoint(s, operation, why);
    }
    boolean rollback = s.wanted().map(w -> w.spec().rollback()).orElse(true);
    if (!InPlaceRules.asked(operation) || !rollback) {
      return end(s, operation, OperationResult.Abandoned, why);
    }
    RecordedState recorded =
        Operations.end(
            s, s.recorded(), operation, OperationResult.RolledBack, why, Optional.empty());
    OperationBuilder back =
        Operations.sameLaunch(s.withRecorded(recorded), OperationType.Rollback, running, why)
            .generations(operation.toGeneration(), s.generation())
            .target(null, launch.fingerprint())
            .size(launch.size())
            .stage(OperationStage.Verifying)
            .message("back to generation " + launch.generation() + ", in place");
    return Decision.of(Phase.RollingBack, recorded.with(back.status()))
        .keep(ChangeRules.epochs(s, operation))
        .soon();
  }

  private static Decision bySavepoint(Situation s, OperationStatus operation, String why) {
    RecordedState recorded =
        Operations.end(
            s,
            s.recorded(),
            operation,
            OperationResult.Superseded,
            why + "; it is done by savepoint instead",
            Optional.empty());
    String trigger = operation.trigger().replaceFirst(", in place$", "");
    OperationBuilder draft =
        Operations.newLaunch(
                s.withRecorded(recorded), OperationType.Rescale, s.wanted().orElseThrow(), trigger)
            .stage(OperationStage.Preparing)
            .message("not in place: " + why);
    return Decision.of(Phase.Changing, recorded.with(draft.status()))
        .keep(ChangeRules.epochs(s, operation))
        .soon();
  }

  static Decision superseded(Situation s, OperationStatus operation, String why) {
    return end(s, operation, OperationResult.Superseded, why);
  }

  static Decision end(Situation s, OperationStatus operation, OperationResult result, String why) {
    RecordedState recorded =
        Operations.end(s, s.recorded(), operation, result, why, Optional.empty());
    return Decision.of(Phase.Running, recorded).keep(ChangeRules.epochs(s, operation)).soon();
  }
}
