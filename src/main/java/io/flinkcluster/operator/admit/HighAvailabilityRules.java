package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.model.StorageDirs;

/** What high availability needs, and what needs high availability. */
final class HighAvailabilityRules {

  private HighAvailabilityRules() {}

  static void check(FlinkClusterSpec spec, StorageDirs dirs, Findings findings) {
    boolean enabled = spec.highAvailability().enabled();
    if (enabled && dirs.highAvailability().isEmpty()) {
      findings.refuse(
          "spec.highAvailability.enabled",
          true,
          "the JobManager's recovery data needs a directory that outlives its pod",
          "set storage.baseURI or storage.highAvailability");
    }
    if (!enabled && spec.jobManager().replicas() > 1) {
      findings.refuse(
          "spec.jobManager.replicas",
          spec.jobManager().replicas(),
          "only one JobManager may run without high availability",
          "set highAvailability.enabled: true, or replicas: 1");
    }
  }
}
