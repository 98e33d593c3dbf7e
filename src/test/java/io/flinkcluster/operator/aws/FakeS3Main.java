package io.flinkcluster.operator.aws;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Runs it in a pod, reachable by the pods around it; needs nothing but a Java runtime. */
public final class FakeS3Main {

  private FakeS3Main() {}

  /**
   * Serves until it is killed.
   *
   * @param args port, bucket, and a directory whose files are put into the bucket
   */
  public static void main(String[] args) throws IOException {
    var s3 = new FakeS3(new InetSocketAddress(Integer.parseInt(args[0])));
    try (Stream<Path> files = Files.list(Path.of(args[2]))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        s3.put(args[1] + "/" + file.getFileName(), Files.readAllBytes(file));
      }
    }
  }
}
