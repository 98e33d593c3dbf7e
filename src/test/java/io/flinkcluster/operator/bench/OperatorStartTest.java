package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OperatorStartTest {
  @Test
  void theFirstObjectThatWasApplied() {
    String log =
        """
        OpenJDK 64-Bit Server VM warning: something
        {"timestamp": 5, "formattedMessage": "not applying anything"}
        {"timestamp": 7, "formattedMessage": "applying ConfigMap a"}
        {"timestamp": 9, "formattedMessage": "applying Service a"}
        """;
    assertThat(OperatorStart.firstWrite(log)).hasValue(7);
    assertThat(OperatorStart.firstWrite("")).isEmpty();
  }
}
