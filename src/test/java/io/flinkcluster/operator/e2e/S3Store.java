package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.flinkcluster.operator.e2e.exactlyonce.JobJar;
import io.flinkcluster.operator.e2e.s3.SlowProxy;
import io.flinkcluster.operator.testcluster.Checks;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.S3Root;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * A real S3 server in a pod, versitygw, whose user may do what the guide for EKS gives to the role
 * of one FlinkCluster, and no more.
 */
final class S3Store implements Closeable {
  private static final String BUCKET = "state";
  private static final int PORT = 7070;
  private static final String NO_WRITES =
      "\"Effect\": \"Deny\", \"Action\": \"s3:PutObject\", \"Resource\": \"arn:aws:s3:::BUCKET/*\"";

  private final E2eNamespace space;
  private final String cluster;
  private final String version;
  private LocalPortForward forward;
  private S3Root root;

  private S3Store(E2eNamespace space, String cluster, String version) {
    this.space = space;
    this.cluster = cluster;
    this.version = version;
  }

  /** Starts it with an empty bucket for the FlinkCluster of this name. */
  static S3Store start(E2eNamespace space, String cluster, String version) throws Exception {
    Path program = Path.of(Checks.built("versitygw"));
    var store = new S3Store(space, cluster, version);
    space.closesWithIt(store);
    space.apply(store.manifests());
    Path slow = Files.createTempFile("slow", ".jar");
    Files.write(slow, JobJar.bytes(SlowProxy.class));
    await("a pod for the server")
        .atMost(Patience.LONG)
        .until(() -> store.put(slow, "cat >slow.jar") == 0);
    Files.delete(slow);
    assertThat(store.put(program, "cat >versitygw && chmod +x versitygw && touch complete"))
        .isZero();
    store.connect();
    store.root.bucket(BUCKET, store.rights());
    return store;
  }

  private int put(Path file, String script) {
    return space
        .kubectl()
        .runWithFile(file, "exec", "-i", "store", "-c", "store", "--", "bash", "-c", script)
        .code();
  }

  private String manifests() {
    return Templates.read("s3-store", cluster, version);
  }

  private void connect() throws IOException {
    space.kubectl().ok("wait", "pod/store", "--for=condition=Ready", "--timeout=120s");
    forward =
        space
            .client()
            .pods()
            .inNamespace(space.name())
            .withName("store")
            .portForward(PORT, InetAddress.getLoopbackAddress(), 0);
    root = new S3Root("http://127.0.0.1:" + forward.getLocalPort(), "us-east-1");
    await("the server answers")
        .atMost(Patience.LONG)
        .ignoreExceptionsMatching(SdkException.class::isInstance)
        .until(() -> root.client().listBuckets() != null);
  }

  private void disconnect() throws IOException {
    if (forward != null) {
      root.close();
      forward.close();
    }
  }

  /** The statements of the guide without those about keys of KMS, of which this server has none. */
  private String[] rights() throws IOException {
    String guide = Files.readString(Path.of("docs", "eks.md"));
    String part = guide.substring(guide.indexOf("### What the role may do"));
    String block = part.substring(part.indexOf("```json") + "```json".length());
    var statements = new ArrayList<String>();
    for (JsonNode statement :
        new ObjectMapper().readTree(block.substring(0, block.indexOf("```"))).path("Statement")) {
      String text =
          statement.toString().replace("NAMESPACE", space.name()).replace("NAME", cluster);
      if (!text.contains("kms:")) {
        statements.add(text.substring(1, text.length() - 1));
      }
    }
    assertThat(statements).as("of the bucket, and of the objects in it").hasSize(2);
    return statements.toArray(String[]::new);
  }

  /** The user may do all again that the guide gives it. */
  void allow() throws IOException {
    root.policy(BUCKET, rights());
  }

  /** The user may write no object any more. */
  void denyWrites() throws IOException {
    var statements = new ArrayList<>(List.of(rights()));
    statements.add(NO_WRITES);
    root.policy(BUCKET, statements.toArray(String[]::new));
  }

  /**
   * From now on it is slow and throttles.
   *
   * @param millis by which each request is late
   * @param percent of the requests that are answered with SlowDown
   */
  void trouble(int millis, int percent) {
    String write = "echo '%d %d' >trouble".formatted(millis, percent);
    space.kubectl().ok("exec", "store", "-c", "store", "--", "bash", "-c", write);
  }

  /** The keys of all objects below this directory of the cluster. */
  List<String> keys(String directory) {
    return root.keys(BUCKET, "flink/" + space.name() + "/" + cluster + "/" + directory);
  }

  /** Somebody who may do everything has written this object below the directory of the cluster. */
  void write(String below) {
    String key = "flink/" + space.name() + "/" + cluster + "/" + below;
    root.client().putObject(o -> o.bucket(BUCKET).key(key), RequestBody.fromString("-"));
  }

  /** The server is gone at once, and whoever connects is refused. */
  void kill() throws IOException {
    disconnect();
    space.kubectl().ok("delete", "pod", "store", "--grace-period=0", "--force");
  }

  /** It is there again with all that it had. */
  void revive() throws IOException {
    space.apply(manifests());
    connect();
  }

  @Override
  public void close() throws IOException {
    disconnect();
  }
}
