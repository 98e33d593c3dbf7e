package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.flinkcluster.operator.api.SecretFile;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Volumes of a Flink pod, and what must be done before Flink starts so that they can be used. */
final class PodVolumes {

  private static final String CONFIG = "flinkcluster-config";
  private static final String COPIES = "flinkcluster-secrets";
  private static final String HADOOP = "flinkcluster-hadoop";
  private static final String SECRET = "flinkcluster-secret-";
  private static final String FILES = "flinkcluster-files-";

  private static final Quantity SMALL = new Quantity("4Mi");

  /** Arguments in threes: source directory, target directory, mode. */
  private static final String COPY =
      """
      set -eu
      while [ $# -gt 0 ]; do
        for key in "$1"/* "$1"/.[!.]*; do
          [ -f "$key" ] || continue
          target="$2/${key##*/}"
          rm -f "$target"
          cat "$key" > "$target"
          chmod "$3" "$target"
        done
        shift 3
      done
      """;

  private final CheckedCluster cluster;
  private final Launch launch;
  private final FlinkConfig config;
  private final Component component;

  PodVolumes(CheckedCluster cluster, Launch launch, FlinkConfig config, Component component) {
    this.cluster = cluster;
    this.launch = launch;
    this.config = config;
    this.component = component;
  }

  List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    volumes.add(config());
    if (startsOnce()) {
      volumes.add(StartMark.volume());
    }
    if (prepared()) {
      volumes.add(Prepared.volume());
    }
    if (cluster.spec().hadoopConf() != null) {
      volumes.add(
          new VolumeBuilder()
              .withName(HADOOP)
              .withNewConfigMap()
              .withName(cluster.spec().hadoopConf().configMapName())
              .endConfigMap()
              .build());
    }
    if (!config.secrets().isEmpty()) {
      volumes.add(SecretOptions.volume(config));
      volumes.add(memory(SecretOptions.CONF_VOLUME));
    }
    if (fetches()) {
      volumes.add(FetchContainer.volume());
    }
    var files = cluster.spec().secretFiles();
    for (int i = 0; i < files.size(); i++) {
      volumes.add(
          new VolumeBuilder()
              .withName(SECRET + i)
              .withNewSecret()
              .withSecretName(files.get(i).secretName())
              .withDefaultMode(0440)
              .endSecret()
              .build());
      volumes.add(memory(FILES + i));
    }
    return volumes;
  }

  List<VolumeMount> mounts() {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(mount(CONFIG, FlinkPod.CONF_DIR, true));
    if (startsOnce()) {
      mounts.add(StartMark.mount());
    }
    if (prepared()) {
      mounts.add(Prepared.mount());
    }
    if (cluster.spec().hadoopConf() != null) {
      mounts.add(mount(HADOOP, cluster.spec().hadoopConf().mountPath(), true));
    }
    if (!config.secrets().isEmpty()) {
      mounts.add(mount(SecretOptions.VOLUME, SecretOptions.DIR, true));
      mounts.add(mount(SecretOptions.CONF_VOLUME, SecretOptions.CONF_DIR, false));
    }
    if (fetches()) {
      mounts.add(FetchContainer.mount(true));
    }
    var files = cluster.spec().secretFiles();
    for (int i = 0; i < files.size(); i++) {
      mounts.add(mount(FILES + i, files.get(i).mountPath(), true));
    }
    return mounts;
  }

  /**
   * Copies key files into memory with the mode that was asked for. A Secret cannot be mounted so
   * that its owner alone reads it: its files belong to root, and Kubernetes adds read permission
   * for the pod's group to whatever mode is given.
   */
  List<Container> initContainers(SecurityContext security) {
    List<SecretFile> files = cluster.spec().secretFiles();
    if (files.isEmpty()) {
      return List.of();
    }
    var args = new ArrayList<String>();
    var mounts = new ArrayList<VolumeMount>();
    for (int i = 0; i < files.size(); i++) {
      String from = "/flinkcluster/secret/" + i;
      String to = "/flinkcluster/files/" + i;
      mounts.add(mount(SECRET + i, from, true));
      mounts.add(mount(FILES + i, to, false));
      args.addAll(List.of(from, to, files.get(i).mode()));
    }
    return List.of(
        new ContainerBuilder()
            .withName(COPIES)
            .withImage(cluster.spec().image())
            .withImagePullPolicy(cluster.spec().imagePullPolicy())
            .withCommand("/bin/sh", "-c", Escapes.literal(COPY), "copy")
            .withArgs(args)
            .withVolumeMounts(mounts)
            .withNewResources()
            .addToRequests("cpu", new Quantity("10m"))
            .addToRequests("memory", new Quantity("32Mi"))
            .addToLimits("memory", new Quantity("64Mi"))
            .endResources()
            .withSecurityContext(security)
            .build());
  }

  /** Key files are copied by the user that Flink runs as, whatever a template makes of it. */
  static void readableFor(PodSpec pod) {
    SecurityContext flink =
        pod.getContainers().stream()
            .filter(container -> container.getName().equals(FlinkPod.CONTAINER))
            .map(Container::getSecurityContext)
            .filter(security -> security != null && security.getRunAsUser() != null)
            .findFirst()
            .orElse(null);
    pod.getInitContainers().stream()
        .filter(container -> flink != null && container.getName().equals(COPIES))
        .forEach(
            container ->
                container.setSecurityContext(
                    new SecurityContextBuilder(container.getSecurityContext())
                        .withRunAsUser(flink.getRunAsUser())
                        .withRunAsGroup(flink.getRunAsGroup())
                        .withRunAsNonRoot(flink.getRunAsNonRoot())
                        .build()));
  }

  private boolean fetches() {
    return component == Component.JOB_MANAGER && FetchContainer.needed(cluster, launch);
  }

  private boolean startsOnce() {
    return component == Component.JOB_MANAGER && cluster.startsOnce();
  }

  private boolean prepared() {
    return component == Component.JOB_MANAGER && launch.prepared();
  }

  /** Everything but the spec, which is there for the operator. */
  private Volume config() {
    var keys = new TreeSet<>(cluster.spec().logConfiguration().keySet());
    keys.addAll(
        List.of(
            "alive.sh",
            "config.yaml",
            "fence.sh",
            "log4j-console.properties",
            "newest-snapshot.sh",
            "start.sh"));
    var items = new ArrayList<KeyToPath>();
    keys.forEach(key -> items.add(new KeyToPath(key, null, key)));
    if (prepared()) {
      items.addAll(Prepared.files());
    }
    return new VolumeBuilder()
        .withName(CONFIG)
        .withNewConfigMap()
        .withName(cluster.names().config(launch.epoch()))
        .withItems(items)
        .endConfigMap()
        .build();
  }

  private static Volume memory(String name) {
    return new VolumeBuilder()
        .withName(name)
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(SMALL)
        .endEmptyDir()
        .build();
  }

  private static VolumeMount mount(String volume, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }
}
