package io.flinkcluster.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.flinkcluster.operator.api.FlinkCluster;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a cluster, from its resource alone. */
class OutcomeTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

  /** Generation 3, with this status as a YAML flow. */
  private static FlinkCluster cluster(String status) throws Exception {
    return cluster(status, "{}");
  }

  private static FlinkCluster cluster(String status, String annotations) throws Exception {
    return YAML.readValue(
        """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata: {name: a, namespace: shop, generation: 3, annotations: %s}
        spec: {flinkVersion: "2.3", image: "flink:2.3"}
        status: %s
        """
            .formatted(annotations, status),
        FlinkCluster.class);
  }

  private static String condition(String type, String status, String reason, String message) {
    return "{type: %s, status: '%s', reason: %s, message: '%s', lastTransitionTime: '2026-01-01T00:50:00.000Z'}"
        .formatted(type, status, reason, message);
  }

  private static final String READY = condition("Ready", "True", "Running", "runs");
  private static final String NOT_READY = condition("Ready", "False", "Starting", "starts");
  private static final String STALLED = condition("Stalled", "True", "InvalidSpec", "image: no");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // observed, conditions, operation, newest operation | what became of it
        "2 | READY | | | under way",
        "3 | READY | | | true",
        "3 | NOT_READY | | | under way",
        "3 | READY | {type: Rescale, stage: Preparing} | | under way",
        "3 | STALLED | | | false",
        "3 | STALLED | {type: Rescale, stage: Savepointing} | | false",
        "3 | READY | | {type: Rescale, result: Succeeded, toGeneration: 3} | true",
        "3 | NOT_READY | | {type: Rescale, result: RolledBack, toGeneration: 3} | false",
        "3 | READY | | {type: Rescale, result: Abandoned, toGeneration: 3} | false",
        "3 | READY | | {type: Rescale, result: RolledBack, toGeneration: 2} | true",
        "3 | READY | | {type: Rescale, result: Superseded, toGeneration: 3} | true",
      })
  void knowsWhatBecameOfAChange(
      long observed, String conditions, String operation, String newest, String expected)
      throws Exception {
    String given =
        switch (conditions) {
          case "READY" -> READY;
          case "STALLED" -> STALLED;
          default -> NOT_READY;
        };
    String status =
        "{observedGeneration: %d, phase: Running, conditions: [%s]%s%s}"
            .formatted(
                observed,
                given,
                operation == null ? "" : ", operation: " + operation,
                newest == null ? "" : ", operations: [" + newest + "]");
    var outcome = Outcome.ofChange(cluster(status), 3);
    assertThat(outcome.map(o -> Boolean.toString(o.succeeded())).orElse("under way"))
        .isEqualTo(expected);
  }

  @Test
  void knowsWhatBecameOfASavepoint() throws Exception {
    String waiting = "{observedGeneration: 3, phase: Running, actions: {savepoint: other}}";
    assertThat(Outcome.ofSavepoint(cluster(waiting), "t")).isEmpty();
    String served =
        "{observedGeneration: 3, phase: Running, actions: {savepoint: t}, operations: [{type:"
            + " Savepoint, trigger: savepoint token t, result: %s}]}";
    String path = "Succeeded, savepoint: 's3://b/savepoint-1'";
    assertThat(Outcome.ofSavepoint(cluster(served.formatted(path)), "t"))
        .hasValueSatisfying(
            o -> {
              assertThat(o.succeeded()).isTrue();
              assertThat(o.message()).isEqualTo("s3://b/savepoint-1");
            });
    String failed = "Failed, message: no storage";
    assertThat(Outcome.ofSavepoint(cluster(served.formatted(failed)), "t"))
        .hasValueSatisfying(
            o -> {
              assertThat(o.succeeded()).isFalse();
              assertThat(o.message()).contains("no storage");
            });
  }

  private static String next(String status) throws Exception {
    return StatusPage.of(cluster(status), NOW).next();
  }

  @Test
  void saysWhatComesNext() throws Exception {
    String head = "{observedGeneration: 3, conditions: [%s], ";
    assertThat(next("{observedGeneration: 2, phase: Running, conditions: [" + READY + "]}"))
        .contains("has not looked at generation 3");
    assertThat(next(head.formatted(STALLED) + "phase: Running}"))
        .isEqualTo("nothing until you act: image: no");
    assertThat(next(head.formatted(READY) + "phase: Suspended, restorePoint: {path: 's3://b/1'}}"))
        .contains("kubectl flinkcluster resume a continues from s3://b/1");
    assertThat(
            next(
                head.formatted(NOT_READY)
                    + "phase: Changing, operation: {type: Upgrade, stage:"
                    + " Stopping, epoch: 2}}"))
        .contains("the new start begins when no JobManager of an earlier one exists");
    assertThat(next(head.formatted(READY) + "phase: Running}")).isEqualTo("nothing has to be done");
    String paused = "{flinkcluster.io/pause: 'true'}";
    assertThat(
            StatusPage.of(cluster(head.formatted(READY) + "phase: Running}", paused), NOW).next())
        .contains("kubectl annotate flc a flinkcluster.io/pause-");
  }

  @Test
  void everyStageHasItsWords() throws Exception {
    for (var stage : io.flinkcluster.operator.api.OperationStage.values()) {
      String status =
          "{observedGeneration: 3, phase: Changing, conditions: [%s], operation: {type: Upgrade,"
              + " stage: %s, startedAt: '2026-01-01T00:59:00.000Z', trigger: image changed}}";
      StatusPage page = StatusPage.of(cluster(status.formatted(NOT_READY, stage)), NOW);
      assertThat(page.next()).isNotBlank();
      assertThat(page.text(NOW))
          .contains("Changing: Upgrade, " + stage, "image changed", "(60s ago)");
    }
  }

  @Test
  void aClusterThatNobodyLookedAtHasAPage() throws Exception {
    var fresh = cluster("{observedGeneration: -1}");
    assertThat(StatusPage.of(fresh, NOW).text(NOW)).contains("Pending, not ready", "doctor");
  }
}
