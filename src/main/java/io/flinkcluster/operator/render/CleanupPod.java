package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pod that removes what Flink's high availability left in storage when a cluster is deleted. The
 * operator has no right to the storage: so the pod has the identity, the volumes and the
 * surroundings of a JobManager, but runs the operator's image and no Flink.
 */
public final class CleanupPod {

  private static final String CONTAINER = "flinkcluster-cleanup";

  /** Seconds; deletion of the cluster waits for no longer than this. */
  private static final long LONGEST = 120;

  private CleanupPod() {}

  /**
   * The pod.
   *
   * @param cluster highly available
   * @param launch any start of it; all are cleaned up after
   */
  public static Pod of(CheckedCluster cluster, Launch launch, OperatorIdentity operator) {
    FlinkConfig config = FlinkConfigRenderer.render(cluster, launch);
    PodSpec jobManager =
        LaunchObjects.jobManager(cluster, launch, config, operator)
            .getSpec()
            .getTemplate()
            .getSpec();
    Container flink =
        jobManager.getContainers().stream()
            .filter(c -> c.getName().equals(FlinkPod.CONTAINER))
            .findFirst()
            .orElseThrow();
    Container fetch = FetchContainer.of(cluster, launch, config, operator.image());
    List<VolumeMount> mounts = mounts(jobManager, flink);
    Set<String> mounted = mounts.stream().map(VolumeMount::getName).collect(Collectors.toSet());
    var labels = cluster.names().labels();
    labels.put(Labels.COMPONENT, Labels.CLEANUP);
    labels.put(Labels.UID, cluster.uid());
    return Json.stamped(
        new PodBuilder()
            .withNewMetadata()
            .withName(cluster.names().cleanup(cluster.uid()))
            .withNamespace(cluster.names().namespace())
            .withLabels(labels)
            .endMetadata()
            .withSpec(
                new PodSpecBuilder(jobManager)
                    .withSchedulingGates()
                    .withAutomountServiceAccountToken(false)
                    .withRestartPolicy("Never")
                    .withActiveDeadlineSeconds(LONGEST)
                    .withInitContainers()
                    .withContainers(
                        new ContainerBuilder(fetch)
                            .withName(CONTAINER)
                            .withArgs(args(cluster))
                            .withEnv(FetchContainer.surrounded(fetch.getEnv(), flink.getEnv()))
                            .withVolumeMounts(mounts)
                            .build())
                    .withVolumes(
                        jobManager.getVolumes().stream()
                            .filter(v -> mounted.contains(v.getName()))
                            .toList())
                    .build())
            .build());
  }

  /** The user's own, and the secret options, one of which may be the key to the storage. */
  private static List<VolumeMount> mounts(PodSpec pod, Container flink) {
    Set<String> lasting =
        pod.getVolumes().stream()
            .filter(v -> !v.getName().startsWith("flinkcluster-"))
            .map(v -> v.getName())
            .collect(Collectors.toSet());
    return flink.getVolumeMounts().stream()
        .filter(m -> lasting.contains(m.getName()) || m.getName().equals(SecretOptions.VOLUME))
        .toList();
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
