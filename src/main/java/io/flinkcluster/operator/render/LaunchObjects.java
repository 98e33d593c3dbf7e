package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.SpecJson;
import java.util.Map;
import java.util.TreeMap;

/**
 * The objects of one start. They carry the label of its epoch and no owner reference: the garbage
 * collector must not stop a job before its savepoint is written.
 */
public final class LaunchObjects {

  private LaunchObjects() {}

  /**
   * Flink's configuration, logging, start script, and for the operator the spec and the defaults
   * that this start runs; for people every option with where it comes from.
   */
  public static ConfigMap configMap(CheckedCluster cluster, Launch launch, FlinkConfig config) {
    var data = new TreeMap<String, String>();
    data.put("log4j-console.properties", Files.LOG4J);
    data.putAll(cluster.spec().logConfiguration());
    data.put("config.yaml", config.toYaml());
    data.put("start.sh", Files.START);
    data.put("fence.sh", Files.FENCE);
    data.put("newest-snapshot.sh", Files.NEWEST_SNAPSHOT);
    data.put("alive.sh", Files.ALIVE);
    data.put(ClusterNames.SPEC_FILE, SpecJson.write(cluster.spec()));
    data.put(ClusterNames.EFFECTIVE_FILE, config.describe());
    if (!cluster.defaults().isEmpty()) {
      data.put(ClusterNames.DEFAULTS_FILE, Json.text(cluster.defaults()));
    }
    var labels = cluster.names().labels();
    labels.put(Labels.EPOCH, Long.toString(launch.epoch()));
    var metadata = metadata(cluster, cluster.names().config(launch.epoch()), labels);
    metadata.setAnnotations(
        Map.of(
            Labels.GENERATION, Long.toString(cluster.generation()),
            Labels.CONFIGURATION, config.hash()));
    var binary = new TreeMap<String, String>();
    if (cluster.startsOnce()) {
      data.put("released.sh", Files.RELEASED);
      data.put(Prepared.RPC_SERVICE, Prepared.RPC_LOADER);
      binary.put(Prepared.LAUNCHER, Files.LAUNCHER);
      binary.put(Prepared.WARM_RPC, Files.WARM_RPC);
      binary.put(Prepared.CLASSES, Files.CLASSES);
    }
    // Whoever may edit ConfigMaps would else say what the next start of this epoch runs.
    return Json.stamped(
        new ConfigMapBuilder()
            .withMetadata(metadata)
            .withData(data)
            .withBinaryData(binary.isEmpty() ? null : binary)
            .withImmutable(true)
            .build());
  }

  /**
   * The Service that the TaskManagers of this start dial. It has an address of its own: a name
   * without one would be looked up in vain while there is no pod, and Java remembers that for 10 s.
   */
  public static Service jobManagerService(CheckedCluster cluster, Launch launch) {
    var labels = cluster.names().labels(Component.JOB_MANAGER, launch.epoch());
    var ports = cluster.ports();
    return Json.stamped(
        new ServiceBuilder()
            .withMetadata(metadata(cluster, cluster.names().jobManager(launch.epoch()), labels))
            .withNewSpec()
            .withType("ClusterIP")
            // A TaskManager may register as soon as the JobManager listens, before it is ready.
            .withPublishNotReadyAddresses(true)
            .withSelector(StableObjects.selectorOfJobManager(cluster, launch.epoch()))
            .withPorts(
                Ports.service("rpc", ports.jobManagerRpc()),
                Ports.service("blob", ports.blob()),
                // The JobManager asks itself for its metrics by the name it advertises.
                Ports.service("query", ports.queryService()))
            .endSpec()
            .build());
  }

  /** The JobManager of this start. */
  public static Deployment jobManager(
      CheckedCluster cluster, Launch launch, FlinkConfig config, OperatorIdentity operator) {
    var pod = new FlinkPod(cluster, launch, config, Component.JOB_MANAGER);
    return deployment(
        cluster,
        launch,
        Component.JOB_MANAGER,
        cluster.spec().jobManager().replicas(),
        FetchContainer.surrounded(
            PodTemplates.merge(
                pod.template(operator.image()),
                cluster.spec().podTemplate(),
                cluster.spec().jobManager().podTemplate())));
  }

  /** The TaskManagers of this start. */
  public static Deployment taskManager(CheckedCluster cluster, Launch launch, FlinkConfig config) {
    return deployment(
        cluster,
        launch,
        Component.TASK_MANAGER,
        cluster.spec().taskManager().replicas(),
        FetchContainer.surrounded(
            PodTemplates.merge(
                new FlinkPod(cluster, launch, config, Component.TASK_MANAGER).template(),
                cluster.spec().podTemplate(),
                cluster.spec().taskManager().podTemplate())));
  }

  private static Deployment deployment(
      CheckedCluster cluster,
      Launch launch,
      Component component,
      int replicas,
      PodTemplateSpec template) {
    var names = cluster.names();
    var labels = names.labels(component, launch.epoch());
    String name =
        component == Component.JOB_MANAGER
            ? names.jobManager(launch.epoch())
            : names.taskManager(launch.epoch());
    PodVolumes.readableFor(template.getSpec());
    var metadata = metadata(cluster, name, labels);
    metadata.setAnnotations(Map.of(Labels.TEMPLATE, Ids.hex(Json.text(template))));
    return Json.stamped(
        new DeploymentBuilder()
            .withMetadata(metadata)
            .withNewSpec()
            .withReplicas(replicas)
            // A change is a new start with objects of its own; there is nothing to roll back to.
            .withRevisionHistoryLimit(0)
            // Two JobManagers of one start would be two writers of one state. For TaskManagers:
            // one restart of the job instead of one per pod.
            .withNewStrategy()
            .withType("Recreate")
            .endStrategy()
            .withNewSelector()
            .withMatchLabels(selector(labels))
            .endSelector()
            .withTemplate(template)
            .endSpec()
            .build());
  }

  private static Map<String, String> selector(Map<String, String> labels) {
    return Map.of(
        Labels.CLUSTER, labels.get(Labels.CLUSTER),
        Labels.COMPONENT, labels.get(Labels.COMPONENT),
        Labels.EPOCH, labels.get(Labels.EPOCH));
  }

  private static ObjectMeta metadata(
      CheckedCluster cluster, String name, Map<String, String> labels) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(cluster.names().namespace())
        .withLabels(labels)
        .addToLabels(Labels.UID, cluster.uid())
        .build();
  }
}
