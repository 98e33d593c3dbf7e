package io.flinkcluster.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.cli.convert.Conversion;
import io.flinkcluster.operator.cli.convert.Conversions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests written after the public examples of two other operators become ours. */
class ConversionTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/import");

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().toList();
    }
  }

  static List<Conversion> conversions(String file) {
    return Manifest.objects(DIRECTORY.resolve(file).toString()).stream()
        .map(Conversions::of)
        .toList();
  }

  private static Conversion conversion(String file) {
    return conversions(file).get(0);
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void becomesWhatTheOperatorAccepts(Path file) throws IOException {
    for (Conversion conversion : conversions(file.getFileName().toString())) {
      if (conversion.manifest() == null) {
        assertThat(conversion.source()).startsWith("FlinkSessionJob");
        assertThat(conversion.notes()).isNotEmpty();
      } else {
        assertThat(conversion.problems()).as(conversion.source()).isEmpty();
        String yaml = Manifest.yaml(conversion.manifest());
        assertThat(new YAMLMapper().readTree(yaml)).isEqualTo(conversion.manifest());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apache-basic.yaml | /spec/flinkVersion | 1.20",
        "apache-basic.yaml | /spec/taskManager/resources/limits/memory | 2048Mi",
        "apache-basic.yaml | /spec/taskManager/resources/requests/cpu | 1",
        "apache-basic.yaml | /spec/taskManager/taskSlots | 2",
        "apache-basic.yaml | /spec/taskManager/replicas | 1",
        "apache-basic.yaml | /spec/job/parallelism | 2",
        "apache-basic.yaml | /spec/job/maxParallelism | 128",
        "apache-basic.yaml | /spec/job/upgradeMode | Stateless",
        "apache-checkpoint-ha.yaml | /spec/job/upgradeMode | Savepoint",
        "apache-checkpoint-ha.yaml | /spec/storage/checkpoints | file:///flink-data/checkpoints",
        "apache-checkpoint-ha.yaml | /spec/storage/savepoints | file:///flink-data/savepoints",
        "apache-checkpoint-ha.yaml | /spec/storage/highAvailability | file:///flink-data/ha",
        "apache-checkpoint-ha.yaml | /spec/highAvailability/enabled | true",
        "apache-checkpoint-ha.yaml | /spec/podTemplate/spec/containers/0/name | flink",
        "apache-pod-template.yaml | /spec/serviceAccountName | flink",
        "apache-pod-template.yaml | /spec/podTemplate/spec/containers/1/name | fluentbit",
        "apache-pod-template.yaml | /spec/taskManager/podTemplate/spec/initContainers/0/name | busybox",
        "apache-ingress.yaml | /spec/flinkVersion | 1.20",
        "apache-ingress.yaml | /spec/ingress/className | nginx",
        "apache-autoscaling.yaml | /spec/rescale/mode | Auto",
        "apache-autoscaling.yaml | /spec/job/maxParallelism | 24",
        "apache-autoscaling.yaml | /spec/job/upgradeMode | LastCheckpoint",
        "apache-autoscaling.yaml | /spec/storage/checkpointInterval | 1m",
        "apache-reactive.yaml | /spec/rescale/mode | InPlace",
        "apache-python.yaml | /spec/job/args/2 | -py",
        "apache-read-back.yaml | /metadata/namespace | shop",
        "apache-read-back.yaml | /spec/suspend | true",
        "apache-read-back.yaml | /spec/job/initialSavepoint | s3://bucket/savepoints/savepoint-7f21aa",
        "apache-read-back.yaml | /spec/job/maxParallelism | 256",
        "apache-read-back.yaml | /spec/storage/stateBackend | RocksDB",
        "apache-read-back.yaml | /spec/storage/savepointInterval | 6h",
        "apache-read-back.yaml | /spec/storage/savepointHistory/maxCount | 5",
        "apache-read-back.yaml | /spec/bufferTimeout | 5ms",
        "apache-read-back.yaml | /spec/taskManager/replicas | 100",
        "apache-read-back.yaml | /spec/jobManager/resources/limits/memory | 2Gi",
        "apache-read-back.yaml | /spec/flinkConfiguration/taskmanager.memory.managed.fraction | 0.5",
        "k8sio-job.yaml | /spec/job/jarURI | local:///opt/flink/examples/streaming/WordCount.jar",
        "k8sio-job.yaml | /spec/taskManager/replicas | 2",
        "k8sio-job.yaml | /spec/job/upgradeMode | Stateless",
        "k8sio-session.yaml | /spec/taskManager/podTemplate/spec/containers/1/name | sidecar",
        "k8sio-session.yaml | /spec/podTemplate/spec/containers/0/env/0/name | FOO",
        "k8sio-session.yaml | /spec/jobManager/podTemplate/spec/securityContext/runAsUser | 9999",
        "k8sio-streaming.yaml | /spec/ports/rest | 8082",
        "k8sio-streaming.yaml | /spec/ingress/host | flinkstreaming-sample.flink.example.com",
        "k8sio-streaming.yaml | /spec/storage/savepointInterval | 300s",
        "k8sio-streaming.yaml | /spec/secretFiles/0/secretName | gcp-sa",
        "k8sio-streaming.yaml | /spec/job/initialSavepoint | gs://bucket/savepoints/savepoint-1",
        "k8sio-streaming.yaml | /spec/imagePullSecrets/0/name | registry",
      })
  void carries(String file, String path, String value) {
    JsonNode manifest = conversion(file).manifest();
    // Names of options have dots, and none of ours has a slash.
    assertThat(manifest.at(path).asText()).as(Manifest.yaml(manifest)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apache-basic.yaml | pipeline.max-parallelism",
        "apache-ingress.yaml | spec.flinkVersion",
        "apache-ingress.yaml | spec.ingress.template",
        "apache-ingress.yaml | spec.ingress",
        "apache-autoscaling.yaml | spec.flinkConfiguration.kubernetes.operator.job.autoscaler.enabled",
        "apache-read-back.yaml | spec.restartNonce",
        "apache-read-back.yaml | status.jobStatus",
        "apache-read-back.yaml | flinkConfiguration.kubernetes.jobmanager.cpu.limit-factor",
        "k8sio-job.yaml | spec.job.savepointsDir",
        "k8sio-session.yaml | spec.jobManager.accessScope",
        "k8sio-remote-jar.yaml | spec.job.cleanupPolicy",
        "k8sio-remote-jar.yaml | spec.job.restartPolicy",
        "k8sio-streaming.yaml | spec.jobManager.memoryOffHeapRatio",
        "k8sio-streaming.yaml | spec.logConfig.log4j-cli.properties",
      })
  void tellsWhatIsDifferent(String file, String field) {
    assertThat(conversion(file).notes()).extracting(Conversion.Note::field).contains(field);
  }

  @Test
  void aStatefulJobWithoutAPlaceForItsStateIsNotMadeStateless() {
    JsonNode resource = Manifest.objects(DIRECTORY.resolve("apache-basic.yaml").toString()).get(0);
    ((com.fasterxml.jackson.databind.node.ObjectNode) resource.at("/spec/job"))
        .put("upgradeMode", "savepoint");
    Conversion conversion = Conversions.of(resource);
    assertThat(conversion.manifest().at("/spec/job/upgradeMode").asText()).isEqualTo("Savepoint");
    assertThat(conversion.usable()).isFalse();
    assertThat(conversion.problems()).anyMatch(p -> p.contains("storage"));
  }
}
