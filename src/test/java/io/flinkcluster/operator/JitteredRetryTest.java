package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JitteredRetryTest {

  @Test
  void theDelayDoublesUpToTwoMinutes() {
    assertThat(delays(0).limit(9))
        .containsExactly(
            1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 120_000L, 120_000L);
  }

  @Test
  void chanceShortensADelayByUpToHalf() {
    assertThat(delays(0.999_999).limit(2)).containsExactly(501L, 1_001L);
  }

  @Test
  void thereIsNoLastAttempt() {
    var execution = new JitteredRetry(() -> 0).initExecution();
    for (int i = 1; i <= 1_000; i++) {
      assertThat(execution.nextDelay()).isPresent();
      assertThat(execution.getAttemptCount()).isEqualTo(i);
      assertThat(execution.isLastAttempt()).isFalse();
    }
  }

  private static Stream<Long> delays(double chance) {
    var execution = new JitteredRetry(() -> chance).initExecution();
    return Stream.generate(() -> execution.nextDelay().orElseThrow());
  }
}
