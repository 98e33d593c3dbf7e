package io.flinkcluster.operator.flinkrest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BufferTimeoutsTest {

  private static OptionalLong millis(String... keysAndValues) {
    var entries = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      entries.addObject().put("key", keysAndValues[i]).put("value", keysAndValues[i + 1]);
    }
    return BufferTimeouts.millis(entries);
  }

  @ParameterizedTest
  @CsvSource({
    "100 ms, 100", "5ms, 5", "0 ms, 0", "1 s, 1000", "2 min, 120000", "1 m, 60000", "7, 7",
    "500 us, -", "500 µs, 0", "3 seconds, 3000", "2 millis, 2", "PT1S, -", "-1, -", "soon, -",
  })
  void anIntervalIsReadAsFlinkReadsIt(String text, String millis) {
    var expected =
        millis.equals("-") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(millis));
    assertThat(millis("execution.buffer-timeout.interval", text)).isEqualTo(expected);
  }

  @Test
  void switchedOffMeansOnlyFullBuffersWhateverTheInterval() {
    assertThat(
            millis(
                "execution.buffer-timeout.interval",
                "5 ms",
                "execution.buffer-timeout.enabled",
                "false"))
        .hasValue(-1);
  }

  @Test
  void withoutAValueItIsFlinksDefault() {
    assertThat(millis("rest.port", "8081")).hasValue(100);
    assertThat(millis()).hasValue(100);
  }

  @Test
  void theFormerKeyCountsWhereTheNewOneIsMissing() {
    assertThat(millis("execution.buffer-timeout", "9 ms")).hasValue(9);
    assertThat(
            millis("execution.buffer-timeout", "9 ms", "execution.buffer-timeout.interval", "8 ms"))
        .hasValue(8);
  }
}
