package io.flinkcluster.operator.testcluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;

/**
 * etcd, kube-apiserver and kube-controller-manager on 127.0.0.1, without root. The API server signs
 * its own certificate; clients trust exactly that one and say who they are by a token of this run.
 */
final class ControlPlane implements AutoCloseable {
  /** What runs of the controllers: what a cluster's objects live by, nothing that needs nodes. */
  private static final String CONTROLLERS =
      String.join(
          ",",
          "deployment-controller",
          "replicaset-controller",
          "garbage-collector-controller",
          "horizontal-pod-autoscaler-controller",
          "namespace-controller",
          "serviceaccount-controller",
          "serviceaccount-token-controller",
          "root-ca-certificate-publisher-controller",
          "disruption-controller",
          "resourcequota-controller");

  private static final String AUDIT_POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived, ResponseStarted]
      rules:
      - level: None
        users: ["system:apiserver", "system:kube-controller-manager"]
      - level: None
        userGroups: ["system:serviceaccounts:kube-system"]
      - level: None
        nonResourceURLs: ["/*"]
      - level: Metadata
      """;

  /** Removes the directory when this JVM is gone or asks for it; the programs end meanwhile. */
  private static final String JANITOR =
      "trap '' INT HUP; cat >/dev/null;"
          + " for i in 1 2 3 4 5 6 7 8 9 10; do"
          + " rm -rf \"$1\" 2>/dev/null; [ -e \"$1\" ] || exit 0; sleep 0.3; done";

  final Path dir;
  final String token;
  private final Binaries binaries;
  private final Deque<ChildProcess> running = new ArrayDeque<>();
  private Process janitor;
  private int port;

  ControlPlane(Path dir, String token, Binaries binaries) {
    this.dir = dir;
    this.token = token;
    this.binaries = binaries;
  }

  /** Starts the store and the API server; it answers some seconds later. */
  void start() throws IOException {
    janitor = new ProcessBuilder("sh", "-c", JANITOR, "sh", dir.toString()).start();
    writeKeys();
    Files.writeString(dir.resolve("tokens"), token + ",admin,admin,system:masters\n");
    Files.writeString(dir.resolve("audit-policy.yaml"), AUDIT_POLICY);
    int etcd = freePort();
    port = freePort();
    run("etcd", etcdArguments("http://127.0.0.1:" + etcd, "http://127.0.0.1:" + freePort()));
    run("kube-apiserver", apiServerArguments("http://127.0.0.1:" + etcd));
  }

  /** Starts the controllers; the API server must answer by now. */
  void startControllers() throws IOException {
    writeKubeconfig();
    run(
        "kube-controller-manager",
        List.of(
            "--kubeconfig=" + kubeconfig(),
            "--leader-elect=false",
            "--secure-port=0",
            "--controllers=" + CONTROLLERS,
            "--use-service-account-credentials=true",
            "--service-account-private-key-file=" + dir.resolve("sa.key"),
            "--root-ca-file=" + certificate(),
            "--kube-api-qps=500",
            "--kube-api-burst=1000"));
  }

  private List<String> etcdArguments(String client, String peer) {
    return List.of(
        "--name=default",
        "--data-dir=" + dir.resolve("etcd"),
        "--unsafe-no-fsync",
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer);
  }

  private List<String> apiServerArguments(String etcd) {
    return List.of(
        "--etcd-servers=" + etcd,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=" + dir.resolve("certs"),
        "--token-auth-file=" + dir.resolve("tokens"),
        "--authorization-mode=RBAC",
        "--allow-privileged=true",
        "--endpoint-reconciler-type=none",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + dir.resolve("sa.pub"),
        "--service-account-signing-key-file=" + dir.resolve("sa.key"),
        "--audit-policy-file=" + dir.resolve("audit-policy.yaml"),
        "--audit-log-path=" + auditLog(),
        "--audit-log-mode=blocking",
        "--max-requests-inflight=1000",
        "--max-mutating-requests-inflight=1000",
        "--profiling=false");
  }

  private void run(String program, List<String> arguments) throws IOException {
    running.push(ChildProcess.start(dir, binaries.path(program), arguments));
  }

  private void writeKeys() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      writePem("sa.key", "PRIVATE KEY", pair.getPrivate().getEncoded());
      writePem("sa.pub", "PUBLIC KEY", pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("no RSA keys", e);
    }
  }

  private void writePem(String file, String type, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        dir.resolve(file),
        "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }

  private void writeKubeconfig() throws IOException {
    Files.writeString(
        kubeconfig(),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: test
          cluster: {server: "%s", certificate-authority: "%s"}
        users:
        - name: admin
          user: {token: "%s"}
        contexts:
        - name: test
          context: {cluster: test, user: admin}
        """
            .formatted(url(), certificate(), token));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Fails with the last words of a program that has ended. */
  void checkAlive() throws IOException {
    for (ChildProcess process : running) {
      if (!process.alive()) {
        throw new IOException("ended at once: " + process.lastWords());
      }
    }
  }

  String lastWords() {
    return running.stream().map(ChildProcess::lastWords).reduce("", (a, b) -> a + "\n" + b);
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }

  Path certificate() {
    return dir.resolve("certs").resolve("apiserver.crt");
  }

  Path kubeconfig() {
    return dir.resolve("kubeconfig");
  }

  Path auditLog() {
    return dir.resolve("audit.log");
  }

  String program(String name) {
    return binaries.path(name);
  }

  @Override
  public void close() throws IOException {
    while (!running.isEmpty()) {
      running.pop().close();
    }
    if (janitor != null) {
      janitor.getOutputStream().close();
      janitor.onExit().join();
    }
  }
}
