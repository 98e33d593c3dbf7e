package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;

/** Fields of the API that this version of the operator does not carry out yet. */
final class LaterRules {

  private static final String REASON = "not supported yet";

  private LaterRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    if (spec.storage() != null) {
      checkSavepoints(spec, findings);
    }
  }

  private static void checkSavepoints(FlinkClusterSpec spec, Findings findings) {
    if (spec.storage().savepointInterval() != null) {
      findings.refuse(
          "spec.storage.savepointInterval",
          spec.storage().savepointInterval(),
          REASON,
          "remove it");
    }
    if (spec.storage().savepointHistory() != null) {
      findings.refuse("spec.storage.savepointHistory", null, REASON, "remove it");
    }
  }
}
