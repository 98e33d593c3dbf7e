package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.e2e.exactlyonce.JobJar;
import io.flinkcluster.operator.e2e.exactlyonce.Output;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A real Kafka of one process in a namespace, records that come into it at a wanted rate, and what
 * a job that reads them has committed.
 */
final class Kafka {
  private static final Path LIBRARIES = Path.of("target", "kafka").toAbsolutePath();
  private static final Path JOB = Path.of("target", "kafka-job.jar").toAbsolutePath();

  private final E2eNamespace space;

  private Kafka(E2eNamespace space) {
    this.space = space;
  }

  /** Starts it; nothing comes in yet. The job is {@code /data/job.jar} of the claim data. */
  static Kafka start(E2eNamespace space, String version) {
    Shell.ok(
        OperatorImage.maven(),
        "-q",
        "-B",
        "-f",
        "src/test/kafka/pom.xml",
        "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
        "-DoutputDirectory=" + LIBRARIES);
    job();
    Path tar = LIBRARIES.resolveSibling("kafka.tar");
    String name = LIBRARIES.getFileName().toString();
    Shell.ok("tar", "-cf", tar.toString(), "-C", LIBRARIES.getParent().toString(), name);
    var kafka = new Kafka(space);
    space.apply(Templates.read("kafka", "kafka", version));
    space.kubectl().ok("wait", "pod/reader", "--for=condition=Ready", "--timeout=120s");
    kafka.put(JOB, "cat >/data/job.jar");
    kafka.put(tar, "tar -xf - -C /data && touch /data/complete");
    space.kubectl().ok("wait", "pod/kafka", "--for=condition=Ready", "--timeout=180s");
    return kafka;
  }

  private void put(Path file, String script) {
    var result =
        space.kubectl().runWithFile(file, "exec", "-i", "reader", "--", "bash", "-c", script);
    assertThat(result.code()).as(result.output()).isZero();
  }

  /** So many records a second come in from now on. */
  void rate(int perSecond) {
    space
        .kubectl()
        .ok("exec", "reader", "--", "bash", "-c", "echo %d >/data/rate".formatted(perSecond));
  }

  /** Reading it checks that nothing is there twice, and that the counters fit. */
  Output output() {
    return new Output(
        space.kubectl().ok("exec", "reader", "--", "bash", "-c", "cat /data/out/*.done"));
  }

  /** The job with the connector and Kafka's client in one jar. */
  private static void job() {
    var names = new HashSet<String>();
    try (var out = new ZipOutputStream(Files.newOutputStream(JOB))) {
      add(new ByteArrayInputStream(JobJar.bytes()), names, out);
      for (Class<?> one : Set.of(KafkaSource.class, KafkaProducer.class)) {
        Path jar = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        add(Files.newInputStream(jar), names, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
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
