package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.flinkcluster.operator.api.Resources;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The pod of one component as the operator renders it, before the templates of the user. It fits
 * the Pod Security Standard "restricted". Its root file system stays writable: images link plugins
 * into Flink's directory and jobs write where they please.
 */
final class FlinkPod {

  /** Name of the Flink container; contract, since templates are merged by it. */
  static final String CONTAINER = "flink";

  static final String CONF_DIR = "/opt/flink/conf";
  static final String START_MARK_DIR = "/flinkcluster/start-mark";

  private static final String EVICTABLE =
      "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

  /** User and group of the official images. */
  private static final long FLINK_USER = 9999;

  private static final long GRACE_SECONDS = 30;

  private final CheckedCluster cluster;
  private final Launch launch;
  private final FlinkConfig config;
  private final Component component;
  private final PodVolumes volumes;

  FlinkPod(CheckedCluster cluster, Launch launch, FlinkConfig config, Component component) {
    this.cluster = cluster;
    this.launch = launch;
    this.config = config;
    this.component = component;
    this.volumes = new PodVolumes(cluster, launch, config, component);
  }

  /** The pod of a JobManager, with what must be fetched for it. */
  PodTemplateSpec template(String operatorImage) {
    PodTemplateSpec template = template();
    if (FetchContainer.needed(cluster, launch)) {
      template
          .getSpec()
          .getInitContainers()
          .add(FetchContainer.of(cluster, launch, config, operatorImage));
    }
    return template;
  }

  PodTemplateSpec template() {
    var spec = cluster.spec();
    var pod =
        new PodSpecBuilder()
            .withServiceAccountName(spec.serviceAccountName())
            // Without high availability Flink does not speak to the API server. The tokens of IRSA
            // and EKS Pod Identity are mounted by their own webhooks whatever this says.
            .withAutomountServiceAccountToken(cluster.highlyAvailable())
            // Variables for every Service of the namespace, which a cluster named "flink" would
            // take for Flink's own.
            .withEnableServiceLinks(false)
            // After SIGTERM a TaskManager fails its tasks and a JobManager suspends its job; both
            // are done within seconds, and whatever hangs is killed after this.
            .withTerminationGracePeriodSeconds(GRACE_SECONDS)
            .withSecurityContext(podSecurity())
            .withInitContainers(volumes.initContainers(security()))
            .withContainers(container())
            .withVolumes(volumes.volumes())
            .withAffinity(Placement.affinity(cluster, launch))
            .withTopologySpreadConstraints(Placement.spread(cluster, launch, component));
    if (!spec.imagePullSecrets().isEmpty()) {
      pod.withImagePullSecrets(
          spec.imagePullSecrets().stream().map(s -> new LocalObjectReference(s.name())).toList());
    }
    if (component == Component.JOB_MANAGER && cluster.startsOnce() && !launch.prepared()) {
      // Whoever makes a new pod of this start, only the operator lets it begin.
      pod.addNewSchedulingGate(Labels.GATE);
    }
    var template =
        new PodTemplateSpecBuilder()
            .withNewMetadata()
            .withLabels(cluster.names().podLabels(component, launch.epoch()))
            .addToLabels(Labels.UID, cluster.uid())
            .withAnnotations(annotations())
            .endMetadata()
            .withSpec(pod.build())
            .build();
    ChildMetadata.put(template.getMetadata(), spec.childMetadata());
    return template;
  }

  private boolean prepared() {
    return component == Component.JOB_MANAGER && launch.prepared();
  }

  private Map<String, String> annotations() {
    var annotations = new TreeMap<>(evictable());
    if (prepared()) {
      annotations.put(Labels.RELEASE, "");
    }
    return annotations.isEmpty() ? null : annotations;
  }

  /**
   * The Cluster Autoscaler of Kubernetes keeps a node for ever for the sake of an emptyDir on its
   * disk; nothing in these outlives the pod.
   */
  private Map<String, String> evictable() {
    String local =
        volumes.volumes().stream()
            .filter(v -> v.getEmptyDir() != null && v.getEmptyDir().getMedium() == null)
            .map(Volume::getName)
            .collect(Collectors.joining(","));
    return local.isEmpty() ? Map.of() : Map.of(EVICTABLE, local);
  }

  private Container container() {
    var probes = new Probes(cluster.ports());
    boolean jobManager = component == Component.JOB_MANAGER;
    Resources resources =
        jobManager
            ? cluster.spec().jobManager().resources()
            : cluster.spec().taskManager().resources();
    long memory = jobManager ? cluster.jobManagerMemory() : cluster.taskManagerMemory();
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(cluster.spec().image())
        .withImagePullPolicy(cluster.spec().imagePullPolicy())
        .withCommand("/bin/bash", CONF_DIR + "/start.sh")
        .withArgs(Arguments.of(cluster, launch, component))
        .withEnv(Environment.of(cluster, launch, config, component))
        .withPorts(ports())
        .withResources(ProcessResources.of(resources, memory))
        .withVolumeMounts(volumes.mounts())
        .withStartupProbe(started(probes))
        .withReadinessProbe(ready(probes))
        .withLivenessProbe(jobManager ? probes.jobManagerAlive() : probes.taskManagerAlive())
        .withSecurityContext(security())
        // What a JobManager said last is in the pod's status, and so in the conditions.
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .build();
  }

  private Probe started(Probes probes) {
    if (component == Component.TASK_MANAGER) {
      return probes.taskManagerStarted();
    }
    return prepared() ? Prepared.started() : probes.jobManagerStarted();
  }

  private Probe ready(Probes probes) {
    if (component == Component.TASK_MANAGER) {
      return null;
    }
    return prepared() ? probes.preparedJobManagerReady() : probes.jobManagerReady();
  }

  private List<ContainerPort> ports() {
    var ports = cluster.ports();
    if (component == Component.JOB_MANAGER) {
      return List.of(
          Ports.container("rpc", ports.jobManagerRpc()),
          Ports.container("blob", ports.blob()),
          Ports.container("rest", ports.rest()),
          Ports.container("query", ports.queryService()),
          Ports.container("metrics", ports.metrics()));
    }
    return List.of(
        Ports.container("rpc", ports.taskManagerRpc()),
        Ports.container("data", ports.taskManagerData()),
        Ports.container("query", ports.queryService()),
        Ports.container("metrics", ports.metrics()));
  }

  private static PodSecurityContext podSecurity() {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(FLINK_USER)
        .withRunAsGroup(FLINK_USER)
        .withFsGroup(FLINK_USER)
        // Walking through a large volume at every start takes minutes.
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  private static SecurityContext security() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }
}
