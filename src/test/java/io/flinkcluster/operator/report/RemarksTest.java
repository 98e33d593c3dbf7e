package io.flinkcluster.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemarksTest {
  private static final String STATUS =
      """
      observedGeneration: 1
      phase: Changing
      conditions:
      - {type: Ready, status: "False", reason: OperationInProgress, message: m}
      - {type: CloudIdentityReady, status: "False", reason: NodeRole, message: m}
      job: {id: j, state: RUNNING, restarts: 0}
      jobManager: {address: a, ready: false}
      taskManagers: {wanted: 2, ready: 1, replicas: 2, slots: 1}
      operation: {id: o, stage: Starting, rule: WaitForPods}
      launch: {epoch: 2, fingerprint: f}
      """;

  private static FlinkClusterStatus status(String yaml) throws JsonProcessingException {
    return new YAMLMapper().readValue(yaml, FlinkClusterStatus.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'rule: WaitForPods', 'rule: WaitForTasks'",
    "'ready: false', 'ready: true'",
    "'ready: 1, replicas: 2, slots: 1', 'ready: 2, replicas: 2, slots: 2'",
    "'reason: NodeRole', 'reason: NoPods'",
    "'launch:', 'configuration: {configMap: c}\nlaunch:'"
  })
  void whatIsToldInPassing(String what, String now) throws JsonProcessingException {
    String after = STATUS.replace(what, now);
    assertThat(after).isNotEqualTo(STATUS);
    assertThat(Remarks.only(status(STATUS), status(after))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'phase: Changing', 'phase: Running'",
    "'observedGeneration: 1', 'observedGeneration: 2'",
    "'reason: OperationInProgress', 'reason: JobLost'",
    "'state: RUNNING', 'state: FAILED'",
    "'restarts: 0', 'restarts: 1'",
    "'stage: Starting', 'stage: Verifying'",
    "'id: o', 'id: p'",
    "'epoch: 2', 'epoch: 3'",
    "'launch:', 'restorePoint: {path: p}\nlaunch:'"
  })
  void allElseIsNews(String what, String now) throws JsonProcessingException {
    String after = STATUS.replace(what, now).replace("ready: false", "ready: true");
    assertThat(Remarks.only(status(STATUS), status(after))).isFalse();
  }

  @Test
  void nothingNewIsNoRemarkAndWithoutAStatusAllIsNews() throws JsonProcessingException {
    assertThat(Remarks.only(status(STATUS), status(STATUS))).isFalse();
    assertThat(Remarks.only(null, status(STATUS))).isFalse();
  }
}
