package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.cli.Main;
import io.flinkcluster.operator.testcluster.Kubectl;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A namespace with the restricted Pod Security Standard; closing it deletes it. */
public final class E2eNamespace implements AutoCloseable {
  private final E2eCluster cluster;
  private final String name;
  private final List<Closeable> owned = new ArrayList<>();

  private E2eNamespace(E2eCluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  static E2eNamespace create(E2eCluster cluster, String name) {
    cluster
        .client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
    var space = new E2eNamespace(cluster, name);
    space.kubectl().ok("create", "serviceaccount", "flink");
    return space;
  }

  /** Its name, which no other namespace of the run has had. */
  public String name() {
    return name;
  }

  /** The administrator's client. */
  public KubernetesClient client() {
    return cluster.client();
  }

  /** kubectl as the administrator, in this namespace. */
  public Kubectl kubectl() {
    return cluster.kubectl(name);
  }

  /** Runs {@code kubectl flinkcluster} as the administrator, in this namespace; what it prints. */
  String plugin(String command, String... more) {
    var out = new StringWriter();
    var err = new StringWriter();
    var arguments = new ArrayList<>(List.of(command));
    arguments.add("--kubeconfig=" + kubectl().kubeconfig());
    arguments.add("--namespace=" + name);
    arguments.addAll(List.of(more));
    int code =
        Main.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    assertThat(code).as("%s: %s%s", arguments, out, err).isZero();
    return out.toString();
  }

  /** Applies manifests as a user does. */
  public void apply(String manifests) {
    Kubectl.Result result =
        kubectl().runWithInput(manifests, "apply", "--server-side", "--force-conflicts", "-f", "-");
    assertThat(result.code()).as("kubectl apply\n%s\n%s", result.output(), manifests).isZero();
  }

  /** The FlinkCluster of this name, whether or not it exists. */
  public ClusterUnderTest subject(String cluster) {
    return new ClusterUnderTest(this, cluster);
  }

  /** Pods of a FlinkCluster, those being deleted left out. */
  public List<Pod> pods(String cluster, String component) {
    return client()
        .pods()
        .inNamespace(name)
        .withLabel("flinkcluster.io/cluster", cluster)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** Runs this in the pod's Flink container. */
  Kubectl.Result bash(Pod pod, String script) {
    String name = pod.getMetadata().getName();
    return kubectl().run("exec", name, "-c", "flink", "--", "bash", "-c", script);
  }

  /**
   * Flink's process in the pod dies: of a signal that Java handles by dying at once, others do not
   * reach the first process. Asked again where kubectl itself has failed, with 1, and not the shell
   * that dies with it.
   *
   * @param before what a shell in the container does first; empty: nothing
   */
  void crash(Pod pod, String before) {
    Awaitility.await("a crash in " + pod.getMetadata().getName())
        .until(() -> bash(pod, before + "kill -SEGV 1").code() != 1);
  }

  String diagnosis() {
    var text = new StringBuilder("=== namespace " + name + "\n");
    text.append(kubectl().run("get", "flc,deploy,pods", "-o", "wide").output());
    // What a reader with little room should see comes first.
    List<Pod> pods = client().pods().inNamespace(name).list().getItems();
    pods.forEach(pod -> text.append(log(pod, 12)));
    text.append(kubectl().run("get", "flc", "-o", "yaml").output());
    text.append(kubectl().run("get", "events", "--sort-by", ".lastTimestamp").output());
    pods.forEach(pod -> text.append(log(pod, 200)));
    return text.toString();
  }

  private String log(Pod pod, int lines) {
    String of = pod.getMetadata().getName();
    String tail = Integer.toString(lines);
    return "=== log of %s, the last %s lines\n".formatted(of, tail)
        + kubectl().run("logs", of, "--tail", tail, "--all-containers").output();
  }

  /** Closes this too, before the namespace is deleted. */
  void closesWithIt(Closeable what) {
    owned.add(what);
  }

  @Override
  public void close() {
    cluster.forget(this);
    try {
      for (Closeable what : owned) {
        what.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client().resources(io.flinkcluster.operator.api.FlinkCluster.class).inNamespace(name).delete();
    client().namespaces().withName(name).withTimeout(90, TimeUnit.SECONDS).delete();
  }
}
