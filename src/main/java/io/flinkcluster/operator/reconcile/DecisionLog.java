package io.flinkcluster.operator.reconcile;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.report.EventNote;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The log of what was decided and what came of it: a line for each, with namespace, name,
 * operation, stage, rule and reason as fields of their own. What only went on as before, as one
 * more checkpoint, is a line at DEBUG.
 */
final class DecisionLog {
  private static final Logger LOG = LoggerFactory.getLogger(DecisionLog.class);

  private DecisionLog() {}

  /** A decision is about to be written down. */
  static void decided(Reconciliation pass, Decision decision) {
    RecordedState before = pass.situation().recorded();
    RecordedState after = decision.recorded();
    Optional<OperationStatus> operation = after.operation().or(before::operation);
    boolean moved =
        !before
                .operation()
                .map(DecisionLog::place)
                .equals(after.operation().map(DecisionLog::place))
            || !before.launch().equals(after.launch());
    var line = line(moved ? Level.INFO : Level.DEBUG, pass.cluster(), operation, decision.rule());
    after
        .operation()
        .map(OperationStatus::reason)
        .ifPresent(reason -> line.addKeyValue("reason", reason.name()));
    line.log(
        "{}/{}: {} leads to {}{}",
        pass.cluster().getMetadata().getNamespace(),
        pass.cluster().getMetadata().getName(),
        decision.rule(),
        after
            .operation()
            .map(o -> o.type() + " " + o.id() + " " + o.stage())
            .orElseGet(() -> decision.phase().name()),
        after
            .operation()
            .map(o -> o.message() != null ? o.message() : o.trigger())
            .map(text -> ": " + text)
            .orElse(""));
  }

  /** Type, id, stage and failure of an operation: what makes a line worth reading. */
  private static String place(OperationStatus o) {
    return o.type() + " " + o.id() + " " + o.stage() + " " + o.retries() + " " + o.reason();
  }

  /** Something happened that an event tells, too; bad news is a warning. */
  static void happened(Reconciliation pass, Decision decision, EventNote note) {
    var line =
        line(
            note.warning() ? Level.WARN : Level.INFO,
            pass.cluster(),
            decision.recorded().operation().or(pass.situation().recorded()::operation),
            decision.rule());
    line.addKeyValue("reason", note.reason().name())
        .log(
            "{}/{}: {}: {} ({})",
            pass.cluster().getMetadata().getNamespace(),
            pass.cluster().getMetadata().getName(),
            note.reason(),
            note.message(),
            decision.rule());
  }

  private static LoggingEventBuilder line(
      Level level, FlinkCluster cluster, Optional<OperationStatus> operation, String rule) {
    var line =
        LOG.atLevel(level)
            .addKeyValue("namespace", cluster.getMetadata().getNamespace())
            .addKeyValue("name", cluster.getMetadata().getName())
            .addKeyValue("rule", rule);
    operation.ifPresent(
        o -> line.addKeyValue("operation", o.id()).addKeyValue("stage", String.valueOf(o.stage())));
    return line;
  }
}
