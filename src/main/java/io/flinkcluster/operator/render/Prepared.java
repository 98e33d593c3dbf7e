package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.flinkcluster.operator.model.Labels;
import java.util.List;

/**
 * What makes the pod of a JobManager one that is prepared: it comes up, loads Flink's classes, and
 * waits for its release. That is an annotation of the pod, which the kubelet writes into a file as
 * soon as the pod changes (Kubernetes 1.28 to 1.34); so the pod needs neither a right nor a port.
 */
final class Prepared {

  /** Key of the launcher in the ConfigMap. */
  static final String LAUNCHER = "Launcher.class";

  /** Key of the class that it calls to load Flink's RPC system. */
  static final String WARM_RPC = "WarmRpc.class";

  /** Key of the file in which Java looks for the names of such classes. */
  static final String RPC_SERVICE = "RpcSystemLoader";

  /** What stands in it. */
  static final String RPC_LOADER = "io.flinkcluster.launcher.WarmRpc\n";

  /** Key of the classes that it loads. */
  static final String CLASSES = "jobmanager.classes";

  private static final String VOLUME = "flinkcluster-release";
  private static final String DIR = "/flinkcluster/release";

  /** As for a JobManager that starts at once. */
  private static final int START_SECONDS = 600;

  private Prepared() {}

  /** The file that the annotation becomes. */
  static Volume volume() {
    return new VolumeBuilder()
        .withName(VOLUME)
        .withNewDownwardAPI()
        .addNewItem()
        .withPath("release")
        .withNewFieldRef("v1", "metadata.annotations['" + Labels.RELEASE + "']")
        .endItem()
        .endDownwardAPI()
        .build();
  }

  static VolumeMount mount() {
    return new VolumeMountBuilder().withName(VOLUME).withMountPath(DIR).withReadOnly(true).build();
  }

  /** Files of the ConfigMap: a class file is found by its path. */
  static List<KeyToPath> files() {
    return List.of(
        new KeyToPath(LAUNCHER, null, "launcher/io/flinkcluster/launcher/Launcher.class"),
        new KeyToPath(WARM_RPC, null, "launcher/io/flinkcluster/launcher/WarmRpc.class"),
        new KeyToPath(
            RPC_SERVICE,
            null,
            "launcher/META-INF/services/org.apache.flink.runtime.rpc.RpcSystemLoader"),
        new KeyToPath(CLASSES, null, CLASSES),
        new KeyToPath("released.sh", null, "released.sh"));
  }

  static List<EnvVar> environment() {
    return List.of(
        new EnvVarBuilder()
            .withName("FLINKCLUSTER_POD_UID")
            .withNewValueFrom()
            .withNewFieldRef("v1", "metadata.uid")
            .endValueFrom()
            .build(),
        new EnvVar("FLINKCLUSTER_RELEASE", DIR + "/release", null));
  }

  /** It has come up when it has loaded what it can: then it is worth stopping what runs. */
  static Probe started() {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand("test", "-e", FlinkPod.START_MARK_DIR + "/prepared")
        .endExec()
        .withPeriodSeconds(1)
        .withFailureThreshold(START_SECONDS)
        .withTimeoutSeconds(5)
        .build();
  }
}
