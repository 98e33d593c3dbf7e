package io.flinkcluster.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.flinkcluster.operator.api.FlinkCluster;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What doctor finds, from values. */
class DiagnosisTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final String GOOD =
      "flinkVersion: '2.3', image: 'flink:2.3', job: {jarURI: 'local:///a.jar'}, storage: {baseURI:"
          + " 's3://b/f', checkpointInterval: 60s}";
  private static final String WELL =
      "observedGeneration: 1, phase: Running, job: {state: RUNNING, checkpoints: {lastAt:"
          + " '2026-01-01T00:59:30.000Z'}}, conditions: [{type: StateSafe, status: 'True', reason:"
          + " RestorePointKnown, message: safe}]";

  private static List<Finding> findings(String spec, String status, String... pods)
      throws Exception {
    return findings(List.of(), spec, status, pods);
  }

  private static List<Finding> findings(
      List<String> sizers, String spec, String status, String... pods) throws Exception {
    FlinkCluster cluster =
        YAML.readValue(
            "{metadata: {name: a, namespace: shop, generation: 1}, spec: {%s}, status: {%s}}"
                .formatted(spec, status),
            FlinkCluster.class);
    var account =
        new ServiceAccountBuilder()
            .withNewMetadata()
            .addToAnnotations("eks.amazonaws.com/role-arn", "arn")
            .endMetadata()
            .build();
    var read = new java.util.ArrayList<Pod>();
    for (String pod : pods) {
      read.add(YAML.readValue(pod, Pod.class));
    }
    return ClusterDiagnosis.of(
        new ClusterFacts(cluster, Answer.of(account), sizers, List.of(), read, NOW));
  }

  @Test
  void findsNothingWhereNothingIsWrong() throws Exception {
    assertThat(findings(GOOD, WELL)).isEmpty();
  }

  @Test
  void aKeyWhoseSecretStandsInASecretIsFine() throws Exception {
    String keys =
        GOOD + ", flinkConfiguration: {s3.access-key: AKIA, s3.secret-key: '${secret:s3/key}'}";
    assertThat(findings(keys, WELL)).isEmpty();
  }

  private static final String SIZED =
      """
      metadata: {name: %s}
      spec: {scaleTargetRef: {apiVersion: %s, kind: %s, name: %s}}
      """;

  private static HorizontalPodAutoscaler hpa(String name, String api, String kind, String target)
      throws Exception {
    return YAML.readValue(SIZED.formatted(name, api, kind, target), HorizontalPodAutoscaler.class);
  }

  @Test
  void knowsWhichHorizontalPodAutoscalersSetTheSizeOfACluster() throws Exception {
    var all =
        List.of(
            hpa("keda-hpa-a", "flinkcluster.io/v1", "FlinkCluster", "a"),
            hpa("of-another", "flinkcluster.io/v1", "FlinkCluster", "b"),
            hpa("of-a-deployment", "apps/v1", "Deployment", "a"),
            hpa("of-another-group", "example.com/v1", "FlinkCluster", "a"));
    assertThat(DoctorCommand.sizers(all, "a")).containsExactly("keda-hpa-a");
  }

  @Test
  void namesAHorizontalPodAutoscalerBesideAutoscaling() throws Exception {
    String apply = GOOD + ", autoscaling: {mode: Apply, maxReplicas: 4}";
    assertThat(findings(List.of("hpa-1"), apply, WELL))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.level()).isEqualTo(Finding.Level.WARNING);
              assertThat(f.what()).contains("HorizontalPodAutoscaler hpa-1 sets");
            });
    assertThat(findings(List.of("hpa-1"), apply.replace("Apply", "Recommend"), WELL)).isEmpty();
    assertThat(findings(apply, WELL + ", autoscaling: {heldSince: '2026-01-01T00:00:00Z'}"))
        .singleElement()
        .satisfies(f -> assertThat(f.what()).contains("won against autoscaling since"));
    assertThat(findings(apply, WELL)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "image: 'flink:2.3' | image: 'flink' | versions | may be another one tomorrow",
        "image: 'flink:2.3' | image: 'x/flink:1.20-java17' | versions | the tag of the image says",
        "'local:///a.jar' | 'local:///a.jar', upgradeMode: Stateless | state | empty state",
        "'local:///a.jar' | 'local:///a.jar', onDelete: Cancel | state | takes no savepoint",
        "'local:///a.jar' | 'local:///a.jar', allowNonRestoredState: true | state | is dropped",
        "checkpointInterval: 60s | checkpointInterval: 5s | state | the last checkpoint is",
        "checkpointInterval: 60s | checkpointInterval: 60s, savepointInterval: 1h | storage | keeps every savepoint",
        "image: 'flink:2.3' | image: 'flink:2.3', ingress: {host: x} | network | cannot reach the REST port",
        "image: 'flink:2.3' | image: 'flink:2.3', networkPolicy: {enabled: false} | network | any pod can submit",
        "image: 'flink:2.3' | image: 'flink:2.3', flinkConfiguration: {s3.access-key: a} | identity | keys of S3",
        "image: 'flink:2.3' | image: 'flink:2.3', flinkConfiguration: {fs.s3a.access.key: a, fs.s3a.secret.key: b} | identity | keys of S3",
      })
  void findsWhatIsWrongWithASpec(String good, String bad, String area, String words)
      throws Exception {
    assertThat(GOOD).contains(good);
    // 30 s are not too old for an interval of 60 s, and 50 s are for one of 5 s.
    String well = WELL.replace("00:59:30", "00:59:10");
    assertThat(findings(GOOD.replace(good, bad), well))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.area()).isEqualTo(area);
              assertThat(f.what()).contains(words);
              assertThat(f.remedy()).isNotBlank();
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "observedGeneration: 1 | observedGeneration: 0 | operator | has not looked at generation 1",
        "lastAt: | failed: 3, lastAt: | state | 3 checkpoints failed",
        "status: 'True', reason: RestorePointKnown, message: safe | status: 'False', reason: NoCheckpointYet, message: none yet | state | none yet",
        "phase: Running | phase: Running, operations: [{type: Upgrade, result: RolledBack, message: broken}] | spec | RolledBack: broken",
        "state: RUNNING | state: RUNNING, backPressure: {ratio: '0.80', vertex: sink} | state | sink is held up 0.80",
      })
  void findsWhatIsWrongWithAStatus(String good, String bad, String area, String words)
      throws Exception {
    assertThat(WELL).contains(good);
    assertThat(findings(GOOD, WELL.replace(good, bad)))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.area()).isEqualTo(area);
              assertThat(f.what()).contains(words);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'False', reason: NodeRole, message: its node | names arn, and the pods were made without it | restart",
        "'True', reason: WebIdentity, message: 'act as another, by IRSA' | names arn, and the pods | restart",
      })
  void comparesTheServiceAccountWithThePods(String seen, String what, String remedy)
      throws Exception {
    String status = WELL.replace("]", ", {type: CloudIdentityReady, status: " + seen + "}]");
    assertThat(findings(GOOD, status))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.area()).isEqualTo("identity");
              assertThat(f.what()).contains(what);
              assertThat(f.remedy()).contains(remedy);
            });
    String right = "'True', reason: WebIdentity, message: 'act as arn, by IRSA'";
    assertThat(
            findings(
                GOOD, WELL.replace("]", ", {type: CloudIdentityReady, status: " + right + "}]")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "RUNNING | StorageAtRisk | WARNING | see the runbook of StorageAtRisk; it is checked anew at the next start: kubectl flinkcluster restart a",
        "RUNNING | StorageDenied | WARNING | see the runbook of StorageDenied; it is checked anew",
        "CREATED | StorageAtRisk | WARNING | see the runbook of StorageAtRisk",
        "CREATED | StorageDenied | ERROR | see the runbook of StorageDenied",
        "CREATED | StorageUnreachable | ERROR | see the runbook of StorageUnreachable",
      })
  void tellsWhatWasFoundAboutTheDirectories(
      String job, String reason, Finding.Level level, String remedy) throws Exception {
    String condition = ", {type: StorageReady, status: %s, reason: %s, message: \"%s\"}]";
    String well = WELL.replace("RUNNING", job);
    String message = "s3:PutObject on arn is not allowed\\nthe other\\na third";
    assertThat(findings(GOOD, well.replace("]", condition.formatted("'False'", reason, message))))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.area()).isEqualTo("storage");
              assertThat(f.level()).isEqualTo(level);
              assertThat(f.what())
                  .isEqualTo(
                      "s3:PutObject on arn is not allowed (and 2 more lines in the condition)");
              assertThat(f.remedy()).startsWith(remedy);
            });
    assertThat(findings(GOOD, well.replace("]", condition.formatted("'True'", reason, message))))
        .isEmpty();
  }

  @Test
  void findsWhatIsWrongWithPods() throws Exception {
    String killed =
        "{metadata: {name: p}, status: {containerStatuses: [{name: flink, restartCount: 2, lastState:"
            + " {terminated: {reason: OOMKilled}}}]}}";
    assertThat(findings(GOOD, WELL, killed).get(0).remedy()).contains("limits.memory");
    String pull =
        "{metadata: {name: p}, status: {containerStatuses: [{name: flink, restartCount: 0, state:"
            + " {waiting: {reason: ImagePullBackOff, message: no}}}]}}";
    assertThat(findings(GOOD, WELL, pull).get(0).level()).isEqualTo(Finding.Level.ERROR);
    String room =
        "{metadata: {name: p}, status: {conditions: [{type: PodScheduled, status: 'False', reason:"
            + " Unschedulable, message: 0/3 nodes}]}}";
    assertThat(findings(GOOD, WELL, room).get(0).what()).contains("0/3 nodes");
  }

  @Test
  void looksAtTheOperator() {
    var ready =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName("o")
            .withNamespace("ops")
            .addToLabels("app.kubernetes.io/version", "0.1.0")
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .endSpec()
            .withNewStatus()
            .withReadyReplicas(1)
            .endStatus();
    var there = Answer.of(true);
    assertThat(OperatorDiagnosis.of(there, Answer.of(List.of(ready.build())), "0.1.0")).isEmpty();
    assertThat(OperatorDiagnosis.of(there, Answer.of(List.of(ready.build())), "0.2.0"))
        .extracting(Finding::level)
        .containsExactly(Finding.Level.WARNING);
    assertThat(OperatorDiagnosis.of(there, Answer.unknown(), "0.1.0"))
        .extracting(Finding::level)
        .containsExactly(Finding.Level.INFO);
    assertThat(OperatorDiagnosis.of(Answer.of(false), Answer.of(List.of()), "0.1.0")).hasSize(2);
    var broken = ready.withNewStatus().withReadyReplicas(0).endStatus().build();
    assertThat(OperatorDiagnosis.of(there, Answer.of(List.of(broken)), "0.1.0").get(0).what())
        .contains("no pod of the operator is ready");
  }

  @Test
  void tellsTheWorstFirst() {
    String text =
        DoctorCommand.text(
            List.of(
                new Finding(Finding.Level.INFO, "x", "a", "one", "r"),
                new Finding(Finding.Level.ERROR, "x", "a", "two", "r")),
            1);
    assertThat(text.indexOf("two")).isLessThan(text.indexOf("one"));
    assertThat(text).endsWith("1 cluster looked at: 1 error, 0 warnings");
  }
}
