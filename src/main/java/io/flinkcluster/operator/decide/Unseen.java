package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Checkpoints that nobody saw: a job that was lost soon after its start may have completed its
 * first, and committed output with it, before anyone looked. They are newer than every point that
 * is known, which an earlier job wrote.
 */
final class Unseen {

  /** Starts that were lost in a row, each before its first checkpoint was seen. */
  private static final int MOST = 5;

  private Unseen() {}

  /**
   * Where the pod of this start must look for them, the latest job first. None where the start goes
   * back on purpose, and where the newest known point is of the job that ran last: what is newer
   * lies beside it, and is looked for there.
   */
  static List<String> directories(Situation s, OperationStatus operation, CheckedCluster next) {
    Optional<LaunchStatus> before =
        s.ledger().launch().filter(l -> l.jobId() != null && continued(s, l));
    if (before.isEmpty() || operation.type() == OperationType.Rollback || !next.stateful()) {
      return List.of();
    }
    LaunchStatus lost = before.get();
    Optional<String> known = s.ledger().restorePoint().map(RestorePoint::jobId);
    if (known.filter(lost.jobId()::equals).isPresent()) {
      return List.of();
    }
    var directories = new ArrayList<String>();
    s.spec(lost.epoch(), lost.fingerprint())
        .flatMap(spec -> spec.dirs().checkpoints())
        .map(parent -> parent + "/" + lost.jobId())
        .ifPresent(directories::add);
    if (lost.unseen() != null) {
      directories.addAll(lost.unseen());
    }
    return List.copyOf(directories.subList(0, Math.min(directories.size(), MOST)));
  }

  /**
   * Whether what the job of this start wrote is to be continued: not where the start was a change
   * that failed, or was undone, or was given up by its own job.
   */
  private static boolean continued(Situation s, LaunchStatus launch) {
    if (launch.stoppedAt() == null) {
      return true;
    }
    return s.ledger().operations().stream()
        .filter(o -> Objects.equals(o.epoch(), launch.epoch()))
        .findFirst()
        .map(Unseen::continued)
        .orElse(true);
  }

  private static boolean continued(OperationRecord start) {
    return switch (start.result()) {
      case Succeeded, Superseded -> true;
      case Failed ->
          !StartRules.canBeUndone(start.type())
              && start.message() != null
              && start.message().startsWith(Reason.JobManagerLost.name());
      case RolledBack, Abandoned -> false;
    };
  }

  /** Whether it is such a checkpoint. */
  static boolean holds(LaunchStatus launch, String checkpoint) {
    return launch.unseen() != null
        && launch.unseen().stream()
            .anyMatch(d -> Lineage.plain(checkpoint).startsWith(Lineage.plain(d) + "/chk-"));
  }
}
