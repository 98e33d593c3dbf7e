package io.flinkcluster.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private static final String STATUS =
      """
      observedGeneration: 1
      phase: Running
      job:
        id: j
        state: RUNNING
        restarts: 0
        checkpoints: {completed: 1, failed: 0, lastPath: "s3://b/j/chk-1", lastAt: "t1"}
      restorePoint: {type: Checkpoint, path: "s3://b/j/chk-1", jobId: j, takenAt: "t1"}
      """;

  private static final String NEXT =
      STATUS.replace("chk-1", "chk-2").replace("t1", "t2").replace("completed: 1", "completed: 2");

  private static FlinkClusterStatus status(String yaml) {
    try {
      return new ObjectMapper(new YAMLFactory()).readValue(yaml, FlinkClusterStatus.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void anotherCheckpointOfTheSameJobIsProgress() {
    assertThat(Progress.only(status(STATUS), status(NEXT))).isTrue();
    assertThat(Progress.only(status(STATUS), status(STATUS.replace("failed: 0", "failed: 1"))))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'state: RUNNING', 'state: FAILED'",
    "'restarts: 0', 'restarts: 1'",
    "'phase: Running', 'phase: Failed'",
    "'observedGeneration: 1', 'observedGeneration: 2'",
    "'jobId: j', 'jobId: k'",
    "'type: Checkpoint', 'type: Savepoint'"
  })
  void allElseIsNews(String what, String now) {
    assertThat(Progress.only(status(STATUS), status(NEXT.replace(what, now)))).isFalse();
  }

  @Test
  void theFirstCheckpointIsNews() {
    String none = STATUS.replaceAll("(?m)^restorePoint.*$", "");
    assertThat(Progress.only(status(none), status(STATUS))).isFalse();
    assertThat(Progress.only(status(STATUS), status(none))).isFalse();
    assertThat(Progress.only(null, status(STATUS))).isFalse();
    assertThat(Progress.only(status("phase: Running"), status(STATUS))).isFalse();
  }
}
