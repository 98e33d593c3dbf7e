package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.fact.OperationTypes;
import io.flinkcluster.operator.decide.rehearsal.Rehearsal;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Problem;
import io.flinkcluster.operator.model.SpecDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the operator would do with a spec: its own decisions, played through.
 *
 * @param cluster {@code namespace/name}
 * @param change the type of the operation, or {@code None}: nothing differs; {@code NoRestart}:
 *     what differs is taken up while the job runs; {@code Refused}: the operator cannot carry it
 *     out; {@code Held}: it would do nothing, and say why
 * @param because what differs, or what was asked for
 * @param jobStops whether the running job is stopped
 * @param startsFrom where the job would begin, as far as that is known before; null: nothing starts
 * @param steps stages in their order
 * @param downtime how long no job would run; null: not known
 * @param downtimeFrom where that figure comes from
 * @param problems why it is refused or held
 * @param notes what else should be known
 */
record ChangePlan(
    String cluster,
    String change,
    List<String> because,
    boolean jobStops,
    String startsFrom,
    List<Step> steps,
    String downtime,
    String downtimeFrom,
    List<String> problems,
    List<String> notes) {

  /**
   * One stage.
   *
   * @param lastTime how long it took when it was done last with this cluster; null: never
   */
  record Step(String name, String meaning, String lastTime) {}

  boolean possible() {
    return problems.isEmpty();
  }

  /**
   * The plan for a situation without an operation under way.
   *
   * @param others fields that differ and need no restart
   */
  static ChangePlan of(Situation s, List<String> others, List<String> notes) {
    String name = s.names().namespace() + "/" + s.names().name();
    if (s.admission() instanceof Admission.Refused refused) {
      List<String> problems = refused.problems().stream().map(Problem::message).toList();
      return nothing(name, "Refused", others, problems, notes);
    }
    var told = new ArrayList<>(notes);
    if (s.admission() instanceof Admission.Accepted accepted) {
      accepted.warnings().forEach(w -> told.add(w.message()));
    }
    Rehearsal rehearsal = Rehearsal.of(s);
    if (rehearsal.begun().isEmpty()) {
      List<String> problems = rehearsal.findings().stream().map(ConditionCause::message).toList();
      String change = !problems.isEmpty() ? "Held" : others.isEmpty() ? "None" : "NoRestart";
      return nothing(name, change, others, problems, told);
    }
    return of(name, s, rehearsal, told);
  }

  private static ChangePlan nothing(
      String name, String change, List<String> because, List<String> problems, List<String> notes) {
    return new ChangePlan(
        name, change, because, false, null, List.of(), "none", "", problems, notes);
  }

  private static ChangePlan of(String name, Situation s, Rehearsal rehearsal, List<String> notes) {
    OperationStatus begun = rehearsal.begun().orElseThrow();
    OperationType type = begun.type();
    boolean runs = s.recorded().launch().filter(l -> l.stoppedAt() == null).isPresent();
    boolean stops = runs && OperationTypes.of(type).stopsJob();
    List<OperationRecord> history = s.recorded().operations();
    List<Step> steps =
        rehearsal.operation().map(OperationRecord::steps).orElse(begun.steps()).stream()
            .map(step -> step(step.name(), type, history))
            .toList();
    boolean interrupted = stops || type == OperationType.RescaleInPlace;
    Optional<OperationRecord> before = interrupted ? measured(type, history) : Optional.empty();
    return new ChangePlan(
        name,
        type.name(),
        differences(s).orElse(List.of(String.valueOf(begun.trigger()))),
        stops,
        startsFrom(s, type, rehearsal),
        steps,
        interrupted ? before.map(OperationRecord::downtime).orElse(null) : "none",
        interrupted ? source(before) : "",
        rehearsal.operation().isPresent()
            ? List.of()
            : rehearsal.findings().stream().map(ConditionCause::message).toList(),
        notes);
  }

  private static Optional<List<String>> differences(Situation s) {
    return s.running()
        .flatMap(running -> s.wanted().flatMap(wanted -> SpecDiff.between(running, wanted)))
        .map(SpecDiff::changes);
  }

  private static String startsFrom(Situation s, OperationType type, Rehearsal rehearsal) {
    boolean savepoint = rehearsal.states().contains(DecisionState.Savepointing);
    if (type == OperationType.RescaleInPlace) {
      return "the newest checkpoint, within the same JobManager";
    }
    boolean starts = rehearsal.states().contains(DecisionState.Starting);
    if (!starts) {
      return savepoint ? "a savepoint is taken and kept" : null;
    }
    if (!s.wanted().map(CheckedCluster::stateful).orElse(false)) {
      return "empty state";
    }
    if (savepoint) {
      return "a savepoint that stops the job";
    }
    return s.recorded()
        .restorePoint()
        .map(p -> p.type() + " " + p.path() + ", or a newer one")
        .or(() -> s.wanted().flatMap(CheckedCluster::job).map(j -> j.initialSavepoint()))
        .orElse("empty state");
  }

  private static Step step(
      OperationStage stage, OperationType type, List<OperationRecord> history) {
    boolean inPlace = type == OperationType.RescaleInPlace && stage == OperationStage.Preparing;
    DecisionState state =
        inPlace ? DecisionState.InPlacePreparing : DecisionState.valueOf(stage.name());
    Optional<String> last =
        lastTime(stage, history.stream().filter(o -> o.type() == type).toList())
            .or(() -> lastTime(stage, history));
    return new Step(stage.name(), state.meaning(), last.orElse(null));
  }

  private static Optional<String> lastTime(OperationStage stage, List<OperationRecord> history) {
    return history.stream()
        .filter(o -> o.steps() != null)
        .flatMap(o -> o.steps().stream())
        .filter(step -> step.name() == stage && step.duration() != null)
        .map(StepStatus::duration)
        .findFirst();
  }

  /** The newest of the same type, else of those that stop and start the job in the same way. */
  private static Optional<OperationRecord> measured(
      OperationType type, List<OperationRecord> history) {
    List<OperationRecord> known = history.stream().filter(o -> o.downtime() != null).toList();
    return known.stream()
        .filter(o -> o.type() == type)
        .findFirst()
        .or(
            () ->
                known.stream()
                    .filter(o -> type != OperationType.RescaleInPlace)
                    .filter(o -> OperationTypes.of(o.type()).keepsRestorePoint())
                    .findFirst());
  }

  private static String source(Optional<OperationRecord> before) {
    return before
        .map(o -> "measured in the " + o.type() + " that ended at " + o.endedAt())
        .orElse("nothing of this kind was done with this cluster yet");
  }

  /** For people. */
  String text() {
    var lines = new ArrayList<String>();
    lines.add(Text.line("Cluster", cluster));
    lines.add(Text.line("Change", change + meaning()));
    if (!because.isEmpty()) {
      lines.add(Text.line("Because of", String.join("\n", because)));
    }
    if (!problems.isEmpty()) {
      lines.add(Text.line("Problems", String.join("\n", problems)));
    }
    if (!steps.isEmpty()) {
      var rows = new ArrayList<List<String>>();
      steps.forEach(
          step ->
              rows.add(
                  List.of(
                      step.name(),
                      step.meaning(),
                      step.lastTime() == null ? "" : step.lastTime() + " last time")));
      lines.add(Text.line("Steps", Text.table(rows)));
      lines.add(Text.line("Job", jobStops ? "is stopped" : "keeps running, or none runs"));
      if (startsFrom != null) {
        lines.add(Text.line("State", startsFrom));
      }
      String from = downtimeFrom.isEmpty() ? "" : ", " + downtimeFrom;
      lines.add(Text.line("Downtime", (downtime == null ? "not known" : downtime) + from));
    }
    if (!notes.isEmpty()) {
      lines.add(Text.line("Note", String.join("\n", notes)));
    }
    return String.join("\n", lines);
  }

  private String meaning() {
    return switch (change) {
      case "None" -> ": nothing differs from what runs";
      case "NoRestart" -> ": taken up while the job runs";
      case "Refused" -> ": the operator cannot carry it out; nothing running would be touched";
      case "Held" -> ": the operator would do nothing, and say why";
      default -> "";
    };
  }
}
