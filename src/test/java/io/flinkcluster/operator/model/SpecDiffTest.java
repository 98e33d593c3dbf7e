package io.flinkcluster.operator.model;

import static io.flinkcluster.operator.admit.Resource.checked;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecDiffTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{suspend: true}",
        "{ingress: {host: h}}",
        "{networkPolicy: {enabled: false}}",
        "{changeTimeout: 1h}",
        "{rollback: false}",
        "{job: {onDelete: Cancel}}",
        "{job: {initialSavepoint: 's3://b/s'}}",
        "{job: {upgradeMode: Stateless}}",
        "{job: {allowNonRestoredState: true}}",
        "{taskManager: {replicas: 1, taskSlots: 1}}",
        "{ports: {rest: 8081}}",
        "{job: {maxParallelism: 720, parallelism: 1, args: []}}",
        "{highAvailability: {enabled: false}}",
        "{storage: {stateBackend: HashMap, checkpointInterval: 60s}}",
        "{storage: {baseURI: 's3://bucket/flink/'}}",
        "{storage: {baseURI: null, checkpoints: 's3://bucket/flink/demo/wordcount/checkpoints',"
            + " savepoints: 's3://bucket/flink/demo/wordcount/savepoints', highAvailability:"
            + " 's3://bucket/flink/demo/wordcount/ha'}}",
        "{bufferTimeout: 100}",
        "{podTemplate: {}}",
        "{flinkConfiguration: {}}"
      })
  void whatTouchesNothingThatRunsKeepsTheFingerprint(String change) {
    assertThat(checked(change).fingerprint()).isEqualTo(checked("{}").fingerprint());
    assertThat(SpecDiff.between(checked("{}"), checked(change))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {image: "flink:x"}                    | RESTART | image flink:2.3 → flink:x
          {bufferTimeout: 5ms}                  | RESTART | bufferTimeout 5 added
          {ports: {rest: 8082}}                 | RESTART | ports.rest 8081 → 8082
          {taskManager: {replicas: 2}}          | RESIZE | job.parallelism 1 → 2, taskManager.replicas 1 → 2
          {taskManager: {taskSlots: 2}}         | RESCALE | job.parallelism 1 → 2, taskManager.taskSlots 1 → 2
          {taskManager: {replicas: 2}, image: x} | RESTART | image flink:2.3 → x, job.parallelism 1 → 2, taskManager.replicas 1 → 2
          {job: {args: [--password, hunter2]}}  | RESTART | job.args changed
          {flinkConfiguration: {a.b: hunter2}}  | RESTART | flinkConfiguration.a.b added
          {podTemplate: {spec: {priorityClassName: x}}} | RESTART | podTemplate added
          {job: {parallelism: 1}, taskManager: {replicas: 2}} | RESIZE | taskManager.replicas 1 → 2
          {rescale: {mode: Auto}}               | RESTART | rescale.scheduler adaptive added
          {storage: {checkpointInterval: 5s}}   | RESTART | storage.checkpointInterval 60s → 5s
          """)
  void whatNeedsARestartIsNamedWithoutSecrets(String change, SpecDiff.Kind kind, String summary) {
    var difference = SpecDiff.between(checked("{}"), checked(change)).orElseThrow();

    assertThat(difference.kind()).isEqualTo(kind);
    assertThat(difference.summary()).isEqualTo(summary);
    assertThat(checked(change).fingerprint()).isNotEqualTo(checked("{}").fingerprint());
  }

  @Test
  void aSessionClusterTakesTaskManagersWhileItRuns() {
    var session = "{job: null, storage: null}";

    assertThat(checked(session, "{taskManager: {replicas: 5}}").fingerprint())
        .isEqualTo(checked(session).fingerprint());
  }

  @Test
  void theTwoWaysInPlaceAreTheSameConfiguration() {
    assertThat(checked("{rescale: {mode: Auto}}").fingerprint())
        .isEqualTo(checked("{rescale: {mode: InPlace}}").fingerprint());
    assertThat(checked("{job: null, storage: null, rescale: {mode: Auto}}").fingerprint())
        .isEqualTo(checked("{job: null, storage: null}").fingerprint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{job: {parallelism: 1}}", "{rescale: {mode: Auto}}"})
  void aClusterThatWasResizedIsTheOneThatWasAskedForSo(String spec) {
    var wanted = checked(spec, "{taskManager: {replicas: 3}, job: {parallelism: 2}}");

    var resized = checked(spec).resized(7, 2, 3);

    assertThat(resized.fingerprint()).isEqualTo(wanted.fingerprint());
    assertThat(resized.generation()).isEqualTo(7);
    assertThat(SpecDiff.between(resized, wanted)).isEmpty();
  }

  @Test
  void equalQuantitiesAreNoDifference() {
    assertThat(checked("{taskManager: {resources: {limits: {memory: 2048Mi, cpu: '0.5'}}}}"))
        .extracting(CheckedCluster::fingerprint)
        .isEqualTo(
            checked("{taskManager: {resources: {limits: {memory: 2Gi, cpu: 500m}}}}")
                .fingerprint());
  }

  @Test
  void theOrderOfATemplateIsNoDifference() {
    assertThat(checked("{podTemplate: {spec: {priorityClassName: x, nodeName: y}}}").fingerprint())
        .isEqualTo(
            checked("{podTemplate: {spec: {nodeName: y, priorityClassName: x}}}").fingerprint());
  }

  @Test
  void aSpecThatIsWrittenAndReadBackIsTheSameCluster() {
    var cluster =
        checked(
            "{bufferTimeout: 5ms, podTemplate: {spec: {nodeName: y}}, taskManager: {resources:"
                + " {limits: {memory: 2Gi}}}}");

    assertThat(SpecJson.write(SpecJson.read(SpecJson.write(cluster.spec()))))
        .isEqualTo(SpecJson.write(cluster.spec()));
  }
}
