package io.flinkcluster.operator.e2e;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.flinkcluster.operator.testcluster.Kubectl;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.opentest4j.TestAbortedException;

/** One Kubernetes with real pods and the operator in it, for the whole run. */
public final class E2eCluster implements AutoCloseable {
  /** Namespace of the operator. */
  public static final String OPERATOR = "flinkcluster-operator";

  private static final int HELM_SECONDS = 180;

  private final Machine machine;
  private final String kubectl;
  private final KubernetesClient client;
  private final ConcurrentLinkedDeque<E2eNamespace> spaces = new ConcurrentLinkedDeque<>();
  private final AtomicInteger number = new AtomicInteger();
  private final ReadWriteLock room = new ReentrantReadWriteLock(true);

  private E2eCluster(Machine machine) {
    this.machine = machine;
    this.kubectl = machine.kubectl();
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(machine.kubeconfig().toFile()))
            .build();
  }

  /**
   * Starts it with the operator installed, as the properties of the run say.
   *
   * @throws TestAbortedException where this machine cannot; it says why
   */
  static E2eCluster start() {
    return start(System.getProperty("e2e.cluster", "e2e"), Boolean.getBoolean("e2e.keep"));
  }

  /**
   * Starts it with the operator installed.
   *
   * @param name of the cluster, where it is one of {@code dev/cluster}
   * @param keep whether such a one is taken as it was left, and left running at the end
   * @throws TestAbortedException where this machine cannot; it says why
   */
  public static E2eCluster start(String name, boolean keep) {
    boolean docker = K3sMachine.possible();
    Optional<String> obstacle = docker ? Optional.empty() : LocalMachine.obstacle();
    if (obstacle.isPresent()) {
      throw impossible(obstacle.get());
    }
    var cluster = new E2eCluster(docker ? K3sMachine.start() : LocalMachine.start(name, keep));
    try {
      cluster.install();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static RuntimeException impossible(String why) {
    String text =
        "END-TO-END TESTS CANNOT RUN: Docker does not answer, and a cluster of this machine's own"
            + " cannot be started: "
            + why;
    System.err.println(text);
    return Boolean.getBoolean("e2e.required")
        ? new IllegalStateException(text)
        : new TestAbortedException(text);
  }

  private void install() {
    OperatorImage image = OperatorImage.build(machine.baseImage());
    machine.load(image.tar());
    new Helm(Path.of("helm", "flinkcluster-operator"))
        .upgrade()
        .install()
        .withName("flinkcluster-operator")
        .withNamespace(OPERATOR)
        .createNamespace()
        .withKubeConfig(machine.kubeconfig())
        .set("image.tag", image.tag())
        .set("nodes.watch", true)
        .waitReady()
        .withTimeout(HELM_SECONDS)
        .call();
  }

  /** The administrator's client. */
  public KubernetesClient client() {
    return client;
  }

  /** kubectl as the administrator, in a namespace. */
  public Kubectl kubectl(String namespace) {
    return new Kubectl(kubectl, machine.kubeconfig(), namespace);
  }

  /** A new namespace whose name begins so. */
  public E2eNamespace space(String base) {
    String name =
        base + "-" + Long.toString(System.currentTimeMillis(), 36) + number.incrementAndGet();
    var space = E2eNamespace.create(this, name);
    spaces.push(space);
    return space;
  }

  /** Held by those that must not be disturbed; fair, so that those that disturb come to it. */
  Lock undisturbed() {
    return room.readLock();
  }

  /**
   * Takes the operator, or all room of the node, from the other stories that are told meanwhile.
   */
  void alone(Runnable chapter) {
    room.writeLock().lock();
    try {
      chapter.run();
    } finally {
      room.writeLock().unlock();
    }
  }

  /** No operator runs while this does; returns when another one is ready. */
  void withoutOperator(Runnable meanwhile) {
    alone(() -> stopOperatorFor(meanwhile));
  }

  private void stopOperatorFor(Runnable meanwhile) {
    Kubectl operator = kubectl(OPERATOR);
    operator.ok("scale", "deployment/flinkcluster-operator", "--replicas=0");
    try {
      operator.ok(
          "wait",
          "pod",
          "-l",
          "app.kubernetes.io/component=operator",
          "--for=delete",
          "--timeout=180s");
      meanwhile.run();
    } finally {
      operator.ok("scale", "deployment/flinkcluster-operator", "--replicas=1");
      operator.ok("rollout", "status", "deployment/flinkcluster-operator", "--timeout=180s");
    }
  }

  /** The operator's pod is replaced; returns when the new one is ready. */
  void replaceOperator() {
    alone(
        () -> {
          Kubectl operator = kubectl(OPERATOR);
          operator.ok("rollout", "restart", "deployment/flinkcluster-operator");
          operator.ok("rollout", "status", "deployment/flinkcluster-operator", "--timeout=180s");
        });
  }

  void forget(E2eNamespace space) {
    spaces.remove(space);
  }

  /** Everything that helps to understand a failure: the operator and all open namespaces. */
  public String diagnosis() {
    var text = new StringBuilder();
    spaces.forEach(space -> text.append(space.diagnosis()));
    text.append("=== operator\n")
        .append(kubectl(OPERATOR).run("get", "pods", "-o", "wide").output())
        .append(
            kubectl(OPERATOR)
                .run("logs", "deployment/flinkcluster-operator", "--tail", "80")
                .output());
    return text.toString();
  }

  @Override
  public void close() {
    client.close();
    machine.close();
  }
}
