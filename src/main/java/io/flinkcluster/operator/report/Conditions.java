package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Times;
import java.time.Instant;
import java.util.Optional;

/** Types of conditions, and how one follows another. */
public final class Conditions {
  /** The job runs as the observed spec says. */
  public static final String READY = "Ready";

  /** The operator is at work. */
  public static final String RECONCILING = "Reconciling";

  /** Nothing will happen until a person acts. */
  public static final String STALLED = "Stalled";

  /** The spec can be carried out. */
  public static final String CONFIG_VALID = "ConfigValid";

  /** A restart would lose nothing that a checkpoint or savepoint could keep. */
  public static final String STATE_SAFE = "StateSafe";

  private static final int MESSAGE_LIMIT = 4096;

  private Conditions() {}

  /** The condition of this type; empty where the status is null or has none. */
  public static Optional<Condition> find(FlinkClusterStatus status, String type) {
    if (status == null || status.conditions() == null) {
      return Optional.empty();
    }
    return status.conditions().stream().filter(c -> type.equals(c.type())).findFirst();
  }

  /** A condition that keeps its transition time while its status stays the same. */
  static Condition next(
      FlinkClusterStatus before,
      String type,
      String status,
      long generation,
      Instant at,
      Reason reason,
      String message) {
    String since =
        find(before, type)
            .filter(c -> status.equals(c.status()))
            .map(Condition::lastTransitionTime)
            .orElse(Times.text(at));
    String text =
        message.length() <= MESSAGE_LIMIT ? message : message.substring(0, MESSAGE_LIMIT - 1) + "…";
    return new Condition(type, status, generation, since, reason.name(), text);
  }
}
