package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.api.ActionsStatus;
import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.LastStable;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.api.StorageSpec;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.api.UnregisteredPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The part of the status that decisions rest on. An effect takes place only when the recorded state
 * that asks for it is in the status that was read: whoever restarts in between reads the same
 * recorded state and does the same.
 */
public record RecordedState(
    Optional<OperationStatus> operation,
    List<OperationRecord> operations,
    Optional<RestorePoint> restorePoint,
    List<SavepointStatus> savepoints,
    Optional<LaunchStatus> launch,
    Optional<LastStable> lastStable,
    ActionsStatus actions,
    List<UnregisteredPod> unregistered,
    Optional<AutoscalingStatus> autoscaling) {

  private static final int KEPT_OPERATIONS = 10;

  /** Both kinds that can be limited, and what is told of others; the retention rules keep less. */
  private static final int KEPT_SAVEPOINTS = 2 * StorageSpec.MOST_SAVEPOINTS + 40;

  /** Reads it from a status; a null status is an empty recorded state. */
  public static RecordedState of(FlinkClusterStatus status) {
    if (status == null) {
      return new RecordedState(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          ActionsStatus.NONE,
          List.of(),
          Optional.empty());
    }
    return new RecordedState(
        Optional.ofNullable(status.operation()).map(o -> o.withRule(null)),
        status.operations() == null ? List.of() : status.operations(),
        Optional.ofNullable(status.restorePoint()),
        status.savepoints() == null ? List.of() : status.savepoints(),
        Optional.ofNullable(status.launch()),
        Optional.ofNullable(status.lastStable()),
        status.actions() == null ? ActionsStatus.NONE : status.actions(),
        unregistered(status),
        Optional.ofNullable(status.autoscaling()));
  }

  private static List<UnregisteredPod> unregistered(FlinkClusterStatus status) {
    return status.taskManagers() == null || status.taskManagers().unregistered() == null
        ? List.of()
        : status.taskManagers().unregistered();
  }

  /** The present start, if its job has come to its own end. */
  public Optional<LaunchStatus> finished() {
    return launch.filter(l -> l.finishedAt() != null && l.stoppedAt() == null);
  }

  /** The first epoch that no start of this cluster has used or reserved. */
  public long nextEpoch() {
    long used = launch.map(LaunchStatus::epoch).orElse(0L);
    used = Math.max(used, operation.map(OperationStatus::epoch).orElse(0L));
    for (OperationRecord record : operations) {
      used = Math.max(used, record.epoch() == null ? 0 : record.epoch());
    }
    return used + 1;
  }

  /** Paths of the savepoints whose deletion is decided. */
  public Set<String> disposing() {
    return savepoints.stream()
        .filter(s -> s.disposal() != null)
        .map(SavepointStatus::path)
        .collect(Collectors.toSet());
  }

  /** The same with this in the place of what was recorded. */
  public RecordedState with(OperationStatus operation) {
    return new RecordedState(
        Optional.ofNullable(operation),
        operations,
        restorePoint,
        savepoints,
        launch,
        lastStable,
        actions,
        unregistered,
        autoscaling);
  }

  /** The same with this in the place of what was recorded. */
  public RecordedState with(LaunchStatus launch) {
    return new RecordedState(
        operation,
        operations,
        restorePoint,
        savepoints,
        Optional.ofNullable(launch),
        lastStable,
        actions,
        unregistered,
        autoscaling);
  }

  /** The same with this in the place of what was recorded. */
  public RecordedState with(RestorePoint restorePoint) {
    return new RecordedState(
        operation,
        operations,
        Optional.ofNullable(restorePoint),
        savepoints,
        launch,
        lastStable,
        actions,
        unregistered,
        autoscaling);
  }

  /** The same with this in the place of what was recorded. */
  public RecordedState with(LastStable lastStable) {
    return new RecordedState(
        operation,
        operations,
        restorePoint,
        savepoints,
        launch,
        Optional.of(lastStable),
        actions,
        unregistered,
        autoscaling);
  }

  /** The same with this in the place of what was recorded. */
  public RecordedState with(ActionsStatus actions) {
    return new RecordedState(
        operation,
        operations,
        restorePoint,
        savepoints,
        launch,
        lastStable,
        actions,
        unregistered,
        autoscaling);
  }

  /** The same with this in the place of what was recorded; empty: nothing is evaluated. */
  public RecordedState withAutoscaling(Optional<AutoscalingStatus> autoscaling) {
    return new RecordedState(
        operation,
        operations,
        restorePoint,
        savepoints,
        launch,
        lastStable,
        actions,
        unregistered,
        autoscaling);
  }

  /** The same with these TaskManager pods as those that are not registered. */
  public RecordedState withUnregistered(List<UnregisteredPod> pods) {
    return new RecordedState(
        operation,
        operations,
        restorePoint,
        savepoints,
        launch,
        lastStable,
        actions,
        List.copyOf(pods),
        autoscaling);
  }

  /** The same with this in the place of what was recorded. */
  public RecordedState withSavepoints(List<SavepointStatus> savepoints) {
    return new RecordedState(
        operation,
        operations,
        restorePoint,
        List.copyOf(savepoints),
        launch,
        lastStable,
        actions,
        unregistered,
        autoscaling);
  }

  /** The same with this in the place of what was recorded. */
  public RecordedState with(SavepointStatus savepoint) {
    if (savepoints.stream().anyMatch(s -> s.path().equals(savepoint.path()))) {
      return this;
    }
    var all = new ArrayList<SavepointStatus>();
    all.add(savepoint);
    all.addAll(savepoints);
    return withSavepoints(all.subList(0, Math.min(all.size(), KEPT_SAVEPOINTS)));
  }

  /**
   * With the operation ended. Of the savepoints by schedule the newest is told, beside ten other
   * operations: they must not push those out. These are the last ones, and those on which decisions
   * rest; of the oldest less is told where all of them would be long.
   */
  public RecordedState ended(OperationRecord record) {
    var all = new ArrayList<OperationRecord>();
    all.add(record);
    all.addAll(operations);
    Set<OperationRecord> needed = OperationHistory.restedOn(all);
    long free = KEPT_OPERATIONS - needed.size();
    boolean told = false;
    var kept = new ArrayList<OperationRecord>();
    for (OperationRecord each : all) {
      boolean periodic = each.triggerKind() == TriggerKind.Schedule;
      if (periodic ? !told : needed.contains(each) || free-- > 0) {
        kept.add(each);
      }
      told |= periodic;
    }
    return new RecordedState(
        Optional.empty(),
        OperationHistory.bounded(kept),
        restorePoint,
        savepoints,
        launch,
        lastStable,
        actions,
        unregistered,
        autoscaling);
  }
}
