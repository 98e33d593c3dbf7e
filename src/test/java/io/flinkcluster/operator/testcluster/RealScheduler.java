package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A real kube-scheduler for the pods of {@link #podTemplate}, which {@link FakeKubelet} leaves to
 * it, and nodes of its own, on paper. It knows zones, affinities, taints, volumes and room.
 */
public final class RealScheduler implements AutoCloseable {
  private static final String POOL = "pool";
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final Map<String, Quantity> ROOM =
      Map.of(
          "cpu", new Quantity("64"), "memory", new Quantity("256Gi"), "pods", new Quantity("110"));

  private final String name;
  private final KubernetesClient client;
  private final ChildProcess process;

  private RealScheduler(String name, KubernetesClient client, ChildProcess process) {
    this.name = name;
    this.client = client;
    this.process = process;
  }

  static RealScheduler start(ControlPlane plane, KubernetesClient client, String name)
      throws IOException {
    Path dir = Files.createDirectory(plane.dir.resolve("scheduler-" + name));
    Path configuration = dir.resolve("configuration.yaml");
    Files.writeString(
        configuration,
        """
        apiVersion: kubescheduler.config.k8s.io/v1
        kind: KubeSchedulerConfiguration
        clientConnection: {kubeconfig: "%s"}
        leaderElection: {leaderElect: false}
        profiles: [{schedulerName: "%s"}]
        """
            .formatted(plane.kubeconfig(), name));
    var arguments = List.of("--config=" + configuration, "--secure-port=0");
    return new RealScheduler(
        name, client, ChildProcess.start(dir, plane.program("kube-scheduler"), arguments));
  }

  /** What of a pod's spec, as YAML lines, lets it be placed on these nodes, by this scheduler. */
  public String podTemplate() {
    return """
    podTemplate:
      spec:
        schedulerName: %s
        nodeSelector: {%s: %s}
        # No kubelet says that these nodes are ready.
        tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists}]
    """
        .formatted(name, POOL, name);
  }

  /**
   * Makes a node with room for everything.
   *
   * @param zone its availability zone
   * @return its name
   */
  public String node(String node, String zone) {
    String full = name + "-" + node;
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(full)
                .addToLabels(POOL, name)
                .addToLabels("kubernetes.io/hostname", full)
                .addToLabels(ZONE, zone)
                .endMetadata()
                .withNewStatus()
                .withCapacity(ROOM)
                .withAllocatable(ROOM)
                .endStatus()
                .build())
        .create();
    return full;
  }

  /** The nodes of a zone are cordoned, or no more: what runs there stays, nothing new comes. */
  public void cordon(String zone, boolean on) {
    client
        .nodes()
        .withLabel(POOL, name)
        .withLabel(ZONE, zone)
        .resources()
        .forEach(
            node ->
                node.edit(
                    n ->
                        new NodeBuilder(n)
                            .editOrNewSpec()
                            .withUnschedulable(on)
                            .endSpec()
                            .build()));
  }

  @Override
  public void close() throws IOException {
    client.nodes().withLabel(POOL, name).delete();
    process.close();
  }
}
