package io.flinkcluster.operator.reconcile;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationType;
import java.time.Duration;

/** How long a look at a cluster may wait behind looks at others that came later. */
public enum Urgency {
  /** Something is to be done about a job that runs, or to end. */
  CHANGE(Duration.ZERO),
  /** Nothing is known to be otherwise than it should be. */
  REST(Duration.ofSeconds(10)),
  /** A job that has never run is to start: it interrupts nothing. */
  START(Duration.ofSeconds(60));

  private final Duration mayWait;

  Urgency(Duration mayWait) {
    this.mayWait = mayWait;
  }

  public Duration mayWait() {
    return mayWait;
  }

  /**
   * That of a look at this cluster.
   *
   * @param cluster null: it is not known, or gone
   */
  public static Urgency of(FlinkCluster cluster) {
    if (cluster == null || cluster.getMetadata().getDeletionTimestamp() != null) {
      return CHANGE;
    }
    FlinkClusterStatus status = cluster.getStatus();
    boolean starts =
        status == null
            || status.launch() == null
            || status.operation() != null && status.operation().type() == OperationType.Start;
    if (starts) {
      return START;
    }
    boolean asWanted =
        status.operation() == null
            && cluster.getMetadata().getGeneration() != null
            && cluster.getMetadata().getGeneration().equals(status.observedGeneration());
    return asWanted ? REST : CHANGE;
  }
}
