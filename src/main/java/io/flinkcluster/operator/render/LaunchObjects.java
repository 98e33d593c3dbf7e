package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;

/**
 * The objects of one start. They carry the label of its epoch and no owner reference: the garbage
 * collector must not stop a job before its savepoint is written.
 */
public final class LaunchObjects {

  private LaunchObjects() {}

  /** Flink's configuration, logging, start script, and the spec that this start runs. */
  public static ConfigMap configMap(CheckedCluster cluster, Launch launch, FlinkConfig config) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The Service that the TaskManagers of this start dial. */
  public static Service jobManagerService(CheckedCluster cluster, Launch launch) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The JobManager of this start. */
  public static Deployment jobManager(CheckedCluster cluster, Launch launch, FlinkConfig config) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The TaskManagers of this start. */
  public static Deployment taskManager(CheckedCluster cluster, Launch launch, FlinkConfig config) {
    throw new UnsupportedOperationException("not written yet");
  }
}
