package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;

/**
 * Ports of Services, containers and policies. A Service has the same number and name as the
 * container: the VPC CNI's network policies work only then.
 */
final class Ports {

  private static final String TCP = "TCP";

  private Ports() {}

  static ServicePort service(String name, int port) {
    return new ServicePortBuilder()
        .withName(name)
        .withPort(port)
        .withTargetPort(new IntOrString(port))
        .withProtocol(TCP)
        .build();
  }

  static ContainerPort container(String name, int port) {
    return new ContainerPortBuilder()
        .withName(name)
        .withContainerPort(port)
        .withProtocol(TCP)
        .build();
  }

  static NetworkPolicyPort policy(int port) {
    return new NetworkPolicyPortBuilder().withPort(new IntOrString(port)).withProtocol(TCP).build();
  }
}
