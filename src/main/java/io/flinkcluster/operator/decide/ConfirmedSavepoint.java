package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.SavepointProgress;
import java.util.Optional;

/** Where the savepoint lies that Flink was asked for, once it is complete. */
final class ConfirmedSavepoint {

  private ConfirmedSavepoint() {}

  /** The path, whichever way Flink tells it; it lies in the directory of this operation alone. */
  static Optional<String> path(Situation s, OperationStatus operation, LaunchStatus launch) {
    Optional<SavepointProgress> progress = SavepointRules.progress(s, operation);
    Optional<String> told =
        progress
            .filter(SavepointProgress.Completed.class::isInstance)
            .map(p -> ((SavepointProgress.Completed) p).location())
            .or(
                () ->
                    progress
                        .filter(SavepointProgress.Failed.class::isInstance)
                        .flatMap(p -> ((SavepointProgress.Failed) p).written())
                        .filter(path -> own(operation, path)));
    return told.or(
        () ->
            LaunchFacts.job(s, launch)
                .filter(ObservedJob::ended)
                .flatMap(j -> j.checkpoints().lastSavepoint())
                .filter(path -> own(operation, path)));
  }

  /** The text of a failure is written by the job's process: a path elsewhere is not believed. */
  private static boolean own(OperationStatus operation, String path) {
    String directory = Lineage.plain(operation.savepointDirectory());
    return Lineage.plain(path).startsWith(directory + "/");
  }

  /** Whether the path of the savepoint that was asked for is written down. */
  static boolean recorded(OperationStatus operation) {
    return AwaitedSavepoint.asked(operation) && operation.savepoint() != null;
  }
}
