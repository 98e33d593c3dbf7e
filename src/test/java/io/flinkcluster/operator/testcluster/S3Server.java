package io.flinkcluster.operator.testcluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
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

  private final int port;
  private final ChildProcess process;
  private final S3Root root;

  private S3Server(int port, ChildProcess process) {
    this.port = port;
    this.process = process;
    this.root = new S3Root(endpoint(), REGION);
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
                S3Root.KEY,
                "--secret",
                S3Root.SECRET,
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
          .until(() -> server.root.client().listBuckets() != null);
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
    return root.client();
  }

  /** See {@link S3Root#bucket}. */
  public void bucket(String name, String... statements) {
    root.bucket(name, statements);
  }

  /** See {@link S3Root#policy}. */
  public void policy(String name, String... statements) {
    root.policy(name, statements);
  }

  @Override
  public void close() throws IOException {
    root.close();
    process.close();
  }
}
