package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SavepointStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What happened between two statuses. Nothing happened where they tell the same. */
public final class EventNotes {

  private EventNotes() {}

  /** The events, oldest first; {@code before} may be null. */
  public static List<EventNote> between(FlinkClusterStatus before, FlinkClusterStatus after) {
    var notes = new ArrayList<EventNote>();
    begun(before, after).ifPresent(notes::add);
    savepoints(before, after).ifPresent(notes::add);
    ended(before, after).ifPresent(notes::add);
    changed(before, after, Conditions.STALLED, "True", true).ifPresent(notes::add);
    changed(before, after, Conditions.READY, "True", false).ifPresent(notes::add);
    return notes;
  }

  private static Optional<EventNote> begun(FlinkClusterStatus before, FlinkClusterStatus after) {
    OperationStatus now = after.operation();
    String earlier = before == null || before.operation() == null ? "" : before.operation().id();
    if (now == null || now.id().equals(earlier)) {
      return Optional.empty();
    }
    return Optional.of(
        new EventNote(
            false,
            Reason.OperationStarted,
            now.type() + ": " + now.trigger(),
            now.id() + "/started"));
  }

  private static Optional<EventNote> savepoints(
      FlinkClusterStatus before, FlinkClusterStatus after) {
    List<SavepointStatus> now = after.savepoints() == null ? List.of() : after.savepoints();
    List<SavepointStatus> earlier =
        before == null || before.savepoints() == null ? List.of() : before.savepoints();
    if (now.isEmpty() || (!earlier.isEmpty() && earlier.get(0).equals(now.get(0)))) {
      return Optional.empty();
    }
    return Optional.of(
        new EventNote(false, Reason.SavepointCompleted, now.get(0).path(), now.get(0).path()));
  }

  private static Optional<EventNote> ended(FlinkClusterStatus before, FlinkClusterStatus after) {
    if (after.operations() == null || after.operations().isEmpty()) {
      return Optional.empty();
    }
    OperationRecord last = after.operations().get(0);
    boolean known =
        before != null && before.operations() != null && before.operations().contains(last);
    if (known) {
      return Optional.empty();
    }
    boolean well = last.result() == OperationResult.Succeeded;
    String text =
        last.type()
            + " "
            + last.result()
            + (last.downtime() == null ? "" : ", downtime " + last.downtime())
            + (last.message() == null ? "" : ": " + last.message());
    return Optional.of(
        new EventNote(
            !well && last.result() != OperationResult.Superseded,
            well ? Reason.OperationSucceeded : Reason.OperationFailed,
            text,
            last.id() + "/" + last.result()));
  }

  private static Optional<EventNote> changed(
      FlinkClusterStatus before,
      FlinkClusterStatus after,
      String type,
      String status,
      boolean warning) {
    Optional<Condition> now =
        Conditions.find(after, type).filter(c -> Objects.equals(c.status(), status));
    Optional<Condition> earlier =
        Conditions.find(before, type).filter(c -> Objects.equals(c.status(), status));
    boolean same =
        now.map(Condition::reason).equals(earlier.map(Condition::reason))
            && now.map(Condition::message).equals(earlier.map(Condition::message));
    if (now.isEmpty() || same) {
      return Optional.empty();
    }
    Condition c = now.get();
    return Optional.of(
        new EventNote(
            warning,
            Reason.valueOf(c.reason()),
            c.message(),
            type + c.lastTransitionTime() + c.reason() + c.message()));
  }
}
