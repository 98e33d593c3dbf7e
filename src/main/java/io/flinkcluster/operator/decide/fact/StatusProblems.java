package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.decide.state.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of the recorded status makes no sense: a newer operator may have written it, whose words
 * this one does not know (they are read as null), or somebody by hand. Nothing is done on such a
 * status.
 */
public final class StatusProblems {

  private StatusProblems() {}

  /** One sentence for each; empty: the status can be relied on. */
  public static List<String> of(Situation s) {
    var problems = new ArrayList<String>();
    Optional<LaunchStatus> launch = s.recorded().launch();
    launch.ifPresent(l -> launch(l, problems));
    s.recorded().operation().ifPresent(o -> operation(o, launch, problems));
    int i = 0;
    for (OperationRecord record : s.recorded().operations()) {
      String field = "status.operations[" + i++ + "]";
      required(record.type(), field + ".type", problems);
      required(record.result(), field + ".result", problems);
    }
    s.recorded()
        .restorePoint()
        .ifPresent(
            p -> {
              required(p.path(), "status.restorePoint.path", problems);
              required(p.type(), "status.restorePoint.type", problems);
            });
    i = 0;
    for (SavepointStatus savepoint : s.recorded().savepoints()) {
      required(savepoint.path(), "status.savepoints[" + i++ + "].path", problems);
    }
    return problems;
  }

  private static void launch(LaunchStatus launch, List<String> problems) {
    required(launch.epoch(), "status.launch.epoch", problems);
    required(launch.fingerprint(), "status.launch.fingerprint", problems);
    if (launch.epoch() != null && launch.epoch() < 1) {
      problems.add("status.launch.epoch is " + launch.epoch() + ", it must be at least 1");
    }
  }

  private static void operation(
      OperationStatus operation, Optional<LaunchStatus> launch, List<String> problems) {
    required(operation.id(), "status.operation.id", problems);
    required(operation.type(), "status.operation.type", problems);
    required(operation.stage(), "status.operation.stage", problems);
    if (operation.type() == null || operation.stage() == null) {
      return;
    }
    boolean starts = operation.epoch() != null;
    if (starts) {
      required(operation.fingerprint(), "status.operation.fingerprint", problems);
    }
    boolean needsLaunch =
        !(operation.stage() == OperationStage.Stopping && starts)
            && operation.type() != OperationType.Delete;
    if (needsLaunch && launch.isEmpty()) {
      problems.add(
          "status.operation.stage is " + operation.stage() + ", and there is no status.launch");
    }
    boolean asked =
        operation.stage() == OperationStage.Savepointing
            || operation.stage() == OperationStage.AwaitingJobEnd;
    if (asked) {
      required(operation.triggerId(), "status.operation.triggerId", problems);
      required(operation.savepointDirectory(), "status.operation.savepointDirectory", problems);
    }
    if (operation.stage() == OperationStage.Resizing) {
      required(operation.size(), "status.operation.size", problems);
    }
    boolean deletion = operation.type() == OperationType.Delete;
    boolean ofDeletion =
        operation.stage() == OperationStage.CleaningUp
            || operation.stage() == OperationStage.Removing;
    if (ofDeletion && !deletion) {
      problems.add(
          "status.operation.stage is "
              + operation.stage()
              + ", which an operation of type "
              + operation.type()
              + " does not have");
    }
  }

  private static void required(Object value, String field, List<String> problems) {
    if (value == null) {
      problems.add(field + " is missing, or has a value that this version does not know");
    }
  }
}
