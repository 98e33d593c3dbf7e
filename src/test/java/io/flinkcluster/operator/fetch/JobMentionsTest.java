package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobMentionsTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final Map<String, Long> STARTS = Map.of(ID, 7L);

  private static Set<Long> in(String text) throws IOException {
    return JobMentions.in(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), STARTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ID,
        "s3://bucket/" + ID + "/shared/f",
        "abcabc" + ID, // what is before it may be hex as well
        ID + "0123",
        "\u0000\u0001" + ID + "\u0000"
      })
  void anIdIsFoundWhateverIsAroundIt(String text) throws IOException {
    assertThat(in(text)).containsExactly(7L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0123456789abcdef",
        "0123456789abcdef-0123456789abcdef",
        "0123456789ABCDEF0123456789ABCDEF"
      })
  void andNothingElseIs(String text) throws IOException {
    assertThat(in(text)).isEmpty();
  }

  @Test
  void anIdThatLiesAcrossTheEndOfWhatIsReadAtOnceIsFound() throws IOException {
    for (int before : new int[] {65535, 65520, 65505, 65504}) {
      assertThat(in("/".repeat(before) + ID)).as("after %d bytes", before).containsExactly(7L);
    }
  }
}
