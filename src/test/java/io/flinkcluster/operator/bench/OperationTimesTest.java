package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.api.OperationRecord;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OperationTimesTest {
  @Test
  void aRestart() throws IOException {
    assertThat(
            times(
                """
                {"result": "Succeeded", "downtime": "9.250s", "steps": [
                  {"name": "Preparing", "duration": "1.000s"},
                  {"name": "Savepointing", "duration": "0.500s"},
                  {"name": "Savepointing", "duration": "0.250s"},
                  {"name": "Starting", "duration": "8.000s"},
                  {"name": "Verifying"}]}
                """))
        .isEqualTo(new OperationTimes("Succeeded", 1, 0.75, 9.25, 9.75));
  }

  @Test
  void noRunningJobWasStopped() throws IOException {
    assertThat(times("{\"result\": \"Failed\", \"steps\": []}"))
        .isEqualTo(new OperationTimes("Failed", 0, 0, 0, 0));
  }

  private static OperationTimes times(String json) throws IOException {
    return OperationTimes.of(new ObjectMapper().readValue(json, OperationRecord.class));
  }
}
