package io.flinkcluster.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import org.junit.jupiter.api.Test;

class HighAvailabilityIdsTest {
  private static final ClusterNames NAMES = new ClusterNames("ns", "a");
  private final HighAvailabilityIds ids =
      new HighAvailabilityIds(new ClusterKey("ns", "a", "ours"));

  @Test
  void knowsAllStartsUpToOneAlsoThoseTheStatusHasForgotten() {
    assertThat(ids.isUpTo(NAMES.highAvailability("ours", 1), 12)).isTrue();
    assertThat(ids.isUpTo(NAMES.highAvailability("ours", 12), 12)).isTrue();
    assertThat(ids.isUpTo(NAMES.highAvailability("ours", 13), 12)).isFalse();
  }

  @Test
  void leavesWhatIsOfNoStartOfThisCluster() {
    assertThat(ids.isUpTo(NAMES.highAvailability("theirs", 1), 12)).isFalse();
    assertThat(ids.isUpTo(new ClusterNames("ns", "ab").highAvailability("ours", 1), 12)).isFalse();
    assertThat(ids.isUpTo(NAMES.highAvailabilityOf("ours") + "1-x", 12)).isFalse();
    assertThat(ids.isUpTo(null, 12)).isFalse();
  }
}
