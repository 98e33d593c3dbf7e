package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.report.Conditions;
import java.util.List;
import java.util.Optional;

/** What was found out about Flink's directories on S3 when its JobManager began. */
final class StorageDiagnosis {

  private StorageDiagnosis() {}

  static Optional<Finding> of(ClusterFacts facts, String about) {
    FlinkClusterStatus status = facts.cluster().getStatus();
    return Conditions.find(status, Conditions.STORAGE_READY)
        .filter(c -> c.status().equals("False"))
        .map(
            c ->
                new Finding(
                    level(c, status), "storage", about, words(c), remedy(facts, c, status)));
  }

  private static Finding.Level level(Condition condition, FlinkClusterStatus status) {
    return runs(status) || condition.reason().equals(Reason.StorageAtRisk.name())
        ? Finding.Level.WARNING
        : Finding.Level.ERROR;
  }

  private static boolean runs(FlinkClusterStatus status) {
    return status.job() != null && "RUNNING".equals(status.job().state());
  }

  /** The worst comes first in the message. */
  private static String words(Condition condition) {
    List<String> lines = condition.message().lines().toList();
    String more =
        lines.size() < 2
            ? ""
            : " (and " + Text.count(lines.size() - 1, "more line") + " in the condition)";
    return lines.get(0) + more;
  }

  private static String remedy(ClusterFacts facts, Condition condition, FlinkClusterStatus status) {
    String runbook = "see the runbook of " + condition.reason();
    return runs(status)
        ? runbook
            + "; it is checked anew at the next start: kubectl flinkcluster restart "
            + facts.cluster().getMetadata().getName()
        : runbook;
  }
}
