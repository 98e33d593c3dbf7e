package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.report.Conditions;
import java.util.List;
import java.util.Optional;

/**
 * How an action has ended.
 *
 * @param succeeded whether it did what was asked
 * @param message one sentence for people
 * @param operation what was recorded of it; null: it took no operation
 */
record Outcome(boolean succeeded, String message, OperationRecord operation) {

  /** The exit code that says so. */
  int code() {
    return succeeded ? ExitCode.OK : ExitCode.FAILED;
  }

  /**
   * What became of a change of the spec; empty while it is under way.
   *
   * @param generation of the spec with the change
   */
  static Optional<Outcome> ofChange(FlinkCluster cluster, long generation) {
    FlinkClusterStatus status = cluster.getStatus();
    if (NextStep.unseen(cluster) || status.observedGeneration() < generation) {
      return Optional.empty();
    }
    if (NextStep.holds(status, Conditions.STALLED)) {
      return Optional.of(
          new Outcome(
              false, NextStep.message(status, Conditions.STALLED), newest(status).orElse(null)));
    }
    if (status.operation() != null) {
      return Optional.empty();
    }
    Optional<OperationRecord> own =
        newest(status).filter(o -> o.toGeneration() != null && o.toGeneration() >= generation);
    Optional<OperationRecord> failed =
        own.filter(o -> o.result() != OperationResult.Succeeded)
            .filter(o -> o.result() != OperationResult.Superseded);
    if (failed.isPresent()) {
      OperationRecord o = failed.get();
      return Optional.of(new Outcome(false, o.type() + " " + o.result() + ": " + o.message(), o));
    }
    return NextStep.holds(status, Conditions.READY)
        ? Optional.of(
            new Outcome(
                true,
                own.map(Outcome::text).orElse(NextStep.message(status, Conditions.READY)),
                own.orElse(null)))
        : Optional.empty();
  }

  private static String text(OperationRecord o) {
    return o.type() + " " + o.result() + (o.downtime() == null ? "" : ", downtime " + o.downtime());
  }

  private static Optional<OperationRecord> newest(FlinkClusterStatus status) {
    return operations(status).stream()
        .filter(o -> o.triggerKind() != TriggerKind.Schedule)
        .findFirst();
  }

  private static List<OperationRecord> operations(FlinkClusterStatus status) {
    return status.operations() == null ? List.of() : status.operations();
  }

  /** What became of the savepoint with this token; empty while it is under way. */
  static Optional<Outcome> ofSavepoint(FlinkCluster cluster, String token) {
    FlinkClusterStatus status = cluster.getStatus();
    if (status == null || status.actions() == null || !token.equals(status.actions().savepoint())) {
      return Optional.empty();
    }
    return operations(status).stream()
        .filter(o -> ("savepoint token " + token).equals(o.trigger()))
        .findFirst()
        .map(
            o ->
                o.result() == OperationResult.Succeeded
                    ? new Outcome(true, String.valueOf(o.savepoint()), o)
                    : new Outcome(false, "no savepoint was taken: " + o.message(), o))
        .or(
            () ->
                Optional.of(
                    new Outcome(false, "nothing was recorded of the savepoint " + token, null)));
  }

  /** What became of the restart with this token; empty while it is under way. */
  static Optional<Outcome> ofRestart(FlinkCluster cluster, String token) {
    FlinkClusterStatus status = cluster.getStatus();
    boolean begun =
        status != null && status.actions() != null && token.equals(status.actions().restart());
    return begun ? ofChange(cluster, cluster.getMetadata().getGeneration()) : Optional.empty();
  }
}
