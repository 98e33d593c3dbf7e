package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.observe.Target.Pace;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
  @ParameterizedTest
  @CsvSource({
    "FAST, 0, 0, 400",
    "FAST, 0, 100, 400",
    "FAST, 0, 1000, 4000",
    "FAST, 1, 1, 800",
    "FAST, 100, 1, 800",
    "FASTEST, 0, 1, 100",
    "FASTEST, 3, 1, 800",
    "FASTEST, 0, 1000, 4000",
    "SLOW, 0, 2500, 5000",
    "SLOW, 0, 5000, 10000",
    "SLOW, 9, 1, 12000",
    "SLOW, 0, 10000, 20000",
    "SLOW, 9, 20000, 40000"
  })
  void manyClustersShareTheLooks(Pace pace, int failures, int crowd, long pause) {
    assertThat(pace.pauseMillis(failures, crowd)).isEqualTo(pause);
  }

  @Test
  void thePollerCountsTheClustersAtEachPace() {
    try (var poller = new FlinkPoller(new FakeFlink(), Clock.systemUTC(), key -> {})) {
      for (int i = 0; i < 5; i++) {
        Pace pace = i < 3 ? Pace.FAST : Pace.SLOW;
        var target =
            new Target(1, new Address("jm-" + i, 8081), Optional.empty(), Optional.empty(), pace);
        poller.watch(new ClusterKey("ns", "c" + i, "u"), target);
      }
      await().until(() -> poller.crowd(Pace.FAST) == 3 && poller.crowd(Pace.SLOW) == 2);
      poller.forget(new ClusterKey("ns", "c0", "u"));
      await().until(() -> poller.crowd(Pace.FAST) == 2);
      assertThat(poller.crowd(Pace.FASTEST)).isZero();
    }
  }
}
