package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;

/** Decides whether a spec can be carried out. */
public final class AdmissionRules {

  private AdmissionRules() {}

  /**
   * Checks everything that can be known from the resource alone and reports all problems at once.
   * Fields that are absent take the defaults of the schema, also where an older schema did not
   * write them.
   */
  public static Admission check(FlinkCluster cluster) {
    throw new UnsupportedOperationException("not written yet");
  }
}
