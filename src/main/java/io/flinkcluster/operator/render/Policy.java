package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Who may reach the pods of a cluster. Egress is not touched. Flink's REST API knows no users:
 * whoever reaches it can stop the job, and run code in a session cluster. The metrics port is open
 * to every pod, since it only tells, and nothing in the spec names the one who collects.
 */
final class Policy {

  private static final String NAMESPACE = "kubernetes.io/metadata.name";

  private Policy() {}

  static NetworkPolicy ofJobManagers(
      CheckedCluster cluster, OperatorIdentity operator, ObjectMeta metadata) {
    var ports = cluster.ports();
    var jobManager = pods(cluster, Component.JOB_MANAGER);
    var both = List.of(jobManager, pods(cluster, Component.TASK_MANAGER));
    return policy(
        cluster,
        Component.JOB_MANAGER,
        metadata,
        rule(both, ports.jobManagerRpc(), ports.blob()),
        rule(List.of(jobManager), ports.queryService()),
        rule(restPeers(cluster, operator, jobManager), ports.rest()),
        rule(List.of(), ports.metrics()));
  }

  static NetworkPolicy ofTaskManagers(CheckedCluster cluster, ObjectMeta metadata) {
    var ports = cluster.ports();
    var jobManager = pods(cluster, Component.JOB_MANAGER);
    var taskManager = pods(cluster, Component.TASK_MANAGER);
    return policy(
        cluster,
        Component.TASK_MANAGER,
        metadata,
        rule(List.of(jobManager, taskManager), ports.taskManagerRpc()),
        rule(List.of(taskManager), ports.taskManagerData()),
        rule(List.of(jobManager), ports.queryService(), ports.collectSink()),
        rule(List.of(), ports.metrics()));
  }

  private static NetworkPolicy policy(
      CheckedCluster cluster,
      Component component,
      ObjectMeta metadata,
      NetworkPolicyIngressRule... rules) {
    return new NetworkPolicyBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withPodSelector(pods(cluster, component).getPodSelector())
        .withPolicyTypes("Ingress")
        .withIngress(rules)
        .endSpec()
        .build();
  }

  private static List<NetworkPolicyPeer> restPeers(
      CheckedCluster cluster, OperatorIdentity operator, NetworkPolicyPeer jobManager) {
    var peers = new ArrayList<NetworkPolicyPeer>();
    peers.add(jobManager);
    peers.add(
        new NetworkPolicyPeerBuilder()
            .withNewNamespaceSelector()
            .withMatchLabels(Map.of(NAMESPACE, operator.namespace()))
            .endNamespaceSelector()
            .withNewPodSelector()
            .withMatchLabels(operator.labels())
            .endPodSelector()
            .build());
    peers.addAll(cluster.spec().networkPolicy().restFrom());
    return peers;
  }

  private static NetworkPolicyPeer pods(CheckedCluster cluster, Component component) {
    return new NetworkPolicyPeerBuilder()
        .withNewPodSelector()
        .withMatchLabels(
            Map.of(Labels.CLUSTER, cluster.names().name(), Labels.COMPONENT, component.label()))
        .endPodSelector()
        .build();
  }

  /** An empty list of peers means everyone. */
  private static NetworkPolicyIngressRule rule(List<NetworkPolicyPeer> from, int... ports) {
    List<NetworkPolicyPort> open = IntStream.of(ports).mapToObj(Ports::policy).toList();
    return new NetworkPolicyIngressRule(from, open);
  }
}
