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
import io.flinkcluster.operator.model.PortRule;
import io.flinkcluster.operator.model.PortRule.Peer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may reach the pods of a cluster. Egress is not touched. Flink's REST API knows no users:
 * whoever reaches it can stop the job, and run code in a session cluster. The metrics port is open
 * to every pod, since it only tells, and nothing in the spec names the one who collects.
 */
final class Policy {

  private static final String NAMESPACE = "kubernetes.io/metadata.name";

  private Policy() {}

  static NetworkPolicy of(
      CheckedCluster cluster, Component component, OperatorIdentity operator, ObjectMeta metadata) {
    var open = new LinkedHashMap<List<Peer>, List<NetworkPolicyPort>>();
    PortRule.of(cluster).stream()
        .filter(rule -> rule.component() == component)
        .forEach(
            rule ->
                open.computeIfAbsent(rule.from(), peers -> new ArrayList<>())
                    .add(Ports.policy(rule.port())));
    var rules = new ArrayList<NetworkPolicyIngressRule>();
    open.forEach(
        (peers, ports) ->
            rules.add(new NetworkPolicyIngressRule(peers(peers, cluster, operator), ports)));
    return new NetworkPolicyBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withPodSelector(pods(cluster, component).getPodSelector())
        .withPolicyTypes("Ingress")
        .withIngress(rules)
        .endSpec()
        .build();
  }

  /** An empty list of peers means everyone. */
  private static List<NetworkPolicyPeer> peers(
      List<Peer> peers, CheckedCluster cluster, OperatorIdentity operator) {
    var all = new ArrayList<NetworkPolicyPeer>();
    for (Peer peer : peers) {
      switch (peer) {
        case JOB_MANAGERS -> all.add(pods(cluster, Component.JOB_MANAGER));
        case TASK_MANAGERS -> all.add(pods(cluster, Component.TASK_MANAGER));
        case OPERATOR -> all.add(pods(operator));
        case REST_CLIENTS -> all.addAll(cluster.spec().networkPolicy().restFrom());
      }
    }
    return all;
  }

  private static NetworkPolicyPeer pods(OperatorIdentity operator) {
    return new NetworkPolicyPeerBuilder()
        .withNewNamespaceSelector()
        .withMatchLabels(Map.of(NAMESPACE, operator.namespace()))
        .endNamespaceSelector()
        .withNewPodSelector()
        .withMatchLabels(operator.labels())
        .endPodSelector()
        .build();
  }

  private static NetworkPolicyPeer pods(CheckedCluster cluster, Component component) {
    return new NetworkPolicyPeerBuilder()
        .withNewPodSelector()
        .withMatchLabels(
            Map.of(Labels.CLUSTER, cluster.names().name(), Labels.COMPONENT, component.label()))
        .endPodSelector()
        .build();
  }
}
