package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.CheckedDirectories;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pod that tries, while a job runs on, whether its next start can use its directories on S3 with
 * the identity that it will have.
 */
public final class StorageCheckPod {

  private StorageCheckPod() {}

  /**
   * The pod.
   *
   * @param cluster with directories on S3 that can be checked
   * @param launch the next start
   */
  public static Pod of(CheckedCluster cluster, Launch launch, OperatorIdentity operator) {
    List<String> args =
        CheckedDirectories.of(cluster).stream()
            .flatMap(directory -> Stream.of("--check", Escapes.literal(directory)))
            .toList();
    return OneOffPod.of(
        cluster,
        launch,
        operator,
        new OneOffPod.Task(
            cluster.names().storageCheck(cluster.uid(), launch.epoch()),
            Labels.STORAGE_CHECK,
            Labels.FETCH,
            args));
  }
}
