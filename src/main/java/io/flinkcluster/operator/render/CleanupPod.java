package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod that removes what Flink's high availability left in storage when a cluster is deleted. The
 * operator has no right to the storage: so the pod has the identity, the volumes and the
 * surroundings of a JobManager, but runs the operator's image and no Flink.
 */
public final class CleanupPod {

  private static final String CONTAINER = "flinkcluster-cleanup";

  private CleanupPod() {}

  /**
   * The pod.
   *
   * @param cluster highly available
   * @param launch any start of it; all are cleaned up after
   */
  public static Pod of(CheckedCluster cluster, Launch launch, OperatorIdentity operator) {
    return OneOffPod.of(
        cluster,
        launch,
        operator,
        new OneOffPod.Task(
            cluster.names().cleanup(cluster.uid()), Labels.CLEANUP, CONTAINER, args(cluster)));
  }

  private static List<String> args(CheckedCluster cluster) {
    String directory = cluster.dirs().highAvailability().orElseThrow();
    String prefix = cluster.names().highAvailabilityOf(cluster.uid());
    var args = new ArrayList<String>();
    for (String below : List.of("/", "/job-result-store/", "/application-result-store/")) {
      args.add("--remove");
      args.add(Escapes.literal(directory + below + prefix));
    }
    return args;
  }
}
