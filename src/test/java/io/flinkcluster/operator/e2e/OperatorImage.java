package io.flinkcluster.operator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operator's image as Jib builds it from what was just compiled.
 *
 * @param tar a docker-archive
 * @param tag changes with the content
 */
record OperatorImage(Path tar, String tag) {
  private static final Path CLASSES = Path.of("target", "classes");

  /**
   * Builds it by a Maven of its own, with the one that runs the tests.
   *
   * @param arguments for Jib
   */
  static OperatorImage build(List<String> arguments) {
    String tag = "e2e-" + hash();
    var command = new ArrayList<>(List.of(maven(), "-q", "-B", "jib:buildTar"));
    command.add("-Dimage.name=flinkcluster-operator:" + tag);
    command.addAll(arguments);
    Shell.Result result = Shell.run(command.toArray(String[]::new));
    if (result.code() != 0) {
      throw new IllegalStateException("the operator's image cannot be built\n" + result.output());
    }
    return new OperatorImage(Path.of("target", "jib-image.tar"), tag);
  }

  /** The program that runs the tests. */
  static String maven() {
    Path running = Path.of(System.getProperty("e2e.maven.home", "")).resolve("bin/mvn");
    return Files.isExecutable(running) ? running.toAbsolutePath().toString() : "mvn";
  }

  private static String hash() {
    try (Stream<Path> files =
        Stream.concat(Stream.of(Path.of("pom.xml")), Files.walk(CLASSES)).sorted()) {
      var digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digest.update(file.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
