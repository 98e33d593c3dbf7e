package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.ClusterKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemarkPaceTest {
  private static final ClusterKey KEY = new ClusterKey("n", "c", "uid");
  private Instant now = Instant.EPOCH;

  private RemarkPace pace(int clusters) {
    return new RemarkPace(() -> clusters, () -> now);
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "500, 1000", "1000, 2000", "10000, 10000"})
  void itWaitsSinceItIsThere(int clusters, long millis) {
    RemarkPace pace = pace(clusters);
    assertThat(pace.left(KEY)).isEqualTo(Duration.ofMillis(millis));
    now = now.plusMillis(millis - 1);
    assertThat(pace.left(KEY)).isEqualTo(Duration.ofMillis(1));
    now = now.plusMillis(5);
    assertThat(pace.left(KEY)).isZero();
  }

  @Test
  void whatWasWrittenIsForgotten() {
    RemarkPace pace = pace(1);
    pace.left(KEY);
    now = now.plusMillis(900);
    pace.forget(KEY);
    assertThat(pace.left(KEY)).isEqualTo(Duration.ofSeconds(1));
  }
}
