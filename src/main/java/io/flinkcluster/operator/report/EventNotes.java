package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.api.UnregisteredPod;
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
    disposals(before, after).forEach(notes::add);
    ended(before, after).ifPresent(notes::add);
    AutoscalingNotes.between(before, after).ifPresent(notes::add);
    replaced(before, after).forEach(notes::add);
    changed(before, after, Conditions.STALLED, "True", true).ifPresent(notes::add);
    changed(before, after, Conditions.CLOUD_IDENTITY_READY, "False", true).ifPresent(notes::add);
    changed(before, after, Conditions.STORAGE_READY, "False", true).ifPresent(notes::add);
    changed(before, after, Conditions.READY, "True", false).ifPresent(notes::add);
    return notes;
  }

  private static Optional<EventNote> begun(FlinkClusterStatus before, FlinkClusterStatus after) {
    OperationStatus now = after.operation();
    String earlier = before == null || before.operation() == null ? "" : before.operation().id();
    if (now == null || now.id().equals(earlier) || routine(now.type(), now.triggerKind())) {
      return Optional.empty();
    }
    return Optional.of(
        new EventNote(
            false,
            Reason.OperationStarted,
            now.type() + ": " + now.trigger(),
            now.id() + "/started"));
  }

  /** Of a savepoint by schedule only the path or the failure is told. */
  private static boolean routine(OperationType type, TriggerKind kind) {
    return type == OperationType.Savepoint && kind == TriggerKind.Schedule;
  }

  private static Optional<EventNote> savepoints(
      FlinkClusterStatus before, FlinkClusterStatus after) {
    List<SavepointStatus> now = listed(after);
    List<SavepointStatus> earlier = listed(before);
    if (now.isEmpty() || (!earlier.isEmpty() && earlier.get(0).path().equals(now.get(0).path()))) {
      return Optional.empty();
    }
    return Optional.of(
        new EventNote(false, Reason.SavepointCompleted, now.get(0).path(), now.get(0).path()));
  }

  private static List<EventNote> disposals(FlinkClusterStatus before, FlinkClusterStatus after) {
    var notes = new ArrayList<EventNote>();
    for (SavepointStatus earlier : listed(before)) {
      if (earlier.disposal() == null) {
        continue;
      }
      Optional<SavepointStatus> now =
          listed(after).stream().filter(p -> p.path().equals(earlier.path())).findFirst();
      if (now.isEmpty()) {
        notes.add(new EventNote(false, Reason.SavepointDisposed, earlier.path(), earlier.path()));
        continue;
      }
      var disposal = now.get().disposal();
      if (disposal != null && !Objects.equals(disposal.failures(), earlier.disposal().failures())) {
        notes.add(
            new EventNote(
                true,
                Reason.SavepointDisposalFailed,
                earlier.path() + ": " + disposal.message(),
                earlier.path() + disposal.failedAt()));
      }
    }
    return notes;
  }

  private static List<EventNote> replaced(FlinkClusterStatus before, FlinkClusterStatus after) {
    List<UnregisteredPod> known = unregistered(before);
    return unregistered(after).stream()
        .filter(p -> p.replacedAt() != null && !known.contains(p))
        .map(
            p ->
                new EventNote(
                    true,
                    Reason.TaskManagerReplaced,
                    "TaskManager pod "
                        + p.pod()
                        + " was ready and not registered with the JobManager since "
                        + p.since()
                        + "; another takes its place",
                    p.pod() + "/" + p.replacedAt()))
        .toList();
  }

  private static List<UnregisteredPod> unregistered(FlinkClusterStatus status) {
    return status == null
            || status.taskManagers() == null
            || status.taskManagers().unregistered() == null
        ? List.of()
        : status.taskManagers().unregistered();
  }

  private static List<SavepointStatus> listed(FlinkClusterStatus status) {
    return status == null || status.savepoints() == null ? List.of() : status.savepoints();
  }

  private static Optional<EventNote> ended(FlinkClusterStatus before, FlinkClusterStatus after) {
    if (after.operations() == null || after.operations().isEmpty()) {
      return Optional.empty();
    }
    OperationRecord last = after.operations().get(0);
    boolean known =
        before != null && before.operations() != null && before.operations().contains(last);
    boolean well = last.result() == OperationResult.Succeeded;
    if (known || (well && routine(last.type(), last.triggerKind()))) {
      return Optional.empty();
    }
    String text =
        last.type()
            + " "
            + last.result()
            + (last.downtime() == null ? "" : ", downtime " + last.downtime())
            + (last.message() == null ? "" : ": " + last.message());
    // What succeeded and could not do all of it warns: a deletion without its savepoint does.
    boolean partly = well && last.reason() != null;
    Reason reason = well ? Reason.OperationSucceeded : Reason.OperationFailed;
    return Optional.of(
        new EventNote(
            partly || (!well && last.result() != OperationResult.Superseded),
            partly ? last.reason() : reason,
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
