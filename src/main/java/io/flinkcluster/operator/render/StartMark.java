package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;

/**
 * Where a JobManager leaves its mark that it has started. On the node's disk: what is in memory is
 * lost when the node reboots, and then the same pod's containers are started again.
 */
final class StartMark {
  private static final String NAME = "flinkcluster-start-mark";

  private StartMark() {}

  static Volume volume() {
    return new VolumeBuilder()
        .withName(NAME)
        .withNewEmptyDir()
        .withSizeLimit(new Quantity("4Mi"))
        .endEmptyDir()
        .build();
  }

  static VolumeMount mount() {
    return new VolumeMountBuilder().withName(NAME).withMountPath(FlinkPod.START_MARK_DIR).build();
  }
}
