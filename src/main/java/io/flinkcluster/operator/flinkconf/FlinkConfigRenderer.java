package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;

/** Renders the configuration of one start. */
public final class FlinkConfigRenderer {

  private FlinkConfigRenderer() {}

  /** The same values always give the same configuration. */
  public static FlinkConfig render(CheckedCluster cluster, Launch launch) {
    throw new UnsupportedOperationException("not written yet");
  }
}
