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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pod that does one thing to storage and ends. The operator has no right to the storage: so the
 * pod has the identity, the volumes and the surroundings of a JobManager, but runs the operator's
 * image and no Flink.
 */
final class OneOffPod {

  /** Seconds; the operator waits for no pod for longer than this. */
  private static final long LONGEST = 120;

  private OneOffPod() {}

  /**
   * What it does.
   *
   * @param component its label
   * @param seconds after which Kubernetes ends it
   * @param main the class of the operator's image that it runs
   */
  record Task(
      String pod,
      String component,
      String container,
      List<String> args,
      long seconds,
      String main) {

    /** What the operator itself waits for. */
    Task(String pod, String component, String container, List<String> args) {
      this(pod, component, container, args, LONGEST, FetchContainer.MAIN);
    }
  }

  /** The pod, as a JobManager of this start would be. */
  static Pod of(CheckedCluster cluster, Launch launch, OperatorIdentity operator, Task task) {
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
    // As the user's templates have made it: what it trusts, and by which way it goes.
    Container fetch =
        jobManager.getInitContainers().stream()
            .filter(c -> c.getName().equals(Labels.FETCH))
            .findFirst()
            .orElseGet(() -> FetchContainer.of(cluster, launch, config, operator.image()));
    List<VolumeMount> mounts = mounts(jobManager, flink, fetch);
    Set<String> mounted = mounts.stream().map(VolumeMount::getName).collect(Collectors.toSet());
    var labels = cluster.names().labels();
    labels.put(Labels.COMPONENT, task.component());
    labels.put(Labels.UID, cluster.uid());
    return Json.stamped(
        new PodBuilder()
            .withNewMetadata()
            .withName(task.pod())
            .withNamespace(cluster.names().namespace())
            .withLabels(labels)
            .endMetadata()
            .withSpec(
                new PodSpecBuilder(jobManager)
                    .withSchedulingGates()
                    .withAutomountServiceAccountToken(false)
                    .withRestartPolicy("Never")
                    .withActiveDeadlineSeconds(task.seconds())
                    .withInitContainers()
                    .withContainers(
                        new ContainerBuilder(fetch)
                            .withName(task.container())
                            .withCommand(
                                fetch.getCommand().stream()
                                    .map(w -> w.equals(FetchContainer.MAIN) ? task.main() : w)
                                    .toList())
                            .withArgs(task.args())
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
  private static List<VolumeMount> mounts(PodSpec pod, Container flink, Container fetch) {
    Set<String> lasting =
        pod.getVolumes().stream()
            .filter(v -> !v.getName().startsWith("flinkcluster-"))
            .map(v -> v.getName())
            .collect(Collectors.toSet());
    var mounts = new LinkedHashMap<String, VolumeMount>();
    Stream.of(fetch, flink)
        .flatMap(container -> container.getVolumeMounts().stream())
        .filter(m -> lasting.contains(m.getName()) || m.getName().equals(SecretOptions.VOLUME))
        .forEach(m -> mounts.put(m.getMountPath(), m));
    return List.copyOf(mounts.values());
  }
}
