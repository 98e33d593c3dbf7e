package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlinkJobTest {
  @ParameterizedTest
  @CsvSource({
    "RUNNING, 3, 0, 3, a",
    "RUNNING, 2, 1, 3, a",
    "RUNNING, 2, 0, 3, ",
    "RUNNING, 0, 3, 3, ",
    "RESTARTING, 3, 0, 3, ",
    "FINISHED, 0, 3, 3, "
  })
  void aJobRunsWhenAllItsTasksDo(String state, int running, int finished, int total, String job) {
    String overview =
        "{'jobs': [{'jid': 'a', 'state': '%s', 'tasks': {'running': %d, 'finished': %d, 'total': %d}}]}";
    assertThat(FlinkJob.running(json(overview.formatted(state, running, finished, total))))
        .isEqualTo(Optional.ofNullable(job));
  }

  @ParameterizedTest
  @CsvSource({"5 7 6, 7", "5 -1, ", "0 5, ", "'', "})
  void itRunsSinceTheLastOfItsTasks(String began, Long since) {
    List<JsonNode> vertices =
        Arrays.stream(began.split(" "))
            .filter(time -> !time.isEmpty())
            .map(time -> json("{'subtasks': [{'timestamps': {'RUNNING': %s}}]}".formatted(time)))
            .toList();
    assertThat(FlinkJob.runningSince(vertices)).isEqualTo(Optional.ofNullable(since));
  }

  @Test
  void itIsNotKnownSinceWhenWhereNothingWasTold() {
    assertThat(FlinkJob.runningSince(List.of(json("{}")))).isEmpty();
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
