package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.CheckedDirectories;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.SnapshotSearchDirectories;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The init container of a JobManager pod that checks Flink's directories on S3, and fetches what is
 * not in the image: the job's jar, and where checkpoints are on S3, which of them there are. It
 * runs the operator's own image with the job's identity.
 */
final class FetchContainer {

  /** What it runs. */
  static final String MAIN = "io.flinkcluster.operator.FetchMain";

  /** Where it writes, and the Flink container reads. */
  static final String DIR = "/flinkcluster/fetched";

  /** The jar, as Flink is told. */
  static final String JAR = "local://" + DIR + "/job.jar";

  private static final String VOLUME = "flinkcluster-fetched";

  /** A little above the largest jar, so that a larger one is refused and not the pod evicted. */
  private static final Quantity VOLUME_SIZE = new Quantity("1100Mi");

  /** Variables of the Flink container that say how the world is reached, not how Flink runs. */
  private static final Pattern SURROUNDINGS =
      Pattern.compile("AWS_.*|(?i:https?_proxy|no_proxy|all_proxy)");

  private FetchContainer() {}

  /** Whether a JobManager of this start needs it. */
  static boolean needed(CheckedCluster cluster, Launch launch) {
    return jar(cluster).isPresent()
        || !SnapshotSearchDirectories.onS3(cluster, launch).isEmpty()
        || !CheckedDirectories.of(cluster).isEmpty();
  }

  /** The jar that must be fetched; empty: it is in the image. */
  static Optional<String> jar(CheckedCluster cluster) {
    return cluster.job().map(job -> job.jarURI()).filter(uri -> !uri.startsWith("local:"));
  }

  /**
   * The file with the snapshots that it found on S3. A start that may happen only once removes the
   * file: a second one would need a look of its own.
   */
  static String snapshots(CheckedCluster cluster) {
    return (cluster.startsOnce() ? FlinkPod.START_MARK_DIR : DIR) + "/snapshots";
  }

  static Volume volume() {
    return new VolumeBuilder()
        .withName(VOLUME)
        .withNewEmptyDir()
        .withSizeLimit(VOLUME_SIZE)
        .endEmptyDir()
        .build();
  }

  static VolumeMount mount(boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(VOLUME)
        .withMountPath(DIR)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  static Container of(CheckedCluster cluster, Launch launch, FlinkConfig config, String image) {
    var mounts = new ArrayList<>(List.of(mount(false)));
    if (cluster.startsOnce()) {
      mounts.add(StartMark.mount());
    }
    if (!config.secrets().isEmpty()) {
      mounts.add(
          new VolumeMountBuilder()
              .withName(SecretOptions.VOLUME)
              .withMountPath(SecretOptions.DIR)
              .withReadOnly(true)
              .build());
    }
    return new ContainerBuilder()
        .withName(Labels.FETCH)
        .withImage(image)
        .withImagePullPolicy("IfNotPresent")
        .withCommand(
            "java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xmx96m",
            "-cp",
            "@/app/jib-classpath-file",
            MAIN)
        .withArgs(args(cluster, launch))
        .withEnv(S3Environment.of(config))
        .withVolumeMounts(mounts)
        .withNewResources()
        .addToRequests("cpu", new Quantity("50m"))
        .addToRequests("memory", new Quantity("128Mi"))
        .addToLimits("memory", new Quantity("256Mi"))
        .endResources()
        .withSecurityContext(
            new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .build();
  }

  private static List<String> args(CheckedCluster cluster, Launch launch) {
    var args = new ArrayList<String>();
    if (cluster.startsOnce()) {
      args.addAll(List.of("--unless", FlinkPod.START_MARK_DIR + "/started"));
    }
    args.addAll(List.of("--into", DIR));
    CheckedDirectories.of(cluster).forEach(directory -> option(args, "--check", directory));
    jar(cluster).ifPresent(uri -> option(args, "--jar", uri));
    List<String> searched = SnapshotSearchDirectories.onS3(cluster, launch);
    if (!searched.isEmpty()) {
      args.addAll(List.of("--snapshots", snapshots(cluster)));
      searched.forEach(directory -> option(args, "--search", directory));
    }
    return args;
  }

  /** Adds an option of the command line. */
  static void option(List<String> args, String name, String value) {
    args.add(name);
    args.add(Escapes.literal(value));
  }

  /**
   * The pod with the templates of the user merged in: the container gets what the Flink container
   * is told about the world around it. Where there is nothing to fetch, what a template says of it
   * is dropped.
   */
  static PodTemplateSpec surrounded(PodTemplateSpec template) {
    var pod = template.getSpec();
    pod.getInitContainers().removeIf(c -> Labels.FETCH.equals(c.getName()) && c.getImage() == null);
    Optional<Container> flink = named(pod.getContainers(), FlinkPod.CONTAINER);
    Optional<Container> fetch = named(pod.getInitContainers(), Labels.FETCH);
    if (flink.isPresent() && fetch.isPresent()) {
      fetch.get().setEnv(surrounded(fetch.get().getEnv(), flink.get().getEnv()));
    }
    return template;
  }

  /** A container's own variables, and those of the Flink container that say how the world is. */
  static List<EnvVar> surrounded(List<EnvVar> own, List<EnvVar> flink) {
    var all = new ArrayList<>(own);
    flink.stream()
        .filter(e -> SURROUNDINGS.matcher(e.getName()).matches())
        .filter(e -> own.stream().noneMatch(o -> o.getName().equals(e.getName())))
        .forEach(all::add);
    return all;
  }

  private static Optional<Container> named(List<Container> containers, String name) {
    return containers.stream().filter(c -> name.equals(c.getName())).findFirst();
  }
}
