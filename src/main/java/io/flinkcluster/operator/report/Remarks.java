package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a status tells in passing: the name of the rule that was decided by last, which processes
 * there are and what they were given. No decision rests on it, and it soon changes again, so that
 * it is worth no write of its own while more is about to be told.
 */
public final class Remarks {
  private static final Set<String> CONDITIONS =
      Set.of(Conditions.CLOUD_IDENTITY_READY, Conditions.STORAGE_READY);

  private Remarks() {}

  /**
   * Whether the second status differs from the first in remarks, and in nothing else.
   *
   * @param before may be null: there is none
   */
  public static boolean only(FlinkClusterStatus before, FlinkClusterStatus after) {
    return before != null && !before.equals(after) && before.equals(withRemarksOf(before, after));
  }

  private static FlinkClusterStatus withRemarksOf(
      FlinkClusterStatus before, FlinkClusterStatus after) {
    return new FlinkClusterStatus(
        after.observedGeneration(),
        conditions(before, after.conditions()),
        after.phase(),
        after.job(),
        before.jobManager(),
        before.taskManagers(),
        operation(before.operation(), after.operation()),
        after.operations(),
        after.restorePoint(),
        after.savepoints(),
        after.launch(),
        before.configuration(),
        after.lastStable(),
        after.actions(),
        after.autoscaling());
  }

  private static OperationStatus operation(OperationStatus before, OperationStatus after) {
    boolean same = before != null && after != null && Objects.equals(before.id(), after.id());
    return same ? after.withRule(before.rule()) : after;
  }

  private static List<Condition> conditions(FlinkClusterStatus before, List<Condition> after) {
    if (after == null) {
      return null;
    }
    var conditions = new ArrayList<Condition>();
    for (Condition condition : after) {
      if (!CONDITIONS.contains(condition.type())) {
        conditions.add(condition);
      } else {
        Conditions.find(before, condition.type()).ifPresent(conditions::add);
      }
    }
    return conditions;
  }
}
