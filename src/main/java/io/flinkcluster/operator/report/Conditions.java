package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.SafeText;
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

  /**
   * As whom the pods speak to AWS is known, and meant for them. Absent where it does not matter.
   */
  public static final String CLOUD_IDENTITY_READY = "CloudIdentityReady";

  /**
   * The pods can work in Flink's directories on S3, and nothing is known that would take away what
   * they write. Absent where nothing was checked.
   */
  public static final String STORAGE_READY = "StorageReady";

  /** Kubernetes' own limit for a condition. */
  private static final int MESSAGE_LIMIT = 32768;

  private static final int ROOM_FOR_MORE = 40;

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
    return new Condition(type, status, generation, since, reason.name(), cut(message));
  }

  /** Whole lines as far as they fit, and how many are left out. */
  private static String cut(String message) {
    if (message.length() <= MESSAGE_LIMIT) {
      return message;
    }
    int end = message.lastIndexOf('\n', MESSAGE_LIMIT - ROOM_FOR_MORE);
    if (end < 0) {
      return SafeText.shortened(message, MESSAGE_LIMIT);
    }
    long more = message.substring(end + 1).lines().count();
    return message.substring(0, end) + "\nand " + more + " more";
  }
}
