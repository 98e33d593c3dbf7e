package io.flinkcluster.operator.testcluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real S3 server on loopback, with signatures, users and bucket policies: versitygw, which keeps
 * objects as files in a directory. Built from its Go module once, by {@code dev/checks/build}.
 */
public final class S3Server implements AutoCloseable {
  /** The user whose rights bucket policies give. */
  public static final String USER = "jobs";

  public static final String USER_SECRET = "secret-of-jobs";
  public static final String REGION = "eu-central-1";

  private static final String ROOT = "root";
  private static final String ROOT_SECRET = "secret-of-root";

  private final int port;
  private final ChildProcess process;
  private final S3Client root;

  private S3Server(int port, ChildProcess process) {
    this.port = port;
    this.process = process;
    this.root = client();
  }

  /**
   * Starts one.
   *
   * @param dir an empty directory for all that it writes
   */
  public static S3Server start(Path dir) throws IOException, InterruptedException {
    Path users = Files.createDirectories(dir.resolve("users"));
    Files.writeString(
        users.resolve("users.json"),
        """
        {"accessAccounts": {"%s": {"access": "%s", "secret": "%s", "role": "user"}}}
        """
            .formatted(USER, USER, USER_SECRET));
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    ChildProcess process =
        ChildProcess.start(
            Files.createDirectories(dir.resolve("logs")),
            Checks.built("versitygw"),
            List.of(
                "--port",
                "127.0.0.1:" + port,
                "--access",
                ROOT,
                "--secret",
                ROOT_SECRET,
                "--region",
                REGION,
                "--iam-dir",
                users.toString(),
                "posix",
                "--versioning-dir",
                Files.createDirectories(dir.resolve("versions")).toString(),
                "--sidecar",
                Files.createDirectories(dir.resolve("metadata")).toString(),
                Files.createDirectories(dir.resolve("objects")).toString()));
    var server = new S3Server(port, process);
    try {
      Awaitility.await("versitygw listens")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptionsMatching(SdkException.class::isInstance)
          .until(() -> server.root.listBuckets() != null);
    } catch (ConditionTimeoutException e) {
      throw new IOException(process.lastWords(), e);
    }
    return server;
  }

  /** Where it listens. */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** With every right. */
  public S3Client root() {
    return root;
  }

  /**
   * Makes a bucket that gives {@link #USER} what these statements say.
   *
   * @param statements JSON objects without principal and braces, in which {@code BUCKET} stands for
   *     the name
   */
  public void bucket(String name, String... statements) {
    root.createBucket(b -> b.bucket(name));
    policy(name, statements);
  }

  /** Gives the bucket these statements instead of those that it has. */
  public void policy(String name, String... statements) {
    var policy = new StringBuilder();
    for (String statement : statements) {
      policy
          .append(policy.length() == 0 ? "" : ",")
          .append("{\"Principal\": \"" + USER + "\", ")
          .append(statement.replace("BUCKET", name))
          .append("}");
    }
    root.putBucketPolicy(
        p ->
            p.bucket(name)
                .policy("{\"Version\": \"2012-10-17\", \"Statement\": [" + policy + "]}"));
  }

  private S3Client client() {
    try {
      return S3Client.builder()
          .endpointOverride(new URI(endpoint()))
          .region(Region.of(REGION))
          .forcePathStyle(true)
          .httpClientBuilder(UrlConnectionHttpClient.builder())
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create(ROOT, ROOT_SECRET)))
          .build();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    root.close();
    process.close();
  }
}
