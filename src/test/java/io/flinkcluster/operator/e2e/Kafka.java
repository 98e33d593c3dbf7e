package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.e2e.exactlyonce.GroupLag;
import io.flinkcluster.operator.e2e.exactlyonce.JobJar;
import io.flinkcluster.operator.e2e.exactlyonce.Output;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A real Kafka of one process in a namespace, records that come into it at a wanted rate, and what
 * a job that reads them has committed.
 */
final class Kafka {
  private static final Path LIBRARIES = Path.of("target", "kafka").toAbsolutePath();

  /** Flink's connector for a version of Flink. */
  private static final Map<String, String> CONNECTORS =
      Map.of("1.20", "3.4.0-1.20", "2.3", "5.0.0-2.2");

  private static final String COPY =
      "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

  private final E2eNamespace space;

  private Kafka(E2eNamespace space) {
    this.space = space;
  }

  /**
   * Starts it, with the connector for this Flink; nothing comes in yet. The job is {@code
   * /data/job.jar} of the claim data.
   */
  static Kafka start(E2eNamespace space, String version) {
    Shell.ok(
        OperatorImage.maven(),
        "-q",
        "-B",
        "-f",
        "src/test/kafka/pom.xml",
        COPY,
        "-DoutputDirectory=" + LIBRARIES);
    Path job = job(version);
    Path tar = LIBRARIES.resolveSibling("kafka.tar");
    String name = LIBRARIES.getFileName().toString();
    Shell.ok("tar", "-cf", tar.toString(), "-C", LIBRARIES.getParent().toString(), name);
    var kafka = new Kafka(space);
    space.apply(Templates.read("kafka", "kafka", version));
    space.kubectl().ok("wait", "pod/reader", "--for=condition=Ready", "--timeout=120s");
    kafka.put(job, "cat >/data/job.jar");
    kafka.put(tar, "tar -xf - -C /data && touch /data/complete");
    space.kubectl().ok("wait", "pod/kafka", "--for=condition=Ready", "--timeout=180s");
    return kafka;
  }

  private void put(Path file, String script) {
    var result =
        space.kubectl().runWithFile(file, "exec", "-i", "reader", "--", "bash", "-c", script);
    assertThat(result.code()).as(result.output()).isZero();
  }

  /** So many records a second come into the topic of eight partitions from now on. */
  void rate(int perSecond) {
    write("rate", String.valueOf(perSecond));
  }

  /**
   * What comes in from now on where two topics are read.
   *
   * @param first records a second, all into the first of the eight partitions of the one
   * @param other records a second into the only partition of the other
   */
  void rates(int first, int other) {
    write("rate", first + " 0");
    write("rate-other", String.valueOf(other));
  }

  private void write(String file, String text) {
    space
        .kubectl()
        .ok("exec", "reader", "--", "bash", "-c", "echo '%s' >/data/%s".formatted(text, file));
  }

  /** What the job has not read yet, by topic, as the broker tells it; empty: none was read. */
  Map<String, Long> groupLag() {
    String java =
        "java -Xmx64m -XX:TieredStopAtLevel=1 -cp '/data/kafka/*:/data/job.jar' %s kafka:9092"
            .formatted(GroupLag.class.getName());
    return space
        .kubectl()
        .ok("exec", "kafka", "-c", "feeding", "--", "bash", "-c", java + " 2>/dev/null")
        .lines()
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
  }

  /** Reading it checks that nothing is there twice, and that the counters fit. */
  Output output() {
    return new Output(
        space.kubectl().ok("exec", "reader", "--", "bash", "-c", "cat /data/out/*.done"));
  }

  /** The job with the connector and Kafka's client in one jar. */
  private static Path job(String version) {
    Path libraries = LIBRARIES.resolveSibling("kafka-connector-" + version);
    Shell.ok(
        OperatorImage.maven(),
        "-q",
        "-B",
        "-f",
        "src/test/kafka/connector/pom.xml",
        COPY,
        "-Dconnector=" + CONNECTORS.get(version),
        "-DincludeArtifactIds=flink-connector-kafka,kafka-clients",
        "-DoutputDirectory=" + libraries);
    Path job = LIBRARIES.resolveSibling("kafka-job-" + version + ".jar");
    var names = new HashSet<String>();
    try (var out = new ZipOutputStream(Files.newOutputStream(job));
        Stream<Path> jars = Files.list(libraries)) {
      add(new ByteArrayInputStream(JobJar.bytes()), names, out);
      for (Path jar : jars.sorted().toList()) {
        add(Files.newInputStream(jar), names, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return job;
  }

  private static void add(InputStream jar, Set<String> names, ZipOutputStream out)
      throws IOException {
    try (var in = new ZipInputStream(jar)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isDirectory() && names.add(entry.getName())) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          in.transferTo(out);
        }
      }
    }
  }
}
